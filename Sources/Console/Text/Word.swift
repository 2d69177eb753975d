/// One word of a command line, with its range in the line.
struct Word: Sendable, Equatable {
    enum Spelling: Sendable, Equatable {
        /// As typed.
        case bare
        /// Between double quotes; `text` has the escapes resolved.
        case quoted
    }

    let text: String
    let spelling: Spelling
    /// Its range in the line, quotes included.
    let range: Range<String.Index>
    /// Whether it follows `--name=` without a space.
    let isAttached: Bool

    init(_ text: String, spelling: Spelling = .bare, at range: Range<String.Index>, isAttached: Bool = false) {
        self.text = text
        self.spelling = spelling
        self.range = range
        self.isAttached = isAttached
    }

    /// Whether it is written like an option: two dashes and a letter, unquoted.
    var isOption: Bool {
        guard spelling == .bare, !isAttached, text.hasPrefix("--"), let letter = text.dropFirst(2).first else { return false }
        return letter.isLetter
    }

    /// The word as a user would type it.
    var typed: String { spelling == .quoted ? JSONText.quoted(text) : text }
}
