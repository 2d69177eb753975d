package import Foundation

/// A lock that other processes see, including huggingface_hub's: `flock` on a file that stays in place.
package final class FileLock: Sendable {
    private let descriptor: Int32

    /// Tries once.
    ///
    /// - Returns: nil if somebody else holds it.
    /// - Throws: `.unwritable` if the file cannot be created; a link in its place is refused.
    package static func attempt(_ file: URL) throws(CheckpointError) -> FileLock? {
        let descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw .unwritable(file: file, reason: .last) }
        let lock = FileLock(descriptor)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            // Some network file systems have no locks; then the final rename must suffice.
            return [EWOULDBLOCK, EINTR].contains(errno) ? nil : lock
        }
        var status = stat()
        // A lock on a file that was removed after it was opened has no effect.
        return fstat(descriptor, &status) == 0 && status.st_nlink > 0 ? lock : nil
    }

    /// Waits for the lock, blocking this thread.
    ///
    /// - Returns: nil if somebody else holds it all that time.
    /// - Throws: as `attempt`; `CancellationError`.
    package static func wait(for file: URL, patience: Duration, pause: Duration = .milliseconds(2)) throws -> FileLock? {
        let start = ContinuousClock.now
        while true {
            if let lock = try attempt(file) { return lock }
            guard ContinuousClock.now - start < patience else { return nil }
            try Task.checkCancellation()
            usleep(UInt32(pause / .microseconds(1)))
        }
    }

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }
}
