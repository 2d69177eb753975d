#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Why the system refused something, in its words.
struct SystemFailure: Error, Equatable {
    let code: Int32

    static var last: SystemFailure { SystemFailure(code: errno) }

    /// Of a file that must be new.
    static let isThere = SystemFailure(code: EEXIST)

    /// Whether a pipe's reader has gone, as `head` does: no reason to complain.
    var isClosedPipe: Bool { code == EPIPE }

    var reason: String { String(cString: strerror(code)) }
}

/// The few things that the console does with files.
enum Files {
    /// The whole file; bytes that are no UTF-8 become U+FFFD.
    static func read(_ path: String) throws(SystemFailure) -> String { String(decoding: try bytes(of: path), as: UTF8.self) }

    /// The whole file.
    static func bytes(of path: String) throws(SystemFailure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { throw .last }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = systemRead(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count > 0 { bytes += buffer[..<count] } else if errno != EINTR { throw .last }
        }
    }

    /// The files that a pattern with `*`, `?` or `[...]` stands for, sorted; the pattern itself where there are none.
    static func matching(_ pattern: String) -> [String] {
        var matches = glob_t()
        defer { globfree(&matches) }
        guard glob(pattern, GLOB_NOCHECK, nil, &matches) == 0 else { return [pattern] }
        return (0..<Int(matches.gl_pathc)).compactMap { matches.gl_pathv[$0].map { String(cString: $0) } }
    }

    /// Puts the text in the file's place, whole or not at all: written beside it, made durable, then renamed. A link goes on
    /// leading to the file, and the file keeps its permissions.
    ///
    /// - Parameter mode: of a file that is not there yet.
    static func replace(_ path: String, with text: String, mode: mode_t = 0o644) throws(SystemFailure) {
        try replace(path, with: Array(text.utf8), mode: mode)
    }

    /// The same with bytes.
    static func replace(_ path: String, with bytes: [UInt8], mode: mode_t = 0o644) throws(SystemFailure) {
        var status = stat()
        let isThere = stat(path, &status) == 0
        let place = isThere ? target(of: path) : path
        let beside = "\(place).\(getpid()).new"
        let descriptor = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        if descriptor < 0 { throw .last }
        do throws(SystemFailure) {
            defer { close(descriptor) }
            try write(bytes, to: descriptor)
            if isThere, fchmod(descriptor, status.st_mode & 0o7777) != 0 { throw SystemFailure.last }
            if fsync(descriptor) != 0 { throw SystemFailure.last }
            if rename(beside, place) != 0 { throw SystemFailure.last }
        } catch {
            unlink(beside)
            throw error
        }
    }

    /// Where a path leads through links.
    private static func target(of path: String) -> String {
        guard let target = realpath(path, nil) else { return path }
        defer { free(target) }
        return String(cString: target)
    }

    /// Adds the text at the file's end in one piece, making the file if it is not there.
    static func append(_ text: String, to path: String, mode: mode_t, mustBeNew: Bool = false) throws(SystemFailure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (mustBeNew ? O_EXCL : 0), mode)
        if descriptor < 0 { throw .last }
        defer { close(descriptor) }
        try write(text, to: descriptor)
    }

    /// Makes the folder and those above it, for this user alone.
    static func makeFolder(_ path: String) {
        var partial = ""
        for part in path.split(separator: "/") {
            partial += (partial.isEmpty && !path.hasPrefix("/") ? "" : "/") + part
            mkdir(partial, 0o700)
        }
    }

    /// Writes all of the text, however many pieces the system takes it in.
    static func write(_ text: String, to descriptor: Int32) throws(SystemFailure) { try write(Array(text.utf8), to: descriptor) }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(SystemFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 { rest = rest.dropFirst(count) } else if errno != EINTR { throw .last }
        }
    }
}

// Inside `Files` the names `read` and `write` mean its own.
func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int { read(descriptor, buffer, count) }
func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(descriptor, bytes, count) }
