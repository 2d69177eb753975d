internal import JSON

/// Strings as JSON spells them, both ways.
package enum JSONText {
    /// The string between quotes, with escapes for quotes, backslashes and everything that a terminal would act on.
    package static func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }

    /// An object on one line.
    ///
    /// - Parameter members: with their values as JSON.
    static func object(_ members: [(key: String, json: String)]) -> String {
        "{" + members.map { "\(quoted($0.key)):\($0.json)" }.joined(separator: ",") + "}"
    }

    /// The string without the quotes around it, or another spelling.
    static func escaped(_ text: String, as escaping: Escaping = .quoted) -> String { escaping.spelled(text) }

    /// Reads the string that begins at the quote at `start`.
    ///
    /// - Returns: the text with its escapes resolved, and the position after the closing quote.
    static func read(_ line: String, at start: String.Index) throws(ConsoleError) -> (text: String, end: String.Index) {
        let bytes = line.utf8
        var text: [UInt8] = []
        var position = bytes.index(after: start)
        while position < bytes.endIndex {
            switch bytes[position] {
            case UInt8(ascii: "\""): return (String(decoding: text, as: UTF8.self), bytes.index(after: position))
            case UInt8(ascii: "\\"): text += Array(UTF8.encode(try readEscape(line, at: &position))!)
            default:
                text.append(bytes[position])
                bytes.formIndex(after: &position)
            }
        }
        throw ConsoleError("The quote is not closed", at: start..<line.endIndex)
    }

    /// Reads one escape and moves `position` past it.
    private static func readEscape(_ line: String, at position: inout String.Index) throws(ConsoleError) -> Unicode.Scalar {
        let start = position
        do throws(JSONEscape.Fault) {
            return try JSONEscape.read(line.utf8, at: &position)
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
                throw ConsoleError(#"\u takes four hexadecimal digits"#, at: start..<line[position...].unicodeScalars.prefix(4).endIndex)
            case .loneSurrogate:
                throw ConsoleError("\(line[start..<position]) is half of a surrogate pair, not a character", at: start..<position)
            }
        }
    }
}

/// A message as it is printed: words of a stranger's file in it can neither steer the terminal nor fill it.
package func shownMessage(_ message: String, limit: Int = 2000) -> String {
    let shown = JSONText.escaped(message, as: .shown)
    return shown.count <= limit ? shown : shown.prefix(limit / 2) + " … " + shown.suffix(limit / 2)
}
