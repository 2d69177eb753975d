package import Foundation

extension AtomicFile {
    private static let day = 86_400

    /// Removes the temporary files that killed processes left in a folder: this user's plain files with such names that
    /// nobody is writing. Every write does this in its folder.
    ///
    /// Files that cannot be read or removed stay; a sweep never fails.
    ///
    /// - Parameters:
    ///   - prefix: the names' text before the number of the process and another number.
    ///   - suffix: the names' text after them.
    package static func sweep(_ folder: URL, prefix: String = temporaryPrefix, suffix: String = temporarySuffix) {
        guard let names = try? FolderListing.names(in: folder) else { return }
        for name in names where name.hasPrefix(prefix) && name.hasSuffix(suffix) {
            guard let writer = writer(numbers: name.dropFirst(prefix.count).dropLast(suffix.count)) else { continue }
            let path = folder.appendingPathComponent(name).path
            if isAbandoned(path, by: writer) { unlink(path) }
        }
    }

    /// The process that made a file with these numbers in its name, such as `4711-1234`; nil for other text.
    private static func writer(numbers: Substring) -> pid_t? {
        let numbers = numbers.split(separator: "-", omittingEmptySubsequences: false)
        guard numbers.count == 2, UInt32(numbers[1]) != nil, let process = pid_t(numbers[0]), process > 0 else { return nil }
        return process
    }

    private static func isAbandoned(_ path: String, by writer: pid_t) -> Bool {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid() else { return false }
        // The writer may run on another machine or in another container, where the number belongs to another process.
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK { return false }
        let isGone = kill(writer, 0) != 0 && errno == ESRCH
        return isGone || time(nil) - status.modificationSeconds > day
    }
}

extension stat {
    fileprivate var modificationSeconds: Int {
        #if canImport(Darwin)
            st_mtimespec.tv_sec
        #else
            st_mtim.tv_sec
        #endif
    }
}
