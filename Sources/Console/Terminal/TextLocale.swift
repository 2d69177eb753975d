#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The locale that tells the line editor what a character is.
enum TextLocale {
    /// In UTF-8 and otherwise neutral; macOS has but the last.
    private static let neutral = ["C.UTF-8", "C.utf8", "UTF-8"]

    /// Makes characters UTF-8 where the environment names no locale, or one that this machine lacks: containers set none,
    /// and ssh brings that of another machine. As Python does.
    static func useUTF8() {
        if let name = setlocale(LC_CTYPE, ""), !["C", "POSIX"].contains(String(cString: name)) { return }
        guard let name = neutral.first(where: { setlocale(LC_CTYPE, $0) != nil }) else { return }
        // Readline looks into the environment again before every line.
        setenv(environmentVariable("LC_ALL") == nil ? "LC_CTYPE" : "LC_ALL", name, 1)
    }
}
