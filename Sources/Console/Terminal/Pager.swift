import ShownText

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Shows what does not fit the terminal's screen in the program that the user reads long texts with.
final class Pager {
    /// A line for a shell, as `$PAGER` has it.
    private let command: String
    private let waiter: Waiter
    /// Told of signals that are not Ctrl-C's, which is the pager's.
    private let onSignal: (Int32) -> Void
    /// Whether it could not be started, and is left alone.
    private var hasFailed = false

    private init(_ command: String, waiter: Waiter, onSignal: @escaping (Int32) -> Void) {
        (self.command, self.waiter, self.onSignal) = (command, waiter, onSignal)
    }

    /// `$PAGER`, else `less` where that is installed; nil where the user wants none (`PAGER=`, `cat`), or the terminal cannot move its cursor.
    static func standard(waiter: Waiter, onSignal: @escaping (Int32) -> Void) -> Pager? {
        guard Terminal.isTerminal(1), let terminal = environmentVariable("TERM"), terminal != "dumb" else { return nil }
        // An empty text says something else than nothing.
        guard let command = command(named: getenv("PAGER").map { String(cString: $0) }, hasLess: isInstalled("less")) else { return nil }
        return Pager(command, waiter: waiter, onSignal: onSignal)
    }

    /// - Parameter named: by the user; nil if nothing is.
    static func command(named: String?, hasLess: Bool) -> String? {
        guard let named else { return hasLess ? "less -FRX" : nil }
        let words = named.split(separator: " ")
        return words.isEmpty || words == ["cat"] ? nil : named
    }

    private static func isInstalled(_ program: String) -> Bool {
        (environmentVariable("PATH") ?? "").split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
    }

    /// Shows the text, and returns when the user has read enough.
    ///
    /// - Returns: false where it fits the screen, or cannot be paged: it has not been shown then.
    func show(_ text: TerminalText) -> Bool {
        guard !hasFailed, let size = Terminal.size(of: 1), !text.fits(rows: size.rows - 1, columns: size.columns) else { return false }
        guard let file = try? TemporaryInput(Array(text.raw.utf8)) else { return false }
        defer { withExtendedLifetime(file) {} }
        // One that is killed leaves the terminal as it has set it.
        var settings = termios()
        let isKnown = tcgetattr(1, &settings) == 0
        // Unless the user says otherwise, `less` keeps colours, whatever $PAGER calls it with.
        let line = #": "${LESS=FRX}" "${LV=-c}"; export LESS LV; trap : INT; \#(command)"#
        let status = try? runInShell(line, shell: "/bin/sh", input: file.path)
        if isKnown { tcsetattr(1, TCSADRAIN, &settings) }
        for signal in waiter.wakeupPipe.pendingSignals() where signal != CommandLoop.interrupt { onSignal(signal) }
        // The terminal has shown Ctrl-C that ended it.
        if status == 128 + CommandLoop.interrupt { StandardStream.error.say("\n") }
        // What shells say of a program that is not there or cannot be run. One that somebody has ended did what it should.
        hasFailed = status == nil || status == 126 || status == 127
        return !hasFailed
    }
}

extension TerminalText {
    /// Whether it takes no more than these rows of a terminal.
    func fits(rows: Int, columns: Int) -> Bool {
        var used = 0
        for line in raw.split(separator: "\n", omittingEmptySubsequences: false).dropLast(raw.hasSuffix("\n") ? 1 : 0) {
            used += max(1, (line.replacing(/\u{1B}\[[0-9;]*m/, with: "").displayWidth + columns - 1) / columns)
            if used > rows { return false }
        }
        return true
    }
}
