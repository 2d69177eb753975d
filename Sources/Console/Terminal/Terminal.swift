#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What the standard streams are connected to.
enum Terminal {
    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Whether somebody reads questions and can answer them. The terminal of a notebook's `!` takes no answers.
    static var canBeAsked: Bool { isTerminal(0) && isTerminal(2) && environmentVariable("JPY_PARENT_PID") == nil }

    /// Colours on a terminal that has them, for a user who wants them (no-color.org).
    static func palette(for descriptor: Int32) -> Palette {
        guard isTerminal(descriptor), environmentVariable("NO_COLOR") == nil, environmentVariable("TERM") != "dumb" else { return .plain }
        let hasMany = environmentVariable("TERM")?.contains("256color") == true || environmentVariable("COLORTERM") != nil
        return hasMany ? .manyColours : .ansi
    }

    /// What can be drawn on it, or in a file. A terminal that calls itself dumb may have no blocks.
    static func glyphs(for descriptor: Int32) -> Glyphs {
        TextLocale.isUTF8 && !(isTerminal(descriptor) && environmentVariable("TERM") == "dumb") ? .blocks : .ascii
    }

    /// Columns; nil if it is not a terminal or does not say.
    static func width(of descriptor: Int32) -> Int? { window(of: descriptor).map { Int($0.ws_col) } }

    /// Rows and columns; nil if it is not a terminal or does not say.
    static func size(of descriptor: Int32) -> (rows: Int, columns: Int)? {
        window(of: descriptor).flatMap { $0.ws_row > 0 ? (Int($0.ws_row), Int($0.ws_col)) : nil }
    }

    private static func window(of descriptor: Int32) -> winsize? {
        var size = winsize()
        guard isTerminal(descriptor), ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return size
    }
}
