internal import JSON

/// Strings as JSON spells them, both ways.
package enum JSONText {
    /// The string between quotes, with escapes for quotes, backslashes and everything that a terminal would act on.
    package static func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }

    /// The same without the quotes around it, or another spelling.
    static func escaped(_ text: String, as escaping: Escaping = .quoted) -> String { escaping.spelled(text) }

    /// Reads the string that begins at the quote at `start`.
    ///
    /// - Returns: the text with its escapes resolved, and the place after the closing quote.
    static func read(_ line: String, at start: String.Index) throws(ConsoleError) -> (text: String, end: String.Index) {
        let bytes = line.utf8
        var text: [UInt8] = []
        var place = bytes.index(after: start)
        while place < bytes.endIndex {
            switch bytes[place] {
            case UInt8(ascii: "\""): return (String(decoding: text, as: UTF8.self), bytes.index(after: place))
            case UInt8(ascii: "\\"): text += Array(UTF8.encode(try readEscape(line, at: &place))!)
            default:
                text.append(bytes[place])
                bytes.formIndex(after: &place)
            }
        }
        throw ConsoleError("The quote is not closed", at: start..<line.endIndex)
    }

    /// Reads one escape and moves `place` past it.
    private static func readEscape(_ line: String, at place: inout String.Index) throws(ConsoleError) -> Unicode.Scalar {
        let start = place
        do throws(JSONEscape.Fault) {
            return try JSONEscape.read(line.utf8, at: &place)
        } catch {
            switch error {
            case .endsEarly: throw ConsoleError("The quote is not closed", at: start..<line.endIndex)
            case .unknown:
                // The letter may take several bytes.
                let end = line.unicodeScalars.index(start, offsetBy: 2)
                throw ConsoleError(
                    "\(line[start..<end]) is not an escape of a JSON string", at: start..<end,
                    advice: #"the escapes are \" \\ \/ \b \f \n \r \t and \u with four hexadecimal digits"#)
            case .digits:
                throw ConsoleError(#"\u takes four hexadecimal digits"#, at: start..<line[place...].unicodeScalars.prefix(4).endIndex)
            case .loneSurrogate:
                throw ConsoleError("\(line[start..<place]) is half of a surrogate pair, not a character", at: start..<place)
            }
        }
    }
}

/// A message as it is printed: words of a stranger's file in it can neither steer the terminal nor fill it.
package func shownMessage(_ message: String, limit: Int = 2000) -> String {
    let shown = JSONText.escaped(message, as: .shown)
    return shown.count <= limit ? shown : shown.prefix(limit / 2) + " … " + shown.suffix(limit / 2)
}
