internal import Checkpoints
internal import Foundation

extension GraphFolder {
    private static let lockName = ".circuit-tracer.lock"
    private static let patience = Duration.seconds(20)
    private static let pause = Duration.milliseconds(2)
    private static let longestPause = Duration.milliseconds(50)

    /// Keeps other writers, of this and other processes, out of a folder for as long as it lives.
    package struct Hold: Sendable {
        fileprivate let lock: FileLock
    }

    /// Waits until nobody else writes to the folder, and keeps no thread waiting.
    ///
    /// - Parameter start: since when somebody waits for it.
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

    /// The same, and keeps this thread waiting.
    ///
    /// - Throws: `CheckpointError.unwritable`; `GraphFolderError.locked` after 20 seconds; `CancellationError`.
    package func waitToHold() throws -> Hold { Hold(lock: try wait()) }

    /// Runs `body` while nobody else writes to the folder.
    ///
    /// - Parameter hold: of this folder; nil to wait for one here, which keeps this thread.
    func locked<Result>(_ hold: Hold? = nil, _ body: () throws -> Result) throws -> Result {
        try withExtendedLifetime(hold?.lock ?? wait()) { try body() }
    }

    private func wait() throws -> FileLock {
        guard let lock = try FileLock.wait(for: lockFile, patience: Self.patience, pause: Self.pause) else { throw GraphFolderError.locked(url) }
        return lock
    }

    private var lockFile: URL { url.appendingPathComponent(Self.lockName) }
}
