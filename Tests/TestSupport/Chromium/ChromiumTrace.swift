internal import Foundation
internal import Synchronization

/// What the browser's own tracing recorded of its busiest page.
package struct ChromiumTrace: Sendable {
    /// How long each task of the page's main thread took, in milliseconds.
    package let tasks: [Double]

    fileprivate struct Event: Decodable, Sendable {
        let name: String
        let pid: Int
        let tid: Int
        /// Microseconds; nil for events without extent.
        let dur: Double?
        let args: Arguments?

        struct Arguments: Decodable, Sendable {
            let name: String?
            init(from decoder: any Decoder) throws {
                name = try? decoder.container(keyedBy: Key.self).decode(String.self, forKey: .name)
            }
            private enum Key: CodingKey { case name }
        }
    }

    fileprivate init(_ events: [Event]) {
        let pages = Set(events.filter { $0.name == "thread_name" && $0.args?.name == "CrRendererMain" }.map { [$0.pid, $0.tid] })
        let tasks = events.filter { $0.name == "ThreadControllerImpl::RunTask" && pages.contains([$0.pid, $0.tid]) }
        let byPage = Dictionary(grouping: tasks) { $0.pid }.mapValues { $0.compactMap { $0.dur.map { $0 / 1000 } } }
        self.tasks = byPage.values.max { $0.reduce(0, +) < $1.reduce(0, +) } ?? []
    }
}

extension Chromium {
    /// Traces what pages do meanwhile.
    package func tracing(_ body: () async throws -> Void) async throws -> ChromiumTrace {
        struct Collected: Decodable { let value: [ChromiumTrace.Event] }
        let collected = Mutex<(events: [ChromiumTrace.Event], isComplete: Bool)>(([], false))
        pipe.onEvent(session: nil) { method, message in
            if method == "Tracing.tracingComplete" { collected.withLock { $0.isComplete = true } }
            guard method == "Tracing.dataCollected",
                let events = try? JSONDecoder().decode(ChromiumEvent<Collected>.self, from: message).params.value
            else { return }
            collected.withLock { $0.events += events }
        }
        defer { pipe.onEvent(session: nil, nil) }
        try await pipe.send(
            "Tracing.start", ["transferMode": "ReportEvents", "traceConfig": ["includedCategories": ["toplevel"]]])
        try await body()
        try await pipe.send("Tracing.end")
        for _ in 0..<ChromiumPipe.secondsLimit * 20 {
            if collected.withLock({ $0.isComplete }) { return ChromiumTrace(collected.withLock { $0.events }) }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw ChromiumError.noAnswer(method: "Tracing.end", seconds: ChromiumPipe.secondsLimit)
    }
}
