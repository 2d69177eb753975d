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
        let scalars = line.unicodeScalars
        var text = ""
        var place = scalars.index(after: start)
        while place < scalars.endIndex {
            let scalar = scalars[place]
            if scalar == "\"" { return (text, scalars.index(after: place)) }
            if scalar == "\\" {
                text.unicodeScalars.append(try readEscape(line, at: &place))
            } else {
                text.unicodeScalars.append(scalar)
                place = scalars.index(after: place)
            }
        }
        throw ConsoleError("The quote is not closed", at: start..<line.endIndex)
    }

    /// Reads one escape and moves `place` past it.
    private static func readEscape(_ line: String, at place: inout String.Index) throws(ConsoleError) -> Unicode.Scalar {
        let scalars = line.unicodeScalars
        let start = place
        place = scalars.index(after: place)
        guard place < scalars.endIndex else { throw ConsoleError("The quote is not closed", at: start..<line.endIndex) }
        let letter = scalars[place]
        place = scalars.index(after: place)
        if letter == "u" { return try readUnicode(line, from: start, at: &place) }
        guard let scalar = simpleEscapes[letter] else {
            throw ConsoleError(
                "\(line[start..<place]) is not an escape of a JSON string", at: start..<place,
                advice: #"the escapes are \" \\ \/ \b \f \n \r \t and \u with four hexadecimal digits"#)
        }
        return scalar
    }

    private static let simpleEscapes: [Unicode.Scalar: Unicode.Scalar] = [
        "\"": "\"", "\\": "\\", "/": "/", "b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r", "t": "\t",
    ]

    /// The scalar of `\uXXXX`, or of two such that make a surrogate pair.
    private static func readUnicode(
        _ line: String, from start: String.Index, at place: inout String.Index
    ) throws(ConsoleError) -> Unicode.Scalar {
        let first = try readFourDigits(line, from: start, at: &place)
        if let scalar = Unicode.Scalar(first) { return scalar }
        if first < 0xDC00, line[place...].unicodeScalars.starts(with: "\\u".unicodeScalars) {
            place = line.unicodeScalars.index(place, offsetBy: 2)
            let second = try readFourDigits(line, from: start, at: &place)
            if (0xDC00..<0xE000).contains(second),
                let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
            {
                return scalar
            }
        }
        throw ConsoleError("\(line[start..<place]) is half of a surrogate pair, not a character", at: start..<place)
    }

    private static func readFourDigits(
        _ line: String, from start: String.Index, at place: inout String.Index
    ) throws(ConsoleError) -> UInt32 {
        let digits = line[place...].unicodeScalars.prefix(4)
        guard digits.count == 4, digits.allSatisfy(\.properties.isASCIIHexDigit),
            let value = UInt32(String(digits), radix: 16)
        else {
            throw ConsoleError(#"\u takes four hexadecimal digits"#, at: start..<digits.endIndex)
        }
        place = digits.endIndex
        return value
    }
}

/// A message as it is printed: words of a stranger's file in it can neither steer the terminal nor fill it.
package func shownMessage(_ message: String, limit: Int = 2000) -> String {
    let shown = JSONText.escaped(message, as: .shown)
    return shown.count <= limit ? shown : shown.prefix(limit / 2) + " … " + shown.suffix(limit / 2)
}
