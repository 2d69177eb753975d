package import Foundation
internal import JSON

/// Reads whole files into memory of their own, so that later changes to the file have no effect, unlike in a mapping.
package enum PlainFile {
    /// - Parameters:
    ///   - limit: in bytes; a longer file is refused before it is read.
    ///   - refusal: the error for a file that is too long, made from its number of bytes.
    /// - Throws: `.unreadable`, `.notRegular`, the refusal; by default `.notJSON` with `.tooLarge`.
    package static func bytes(
        of url: URL, limit: Int, refusal: ((Int) -> CheckpointError)? = nil
    ) throws(CheckpointError) -> [UInt8] {
        // Without O_NONBLOCK, opening a pipe would wait for a writer.
        try bytes(reading: Foundation.open(url.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), url, limit: limit, refusal: refusal)
    }

    /// The file at a path in a folder, following no link.
    ///
    /// - Parameter path: names of folders and the file; none leads out of the folder.
    /// - Throws: as above.
    package static func bytes(in folder: URL, _ path: [String], limit: Int) throws(CheckpointError) -> [UInt8] {
        let url = path.reduce(folder) { $0.appendingPathComponent($1) }
        return try bytes(reading: open(path, in: folder, url), url, limit: limit)
    }

    /// The first bytes of a file in a folder, or all if it has fewer; no link is followed.
    package static func head(in folder: URL, _ name: String, byteCount: Int) throws(CheckpointError) -> [UInt8] {
        let url = folder.appendingPathComponent(name)
        return try bytes(reading: open([name], in: folder, url), url, limit: .max, most: byteCount)
    }

    /// Part of a file, following links, and the number of bytes that the whole file has.
    ///
    /// - Parameter range: the part of it that is after the end of the file is left out.
    /// - Throws: `.unreadable`, `.notRegular`.
    package static func bytes(of url: URL, in range: Range<Int>) throws(CheckpointError) -> (bytes: [UInt8], byteCount: Int) {
        let descriptor = Foundation.open(url.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable(file: url, reason: .last) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unreadable(file: url, reason: .last) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular(file: url) }
        let size = range.clamped(to: 0..<Int(status.st_size)).count
        var filled = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while filled < size {
                let length = pread(descriptor, buffer.baseAddress! + filled, size - filled, off_t(range.lowerBound + filled))
                if length > 0 { filled += length } else if length == 0 || errno != EINTR { break }
            }
            count = filled
        }
        return (bytes, Int(status.st_size))
    }

    private static func open(_ path: [String], in folder: URL, _ url: URL) throws(CheckpointError) -> Int32 {
        var descriptor = Foundation.open(folder.path, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        for (depth, name) in path.enumerated() where descriptor >= 0 {
            precondition(name != "." && name != ".." && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }, "\(name) is not a name")
            let isLast = depth == path.count - 1
            let next = openat(
                descriptor, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | (isLast ? O_NONBLOCK : O_DIRECTORY))
            let reason = errno
            close(descriptor)
            errno = reason
            descriptor = next
        }
        // Refusing to follow a link has no error code of its own.
        if descriptor < 0, errno == ELOOP { throw .notRegular(file: url) }
        return descriptor
    }

    /// Closes the descriptor; a negative one is an `open` that failed.
    private static func bytes(
        reading descriptor: Int32, _ url: URL, limit: Int, most: Int = .max, refusal: ((Int) -> CheckpointError)? = nil
    ) throws(CheckpointError) -> [UInt8] {
        guard descriptor >= 0 else { throw .unreadable(file: url, reason: SystemError(code: errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unreadable(file: url, reason: SystemError(code: errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular(file: url) }
        guard Int(status.st_size) <= limit else {
            throw refusal?(Int(status.st_size)) ?? .notJSON(file: url, fault: JSONFault(.tooLarge(byteCount: Int(status.st_size), limit: limit), at: limit))
        }
        let size = min(Int(status.st_size), most)
        var filled = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while filled < size {
                let length = read(descriptor, buffer.baseAddress! + filled, size - filled)
                if length > 0 { filled += length } else if length == 0 || errno != EINTR { break }
            }
            count = filled
        }
        guard filled == size else { throw .unreadable(file: url, reason: SystemError(code: EIO)) }
        return bytes
    }
}
