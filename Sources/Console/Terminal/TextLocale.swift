#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The locale that tells the line editor what a character is, and bars what they can be drawn with.
enum TextLocale {
    /// In UTF-8 and otherwise neutral; macOS has but the last.
    private static let neutral = ["C.UTF-8", "C.utf8", "UTF-8"]

    /// Whether the environment, as this process found it, names a locale of UTF-8, or none at all.
    static let isUTF8: Bool = {
        guard let name = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(environmentVariable).first else { return true }
        let letters = name.lowercased().filter { $0 != "-" }
        return letters.contains("utf8")
    }()

    /// Makes characters UTF-8 where the environment names no locale, or one that this machine lacks: containers set none,
    /// and ssh brings that of another machine. As Python does.
    static func useUTF8() {
        // Before the environment changes.
        _ = isUTF8
        if let name = setlocale(LC_CTYPE, ""), !["C", "POSIX"].contains(String(cString: name)) { return }
        guard let name = neutral.first(where: { setlocale(LC_CTYPE, $0) != nil }) else { return }
        // Readline looks into the environment again before every line.
        setenv(environmentVariable("LC_ALL") == nil ? "LC_CTYPE" : "LC_ALL", name, 1)
    }
}
