package import Foundation

/// Memory for floats, as long as the object exists. It is not initialized; pages that nobody touched take no room.
package final class FloatMemory: Sendable {
    nonisolated(unsafe) package let base: UnsafeMutablePointer<Float>
    /// The bytes of a mapping; 0 for memory of this process.
    private let mappedBytes: Int

    /// Memory at the start of a cache line.
    package init(count: Int) {
        base = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64).bindMemory(to: Float.self, capacity: count)
        mappedBytes = 0
    }

    convenience init(_ numbers: [Float]) {
        self.init(count: numbers.count)
        base.update(from: numbers, count: numbers.count)
    }

    /// A file in a folder, mapped, which has no name and is gone with the object: for more than fits in memory.
    ///
    /// - Throws: `ScratchError`, also if the disk has too little room.
    package init(count: Int, scratchIn folder: URL) throws(ScratchError) {
        let byteCount = max(count * 4, 1)
        let path = folder.appending(path: ".circuit-tracer-\(UUID().uuidString)-scratch").path
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ScratchError(folder: folder, byteCount: byteCount, code: errno) }
        defer { close(descriptor) }
        unlink(path)
        // The room is taken now: a mapping that cannot grow later would kill the process.
        let failure = Self.reserve(descriptor, byteCount)
        guard failure == 0 else { throw ScratchError(folder: folder, byteCount: byteCount, code: failure) }
        let mapping = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let mapping, mapping != MAP_FAILED else { throw ScratchError(folder: folder, byteCount: byteCount, code: errno) }
        base = mapping.bindMemory(to: Float.self, capacity: count)
        mappedBytes = byteCount
    }

    /// - Returns: 0, or the error's number.
    private static func reserve(_ descriptor: Int32, _ byteCount: Int) -> Int32 {
        #if canImport(Darwin)
            var request = fstore_t(
                fst_flags: UInt32(F_ALLOCATEALL), fst_posmode: F_PEOFPOSMODE, fst_offset: 0, fst_length: off_t(byteCount), fst_bytesalloc: 0)
            if fcntl(descriptor, F_PREALLOCATE, &request) != 0 { return errno }
            return ftruncate(descriptor, off_t(byteCount)) == 0 ? 0 : errno
        #else
            return posix_fallocate(descriptor, 0, off_t(byteCount))
        #endif
    }

    deinit {
        if mappedBytes > 0 { munmap(base, mappedBytes) } else { base.deallocate() }
    }
}

/// Why there is no room on a disk for what does not fit in memory.
package struct ScratchError: Error, CustomStringConvertible {
    package let folder: URL
    package let byteCount: Int
    package let code: Int32

    package var description: String {
        let size = String(format: "%.1f GB", Double(byteCount) / 1e9)
        return "There is no room for a temporary file of \(size) in \(folder.path): \(String(cString: strerror(code))). "
            + "Free some, set XDG_CACHE_HOME to a folder on a larger disk, or ask for fewer nodes with --max-feature-nodes."
    }
}
