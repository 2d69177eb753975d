package import Foundation

/// A lock that other processes see, huggingface_hub's among them: `flock` on a file that is left in place.
package final class FileLock: Sendable {
    private let descriptor: Int32

    /// Tries once.
    ///
    /// - Returns: nil where somebody else holds it.
    /// - Throws: `.unwritable` where the file cannot be made; a link in its place is refused.
    package static func attempt(_ file: URL) throws(CheckpointError) -> FileLock? {
        let descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw .unwritable(file: file, reason: .last) }
        let lock = FileLock(descriptor)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            // Some network file systems have no locks; then the rename at the end has to do.
            return [EWOULDBLOCK, EINTR].contains(errno) ? nil : lock
        }
        var status = stat()
        // A file that has been removed since it was opened locks nobody out.
        return fstat(descriptor, &status) == 0 && status.st_nlink > 0 ? lock : nil
    }

    /// Waits for it, and keeps this thread meanwhile.
    ///
    /// - Returns: nil where somebody else holds it all that time.
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
