internal import Checkpoints
internal import Foundation

extension GraphFolder {
    private static let lockName = ".circuit-tracer.lock"
    private static let patience = Duration.seconds(20)
    private static let pause: UInt32 = 2_000  // microseconds

    /// Keeps other writers, of this and other processes, out of the folder for as long as the lock lives.
    /// - Throws: `CheckpointError.unwritable`; `GraphFolderError.locked` after 20 seconds.
    func lock() throws -> FileLock {
        let start = ContinuousClock.now
        while true {
            if let lock = try FileLock.attempt(url.appendingPathComponent(Self.lockName)) { return lock }
            guard ContinuousClock.now - start < Self.patience else { throw GraphFolderError.locked(url) }
            usleep(Self.pause)
        }
    }
}
