internal import Checkpoints
internal import Foundation

/// The few things that the console does with files.
enum Files {
    /// The files that a pattern with `*`, `?` or `[...]` stands for, sorted; the pattern itself if there are none.
    static func matching(_ pattern: String) -> [String] {
        var matches = glob_t()
        defer { globfree(&matches) }
        guard glob(pattern, GLOB_NOCHECK, nil, &matches) == 0 else { return [pattern] }
        return (0..<Int(matches.gl_pathc)).compactMap { matches.gl_pathv[$0].map { String(cString: $0) } }
    }

    /// Puts the text in the file's place, whole or not at all, as `AtomicFile` does.
    ///
    /// - Parameter mode: of a file that is not there yet.
    static func replace(_ path: String, with text: String, mode: mode_t = 0o644) throws(SystemFailure) {
        try replace(path, with: Array(text.utf8), mode: mode)
    }

    /// The same with bytes.
    static func replace(_ path: String, with bytes: [UInt8], mode: mode_t = 0o644) throws(SystemFailure) {
        do throws(CheckpointError) {
            try AtomicFile.write(bytes, to: URL(filePath: path), mode: mode)
        } catch {
            // Else it is a folder or a device.
            guard case .unwritable(_, let reason) = error else { throw SystemFailure(code: EISDIR) }
            throw SystemFailure(code: reason.code)
        }
    }

    /// Adds a line at the file's end, making the file if it is not there. What does not fit is taken back, so that the next line does not
    /// continue half of this one.
    static func append(line: String, to path: String, mode: mode_t) throws(SystemFailure) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, mode)
        if descriptor < 0 { throw .last }
        defer { close(descriptor) }
        let end = lseek(descriptor, 0, SEEK_END)
        // An editor may have left out the last newline.
        var last: UInt8 = 10
        let isBegun = end > 0 && pread(descriptor, &last, 1, end - 1) == 1 && last != 10
        do throws(SystemFailure) { try write(Array(((isBegun ? "\n" : "") + line + "\n").utf8), to: descriptor) } catch {
            if end >= 0 { ftruncate(descriptor, end) }
            throw error
        }
    }

    /// Makes the folder and those above it, for this user alone.
    static func makeFolder(_ path: String) {
        var partial = ""
        for part in path.split(separator: "/") {
            partial += (partial.isEmpty && !path.hasPrefix("/") ? "" : "/") + part
            mkdir(partial, 0o700)
        }
    }

    /// Writes all of the bytes, however many pieces the system takes them in.
    static func write(_ bytes: [UInt8], to descriptor: Int32) throws(SystemFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 { rest = rest.dropFirst(count) } else if !waits(after: errno, for: descriptor) { throw .last }
        }
    }

    /// Whether a write is worth another try. A terminal that another program has set not to block has to be waited for.
    private static func waits(after code: Int32, for descriptor: Int32) -> Bool {
        if code == EAGAIN {
            var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            return poll(&watched, 1, -1) > 0 || errno == EINTR
        }
        errno = code
        return code == EINTR
    }
}

// Inside `Files` the name `write` means its own.
func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int { read(descriptor, buffer, count) }
func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(descriptor, bytes, count) }
