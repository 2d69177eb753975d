#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Why a file of words is not read.
package enum InputRefusal: Error, Equatable, CustomStringConvertible {
    case system(SystemFailure)
    case folder
    case device
    /// In bytes.
    case tooLarge(limit: Int)
    /// A signal came while its bytes were waited for.
    case signal(Int32)

    package var description: String {
        switch self {
        case .system(let failure): failure.reason
        case .folder: "it is a folder"
        case .device: "it is a device, which may never end"
        case .tooLarge(let limit): "it is larger than \(limit / 1_000_000) MB, the most that is read"
        case .signal: "interrupted"
        }
    }
}

/// A file of commands, prompts or outputs that is open for reading: one on a disk, or what arrives through a pipe or from a
/// terminal. Folders and devices that never end are refused.
package final class InputFile {
    /// The most bytes that are taken from one file.
    package static let limit = 64_000_000

    let descriptor: Int32
    /// Whether its bytes come when they come.
    let isStream: Bool
    private let isOurs: Bool

    package init(_ path: String) throws(InputRefusal) {
        // A pipe that nobody has opened for writing yet is waited for where Ctrl-C is seen.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        if descriptor < 0 { throw .system(.last) }
        isOurs = true
        do { isStream = try Self.isStream(descriptor) } catch {
            close(descriptor)
            throw error
        }
    }

    /// - Parameter descriptor: open; it stays so.
    package init(descriptor: Int32) throws(InputRefusal) {
        self.descriptor = descriptor
        isOurs = false
        isStream = try Self.isStream(descriptor)
    }

    deinit { if isOurs { close(descriptor) } }

    /// All that is in it.
    ///
    /// - Parameter wakeupPipe: where a signal ends the waiting; nil if signals do what they do by default.
    func bytes(limit: Int = InputFile.limit, wakeupPipe: WakeupPipe? = nil) throws(InputRefusal) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            if isStream { try waitForMore(wakeupPipe) }
            let count = systemRead(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count > 0 { bytes += buffer[..<count] } else if !SystemFailure.last.isPassing { throw .system(.last) }
            if bytes.count > limit { throw .tooLarge(limit: limit) }
        }
    }

    /// The same of a file, or of standard input where it is called `-`. Ctrl-C ends the process.
    package static func bytes(of path: String) throws(InputRefusal) -> [UInt8] {
        try (path == "-" ? InputFile(descriptor: 0) : InputFile(path)).bytes()
    }

    /// Until there is something to read, or the end is there. A pipe that nobody has opened for writing has no end yet.
    private func waitForMore(_ wakeupPipe: WakeupPipe?) throws(InputRefusal) {
        guard let wakeupPipe else {
            var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            while poll(&watched, 1, -1) < 0, errno == EINTR {}
            return
        }
        while true {
            switch wakeupPipe.wait(watching: descriptor) {
            case .signal(let number): throw .signal(number)
            case .readable: return
            case .done, .resumed: continue
            }
        }
    }

    private static func isStream(_ descriptor: Int32) throws(InputRefusal) -> Bool {
        var status = stat()
        if fstat(descriptor, &status) != 0 { throw .system(.last) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return false
        case S_IFDIR: throw .folder
        case S_IFBLK: throw .device
        case S_IFCHR:
            if isatty(descriptor) == 1 { return true }
            var null = stat()
            guard stat("/dev/null", &null) == 0, null.st_rdev == status.st_rdev else { throw .device }
            return false
        default: return true
        }
    }
}
