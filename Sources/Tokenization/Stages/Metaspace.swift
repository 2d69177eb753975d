/// Writes spaces as a letter and puts one before the first word, as SentencePiece does (`Metaspace`).
struct Metaspace: Sendable {
    /// The pieces that get a space if they do not begin with one.
    enum Prefix: String, Sendable {
        case always
        /// Those that begin the text.
        case first
        case never
    }

    let prefix: Prefix
    /// In UTF-8.
    private let letter: [UInt8]
    private let splitter: Splitter?

    init(_ value: FileValue) throws(TokenizerError) {
        let replacement = try value.required("replacement")
        let letter = try replacement.string()
        guard letter.unicodeScalars.count == 1 else {
            throw .unsupported(key: replacement.path, value: "\(letter.debugDescription), which is not one character,")
        }
        self.letter = Array(letter.utf8)
        prefix = try Self.prefix(value)
        splitter = try value.flag("split", default: true) ? try Splitter(before: letter, key: replacement.path) : nil
    }

    /// Old files have `add_prefix_space`, newer ones `prepend_scheme`; if both are there they must agree.
    private static func prefix(_ value: FileValue) throws(TokenizerError) -> Prefix {
        let scheme = try value.member("prepend_scheme")?.string() ?? Prefix.always.rawValue
        guard let prefix = Prefix(rawValue: scheme) else {
            throw .unsupported(key: "\(value.path).prepend_scheme", value: scheme)
        }
        guard try value.flag("add_prefix_space", default: true) || prefix == .never else {
            throw .unsupported(key: "\(value.path).add_prefix_space", value: "no space together with prepend_scheme \(scheme)")
        }
        return prefix
    }

    /// Turns the letters of tokens back into spaces; those of the first token vanish unless no space was put before it.
    var decoding: (first: ReplaceStage, rest: ReplaceStage) {
        let rest = ReplaceStage(of: letter, with: [UInt8(ascii: " ")])
        return (prefix == .never ? rest : ReplaceStage(of: letter, with: []), rest)
    }

    /// How many times longer a text can become: spaces become letters, and one may be put before every piece.
    var growth: Int { 2 * letter.count }

    /// - Parameter startsText: whether `text` begins the whole text.
    func apply(
        to text: inout ScalarText, pieces: inout [Range<Int>], startsText: Bool, _ effort: inout MatchEffort
    ) throws(TokenizerError) {
        let spaces = ReplaceStage(of: [UInt8(ascii: " ")], with: letter)
        text = ScalarText(rewriting: text, pieces: &pieces) { utf8, piece in
            let written = spaces.apply(to: utf8)
            let isPrefixed = prefix == .always || prefix == .first && startsText && piece.lowerBound == 0
            return isPrefixed && !written.starts(with: letter) ? letter + written : Array(written)
        }
        if let splitter { pieces = try splitter.split(text, pieces, &effort) }
    }
}
