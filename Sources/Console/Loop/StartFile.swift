#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The commands that somebody wants at the start of every console they type into. Scripts and replays do not know it.
struct StartFile {
    let path: String

    /// `$XDG_CONFIG_HOME/circuit-tracer/rc`; nil without a home.
    static var standard: StartFile? {
        // The specification says that a relative path there must be ignored.
        let named = environmentVariable("XDG_CONFIG_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
        return (named ?? environmentVariable("HOME").map { $0 + "/.config" }).map { StartFile(path: $0 + "/circuit-tracer/rc") }
    }

    var isThere: Bool { access(path, F_OK) == 0 }

    /// - Throws: `ConsoleError` for a file in which others may have written commands: they would be run as this user. What ssh asks of its own.
    static func check(_ file: InputFile, _ path: String) throws(ConsoleError) {
        if file.isStream { throw ConsoleError("\(path) is not run: it is not a plain file") }
        var status = stat()
        guard fstat(file.descriptor, &status) == 0 else { throw ConsoleError("\(path) cannot be read: \(SystemFailure.last.reason)") }
        if status.st_uid != geteuid(), status.st_uid != 0 { throw ConsoleError("\(path) is not run: it belongs to another user") }
        if status.st_mode & (S_IWGRP | S_IWOTH) != 0 {
            throw ConsoleError("\(path) is not run: other users can write to it", advice: "`chmod go-w \(path)` lets it be run")
        }
    }
}

extension Interpreter {
    /// Runs it where it is there. What is wrong with a line is said, and the next one is run.
    func run(_ start: StartFile) {
        if !start.isThere { return }
        do {
            _ = try runFile(start.path, keepsGoing: true) { file throws(ConsoleError) in try StartFile.check(file, start.path) }
        } catch {
            _ = report(error, in: SourceLine(""), command: nil)
        }
    }
}
