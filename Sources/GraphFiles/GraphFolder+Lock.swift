internal import Checkpoints
internal import Foundation

extension GraphFolder {
    private static let lockName = ".circuit-tracer.lock"
    private static let patience = Duration.seconds(20)
    private static let pause = Duration.milliseconds(2)
    private static let longestPause = Duration.milliseconds(50)

    /// Keeps other writers, in this process and others, out of a folder as long as it exists.
    package struct Hold: Sendable {
        fileprivate let lock: FileLock
    }

    /// Waits until nobody else writes to the folder, without blocking a thread.
    ///
    /// - Parameter start: when the waiting began.
    /// - Throws: `CheckpointError.unwritable`; `GraphFolderError.locked` 20 seconds after `start`; `CancellationError`.
    package func hold(since start: ContinuousClock.Instant = .now) async throws -> Hold {
        var pause = Self.pause
        while true {
            if let lock = try FileLock.attempt(lockFile) { return Hold(lock: lock) }
            guard ContinuousClock.now - start < Self.patience else { throw GraphFolderError.locked(url) }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, Self.longestPause)
        }
    }

    /// The same, blocking this thread.
    ///
    /// - Throws: `CheckpointError.unwritable`; `GraphFolderError.locked` after 20 seconds; `CancellationError`.
    package func waitToHold() throws -> Hold { Hold(lock: try wait()) }

    /// Runs `body` while nobody else writes to the folder.
    ///
    /// - Parameter hold: of this folder; nil to wait for one, blocking this thread.
    func locked<Result>(_ hold: Hold? = nil, _ body: () throws -> Result) throws -> Result {
        try withExtendedLifetime(hold?.lock ?? wait()) { try body() }
    }

    private func wait() throws -> FileLock {
        guard let lock = try FileLock.wait(for: lockFile, patience: Self.patience, pause: Self.pause) else { throw GraphFolderError.locked(url) }
        return lock
    }

    private var lockFile: URL { url.appendingPathComponent(Self.lockName) }
}
