package import Foundation

/// Writes files completely or not at all: to a temporary file in the same folder, flushed to the disk, then renamed. A
/// reader that has the old file open keeps it; a failure leaves the old file unchanged and no temporary file.
package enum AtomicFile {
    /// A temporary file's name before and after the numbers of the process and of the file.
    package static let temporaryPrefix = ".circuit-tracer-"
    package static let temporarySuffix = ".tmp"

    /// Writes what `body` puts into the sink. A link at `url` is followed, so it continues to point to the file.
    /// - Parameter mode: the permissions of a new file, as far as the process's mask allows; an existing file keeps its own.
    /// - Throws: `.unwritable`, `.notRegular` for a folder or device, and what `body` throws.
    package static func write(
        to url: URL, mode: mode_t = 0o666, _ body: (FileSink) throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        let (target, permissions) = try target(of: url)
        let folder = target.deletingLastPathComponent()
        sweep(folder)
        let temporary = temporary(beside: target)
        let descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw .unwritable(file: url, reason: .last) }
        // Tells a sweep that this file is being written.
        flock(descriptor, LOCK_EX | LOCK_NB)
        if let permissions { fchmod(descriptor, permissions) }
        do throws(CheckpointError) {
            try fill(descriptor, for: url, body)
            guard rename(temporary.path, target.path) == 0 else { throw .unwritable(file: url, reason: .last) }
        } catch {
            unlink(temporary.path)
            throw error
        }
        flushFolder(of: target)
    }

    package static func write(_ bytes: some Sequence<UInt8>, to url: URL, mode: mode_t = 0o666) throws(CheckpointError) {
        try write(to: url, mode: mode) { sink throws(CheckpointError) in try sink.write(Array(bytes)) }
    }

    /// Writes, flushes and closes the file of `descriptor`.
    private static func fill(
        _ descriptor: Int32, for url: URL, _ body: (FileSink) throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        let sink = FileSink(descriptor: descriptor, url: url)
        do throws(CheckpointError) {
            try body(sink)
            try sink.flush()
            guard fsync(descriptor) == 0 else { throw .unwritable(file: url, reason: .last) }
        } catch {
            close(descriptor)
            throw error
        }
        // Some network file systems report a full disk only here.
        guard close(descriptor) == 0 else { throw .unwritable(file: url, reason: .last) }
    }

    /// A name in the same folder that no file has.
    static func temporary(beside file: URL) -> URL {
        let name = "\(temporaryPrefix)\(getpid())-\(UInt32.random(in: 0...UInt32.max))\(temporarySuffix)"
        return file.deletingLastPathComponent().appendingPathComponent(name)
    }

    /// The file that `url` leads to, following a link, and that file's permissions if it exists.
    static func target(of url: URL) throws(CheckpointError) -> (url: URL, permissions: mode_t?) {
        var status = stat()
        // A link to an open pipe, such as /dev/stdout, leads to something without a path.
        if stat(url.path, &status) == 0, status.st_mode & S_IFMT != S_IFREG { throw .notRegular(file: url) }
        guard let resolved = realpath(url.path, nil) else { return (url, nil) }
        defer { free(resolved) }
        guard stat(resolved, &status) == 0 else { throw .unwritable(file: url, reason: .last) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular(file: url) }
        return (URL(fileURLWithPath: String(cString: resolved)), status.st_mode & 0o777)
    }

    /// Makes the new name durable. Some file systems cannot; the file itself is already safe, so that is not an error.
    static func flushFolder(of file: URL) {
        let descriptor = open(file.deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
