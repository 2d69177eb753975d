internal import ShownText

/// What of a text is spelled as JSON spells it (`\n`, `\u001b`).
enum Escaping {
    /// For a JSON string between quotes: quotes, backslashes, and every character that is invisible.
    case quoted
    /// For a word or sentence on one line: what a terminal would act on.
    case shown
    /// The same for text of several lines, whose line breaks and tabs stay.
    case lines
    /// For JSON: the value stays what it is.
    case json

    /// The most scalars that one character may have. The longest in use, a family of emoji in colours, has eleven.
    static let longestCharacter = 32

    var keepsLines: Bool { self == .lines || self == .json }

    /// Whether what is beyond the longest character is left out rather than spelled.
    private var cuts: Bool { self == .shown || self == .lines }

    func spelled(_ text: String) -> String {
        if isPlain(text) { return text }
        var result = ""
        for character in text {
            if keepsLines, character == "\r\n" {
                result.append(character)
                continue
            }
            for (index, scalar) in character.unicodeScalars.enumerated() {
                if index < Self.longestCharacter {
                    append(scalar, to: &result)
                } else if cuts {
                    result += "…"
                    break
                } else {
                    result += scalar.spelled
                }
            }
        }
        return result
    }

    /// Whether nothing in it has to be looked at: printable ASCII.
    private func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): self != .quoted
            case UInt8(ascii: "\n"), UInt8(ascii: "\t"): keepsLines
            default: (0x20...0x7E).contains(byte)
            }
        }
    }

    private func append(_ scalar: Unicode.Scalar, to result: inout String) {
        switch scalar {
        case "\"" where self == .quoted: result += "\\\""
        case "\\" where self == .quoted: result += "\\\\"
        case "\n", "\t": if keepsLines { result.unicodeScalars.append(scalar) } else { result += scalar == "\n" ? "\\n" : "\\t" }
        case "\r": result += "\\r"
        default:
            let mustSpell = scalar.steersTerminal || self == .quoted && scalar.isInvisible
            if mustSpell { result += scalar.spelled } else { result.unicodeScalars.append(scalar) }
        }
    }
}

extension Unicode.Scalar {
    /// Whether it is seen only by its effect on its neighbours. The joiner of emoji is not counted: it belongs to what is seen.
    fileprivate var isInvisible: Bool { properties.generalCategory == .format && self != "\u{200D}" }
}
