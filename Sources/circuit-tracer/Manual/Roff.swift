/// A manual page in the making, in the macros of man(7).
struct Roff {
    private(set) var text: String

    /// - Parameters:
    ///   - title: with its section, as in `LS 1`.
    ///   - date: empty where it is not known.
    init(title: String, date: String, source: String) {
        // Words are neither broken nor spaced out, because many of them are typed.
        text = ".TH \(title) \"\(date)\" \"\(source)\"\n.nh\n.ad l\n"
    }

    mutating func section(_ title: String) { text += ".SH \(Self.spelled(title.uppercased()))\n" }

    mutating func subsection(_ title: String) { text += ".SS \(Self.spelled(title))\n" }

    /// One on a line of its own, as a name needs.
    mutating func line(_ prose: String) { text += Self.protected(Self.marked(prose)) + "\n" }

    /// Paragraphs with empty lines between them.
    mutating func paragraphs(_ prose: String) {
        for paragraph in Self.paragraphs(of: prose) { text += ".PP\n\(paragraph)\n" }
    }

    /// What is typed, line by line, unchanged.
    mutating func lines(_ lines: [String]) {
        text += ".PP\n.nf\n" + lines.map { Self.protected("\\fB\(Self.spelled($0))\\fR\n") }.joined() + ".fi\n"
    }

    /// A term, and what is said of it, which may be several paragraphs.
    mutating func item(_ term: String, _ prose: String) {
        text += ".TP\n\(Self.protected("\\fB\(Self.spelled(term))\\fR"))\n" + Self.paragraphs(of: prose).joined(separator: "\n.IP\n") + "\n"
    }

    private static func paragraphs(of prose: String) -> [String] {
        prose.split(separator: "\n\n").map { paragraph in
            paragraph.split(separator: "\n").map { protected(marked(String($0))) }.joined(separator: "\n")
        }
    }

    /// With the text in backquotes in bold.
    private static func marked(_ prose: String) -> String {
        prose.split(separator: "`", omittingEmptySubsequences: false).enumerated().map { index, part in
            index.isMultiple(of: 2) || part.isEmpty ? spelled(String(part)) : "\\fB\(spelled(String(part)))\\fR"
        }.joined()
    }

    /// No line of ours is a macro by accident.
    private static func protected(_ text: String) -> String { text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text }

    /// As roff writes the characters that mean something to it, or that it would replace by handsomer ones which cannot be typed.
    private static func spelled(_ text: String) -> String {
        text.map { character in
            switch character {
            case "\\": "\\e"
            case "-": "\\-"
            case "'": "\\(aq"
            case "`": "\\(ga"
            case "^": "\\(ha"
            case "~": "\\(ti"
            default: String(character)
            }
        }.joined()
    }
}
