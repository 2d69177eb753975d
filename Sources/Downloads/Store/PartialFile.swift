internal import Checkpoints
internal import Foundation
internal import Synchronization

/// A file that is arriving. It stays when the download is interrupted, and the next one continues at its end.
final class PartialFile: Sendable {
    private let url: URL
    /// In bytes, of the whole.
    private let size: Int
    /// Held while anything could still be written: a piece may be on its way when its request is cancelled.
    private let lock: FileLock
    private let descriptor: Int32
    private let written: Mutex<Int>

    /// How much of a file is hashed at a time.
    private static let readSize = 1 << 20

    /// Opens what is there, or makes a new file.
    /// - Throws: `.unwritable`.
    init(_ url: URL, size: Int, lock: FileLock) throws(DownloadError) {
        let descriptor = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard descriptor >= 0 else { throw .unwritable(file: url, reason: .last) }
        var status = stat()
        fstat(descriptor, &status)
        (self.url, self.size, self.lock, self.descriptor) = (url, size, lock, descriptor)
        written = Mutex(Int(status.st_size))
        // A file longer than the whole is not its beginning.
        if status.st_size > size { try restart() }
    }

    deinit { close(descriptor) }

    /// How many bytes are there.
    var count: Int { written.withLock { $0 } }

    /// Discards what is there.
    func restart() throws(DownloadError) {
        guard ftruncate(descriptor, 0) == 0 else { throw .unwritable(file: url, reason: .last) }
        written.withLock { $0 = 0 }
    }

    /// - Returns: whether it fits the whole; if not, nothing was written.
    func append(_ piece: Data) throws(DownloadError) -> Bool {
        try written.withLock { written throws(DownloadError) in
            guard written + piece.count <= size else { return false }
            if let reason = piece.withUnsafeBytes({ write($0, at: written) }) { throw .unwritable(file: url, reason: reason) }
            written += piece.count
            return true
        }
    }

    /// - Returns: why it failed.
    private func write(_ bytes: UnsafeRawBufferPointer, at start: Int) -> SystemError? {
        var done = 0
        while done < bytes.count {
            let count = pwrite(descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(start + done))
            if count >= 0 { done += count } else if errno != EINTR { return .last }
        }
        return nil
    }

    /// The hash of all that is there, read back from the disk.
    ///
    /// - Parameter onPiece: called after each megabyte.
    /// - Throws: `.unwritable`, `CancellationError`.
    func hash(_ check: Blob.Check, onPiece: () -> Void) async throws -> String {
        var hash = ContentHash(check == .git ? .sha1 : .sha256)
        if check == .git { hash.update("blob \(count)\0") }
        var offset = 0
        var buffer = [UInt8](repeating: 0, count: Self.readSize)
        while true {
            try Task.checkCancellation()
            let count = pread(descriptor, &buffer, buffer.count, off_t(offset))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw DownloadError.unwritable(file: url, reason: .last) }
            if count == 0 { return hash.finished() }
            buffer.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0.prefix(count))) }
            offset += count
            onPiece()
            // Hashing gigabytes takes a while; let other files continue meanwhile.
            await Task.yield()
        }
    }

    /// Renames the whole file, once it is safe on the disk.
    func finish(as blob: URL) throws(DownloadError) {
        guard fsync(descriptor) == 0, rename(url.path, blob.path) == 0 else { throw .unwritable(file: blob, reason: .last) }
    }

    func delete() { unlink(url.path) }
}
