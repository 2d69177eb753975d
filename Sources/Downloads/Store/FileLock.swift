internal import Checkpoints
internal import Foundation

/// A lock that other processes see, huggingface_hub's among them: `flock` on a file that is left in place.
final class FileLock: Sendable {
    private let descriptor: Int32

    private static let pause = Duration.milliseconds(100)

    /// Waits until the lock is free.
    /// - Throws: `.unwritable`, `CancellationError`.
    init(_ file: URL) async throws {
        while true {
            let descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else { throw DownloadError.unwritable(file: file, reason: .last) }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
                var status = stat()
                // A file that has been removed since it was opened locks nobody out.
                if fstat(descriptor, &status) == 0, status.st_nlink > 0 {
                    self.descriptor = descriptor
                    return
                }
            } else if ![EWOULDBLOCK, EINTR].contains(errno) {
                // Some network file systems have no locks; then the rename at the end has to do.
                self.descriptor = descriptor
                return
            }
            close(descriptor)
            try await Task.sleep(for: Self.pause)
        }
    }

    deinit { close(descriptor) }
}

extension SystemError {
    /// What the call that has just failed left in `errno`.
    static var last: SystemError { SystemError(code: errno) }
}
