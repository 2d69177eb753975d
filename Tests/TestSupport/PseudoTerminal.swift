package import Foundation

/// A program at a terminal of its own. What it shows is read as it comes, and keys are typed when it has shown what they
/// answer.
package final class PseudoTerminal {
    private let terminal: Int32
    private let child: pid_t
    private var shown: [UInt8] = []
    /// How much of it a test has seen.
    private var seen = 0

    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Parameter environment: all of the program's.
    package init(_ program: URL, _ arguments: [String], environment: [String: String]) throws {
        var (ours, theirs) = (Int32(-1), Int32(-1))
        var name = [CChar](repeating: 0, count: 128)
        var size = winsize(ws_row: 50, ws_col: 250, ws_xpixel: 0, ws_ypixel: 0)
        guard openpty(&ours, &theirs, &name, nil, &size) == 0 else { throw POSIXError(.ENXIO) }
        defer { close(theirs) }
        for end in [ours, theirs] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        terminal = ours
        child = try Self.spawn(program.path, arguments, environment, on: String(decoding: name.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self))
    }

    deinit {
        kill(child, SIGKILL)
        close(terminal)
        var status: Int32 = 0
        waitpid(child, &status, 0)
    }

    /// Types bytes as a keyboard sends them; Enter is a carriage return.
    package func type(_ keys: [UInt8]) {
        var rest = keys[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(terminal, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    package func type(_ text: String) { type(Array(text.utf8)) }

    /// Waits until the program has shown a text after what was waited for before.
    ///
    /// - Returns: what came since, and the text.
    /// - Throws: where the program ends before, or shows nothing for ten minutes.
    @discardableResult package func wait(for text: String) throws -> String {
        let wanted = Array(text.utf8)
        while true {
            if let end = shown[seen...].firstRange(of: wanted)?.upperBound {
                defer { seen = end }
                return String(decoding: shown[seen..<end], as: UTF8.self)
            }
            guard try read() else { throw Failure(description: "it ended without \(text.debugDescription):\n\(rest)") }
        }
    }

    /// Waits for the program's end.
    ///
    /// - Returns: its exit status, 128 and the signal's number if one ended it, and what it showed last.
    package func end() throws -> (status: Int32, shown: String) {
        while try read() {}
        var status: Int32 = 0
        waitpid(child, &status, 0)
        return (status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F, rest)
    }

    private var rest: String { String(decoding: shown[seen...], as: UTF8.self) }

    /// - Returns: whether there was more before its end.
    private func read() throws -> Bool {
        var watched = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
        guard poll(&watched, 1, 600_000) > 0 else { throw Failure(description: "it has shown nothing for ten minutes:\n\(rest)") }
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        let count = Foundation.read(terminal, &buffer, buffer.count)
        // Linux calls the end of the last program on a terminal an error.
        guard count > 0 else { return false }
        shown += buffer[..<count]
        return true
    }

    /// POSIX_SPAWN_SETSID, which C's headers hide from Swift.
    #if canImport(Darwin)
        private static let newSession: Int16 = 0x400
    #else
        private static let newSession: Int16 = 0x80
    #endif

    /// Starts the program as the leader of a session that the terminal controls, so that Ctrl-C reaches it.
    private static func spawn(
        _ path: String, _ arguments: [String], _ environment: [String: String], on terminal: String
    ) throws -> pid_t {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        // The threads that tests run on block signals, which a child would too.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, newSession | Int16(POSIX_SPAWN_SETSIGMASK))
        posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
        for descriptor in [1, 2] as [Int32] { posix_spawn_file_actions_adddup2(&actions, 0, descriptor) }
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var child = pid_t()
        let code = posix_spawn(&child, path, &actions, &attributes, &words, &variables)
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
        return child
    }
}
