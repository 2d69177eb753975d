package import Foundation

/// A regular file's bytes, mapped read-only for as long as the object lives.
///
/// Many tensors share one mapping and keep it alive. The mapping is private: replacing the file by a rename does not affect it.
/// If the file is shortened in place, reading the missing part kills the process (SIGBUS); so only weights and saved graphs
/// are mapped, and everything small is copied (`PlainFile`).
package final class MappedFile: Sendable {
    package let url: URL
    /// Bytes in the file when it was opened.
    package let byteCount: Int
    /// 0 for an empty file, which cannot be mapped.
    private let address: UInt

    /// Maps the file at `url`, following links.
    /// - Throws: `.unreadable`, `.notRegular`.
    package init(url: URL) throws(CheckpointError) {
        // Without O_NONBLOCK, opening a pipe would wait for a writer.
        let descriptor = open(url.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable(file: url, reason: .last) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unreadable(file: url, reason: .last) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular(file: url) }
        self.url = url
        byteCount = Int(status.st_size)
        guard byteCount > 0 else {
            address = 0
            return
        }
        let mapping = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let mapping, mapping != MAP_FAILED else { throw .unreadable(file: url, reason: .last) }
        address = UInt(bitPattern: mapping)
    }

    deinit {
        if let base = UnsafeMutableRawPointer(bitPattern: address) { munmap(base, byteCount) }
    }

    /// Lends all the bytes; they must not be used after the call unless the file is kept alive.
    package func withBytes<R, E>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try withExtendedLifetime(self) { () throws(E) in
            try body(UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: byteCount))
        }
    }
}
