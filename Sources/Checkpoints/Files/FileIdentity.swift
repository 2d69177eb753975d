package import Foundation

/// A file and its current state: what a cache key needs to notice that the file has changed.
package struct FileIdentity: Sendable, Hashable, Codable {
    /// Absolute, all links resolved.
    package let path: String
    /// In bytes.
    package let size: Int
    /// Nanoseconds since 1970, modulo 2^64 before 1677 and after 2262, so that different times still differ.
    package let modificationTime: Int
    package let inode: UInt64

    /// The current identity of the file that `url` leads to.
    /// - Throws: `.unreadable`.
    package init(of url: URL) throws(CheckpointError) {
        guard let resolved = realpath(url.path, nil) else { throw .unreadable(file: url, reason: .last) }
        defer { free(resolved) }
        var status = stat()
        guard stat(resolved, &status) == 0 else { throw .unreadable(file: url, reason: .last) }
        #if canImport(Darwin)
            let modified = status.st_mtimespec
        #else
            let modified = status.st_mtim
        #endif
        path = String(cString: resolved)
        size = Int(status.st_size)
        modificationTime = Int(modified.tv_sec) &* 1_000_000_000 &+ Int(modified.tv_nsec)
        inode = UInt64(status.st_ino)
    }
}
