internal import Checkpoints
internal import Foundation

extension FileLock {
    private static let pause = Duration.milliseconds(100)

    /// Waits until the lock is free.
    ///
    /// - Parameter onWait: called repeatedly while waiting.
    /// - Throws: `.unwritable`, `CancellationError`.
    static func wait(for file: URL, onWait: () -> Void) async throws -> FileLock {
        while true {
            do throws(CheckpointError) {
                if let lock = try attempt(file) { return lock }
            } catch {
                guard case .unwritable(let file, let reason) = error else { throw error }
                throw DownloadError.unwritable(file: file, reason: reason)
            }
            onWait()
            try await Task.sleep(for: pause)
        }
    }
}
