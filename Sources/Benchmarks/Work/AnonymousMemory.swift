internal import Foundation
internal import Synchronization

/// The memory that is this process's own: not the mapped files, which the system can drop.
package enum AnonymousMemory {
    /// RssAnon, in bytes; nil where the system does not say.
    package static var now: Int? {
        let lines = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8))?.split(separator: "\n")
        let words = lines?.first { $0.hasPrefix("RssAnon:") }?.split { $0.isWhitespace }
        return words.flatMap { $0.count > 1 ? Int($0[1]) : nil }.map { $0 * 1024 }
    }

    /// The most while some work is done, looked at every 10 ms.
    package static func peak<Result>(during work: () throws -> Result) rethrows -> (result: Result, bytes: Int?) {
        guard let before = now else { return (try work(), nil) }
        let watch = Watch(before)
        Thread { watch.run() }.start()
        defer { watch.end() }
        let result = try work()
        return (result, watch.peak)
    }

    private final class Watch: Sendable {
        private let state: Mutex<(peak: Int, isOver: Bool)>
        private let ended = DispatchSemaphore(value: 0)

        init(_ before: Int) { state = Mutex((before, false)) }

        var peak: Int { state.withLock { $0.peak } }

        func run() {
            while !state.withLock({ $0.isOver }) {
                let bytes = now ?? 0
                state.withLock { $0.peak = max($0.peak, bytes) }
                usleep(10_000)
            }
            ended.signal()
        }

        func end() {
            state.withLock { $0.isOver = true }
            ended.wait()
        }
    }
}
