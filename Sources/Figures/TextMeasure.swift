internal import ShownText

/// What says how wide characters are, and so where lines end.
protocol TextMeasure {
    func width(of character: Character) -> Double
}

/// The columns of a terminal.
struct TerminalColumns: TextMeasure {
    func width(of character: Character) -> Double { Double(character.displayWidth) }
}

extension TextMeasure {
    func width(of text: String) -> Double { text.reduce(0) { $0 + width(of: $1) } }

    /// The text's words on lines, cut with an ellipsis where they need more. Lines may also end between wide characters, and within a word
    /// that is too long for a line.
    func wrapped(_ text: String, width room: Double, lines most: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for piece in text.pieces {
            let joined = line + piece
            if width(of: joined.trimmingSpaces) <= room {
                line = joined
                continue
            }
            if !line.trimmingSpaces.isEmpty { lines.append(line.trimmingSpaces) }
            line = String(piece.drop { $0 == " " })
            while width(of: line.trimmingSpaces) > room, lines.count < most {
                let fitting = fitting(line, room)
                lines.append(fitting)
                line.removeFirst(fitting.count)
            }
            if lines.count >= most { break }
        }
        if !line.trimmingSpaces.isEmpty || lines.isEmpty { lines.append(line.trimmingSpaces) }
        let isWhole = lines.count <= most && lines.joined().letterCount == text.letterCount
        if isWhole { return lines }
        return Array(lines.prefix(most - 1)) + [cut(lines.dropFirst(most - 1).first ?? "", width: room)]
    }

    /// The beginning with an ellipsis, whether or not all of it fits.
    private func cut(_ text: String, width room: Double) -> String { fitting(text, room - width(of: "…")).trimmingSpaces + "…" }

    /// The text, cut with an ellipsis if it is wider.
    func truncated(_ text: String, width room: Double) -> String { width(of: text) <= room ? text : cut(text, width: room) }

    /// The longest beginning that fits; at least one character.
    private func fitting(_ text: String, _ room: Double) -> String {
        var (used, result) = (0.0, "")
        for character in text {
            used += width(of: character)
            if used > room, !result.isEmpty { break }
            result.append(character)
        }
        return result
    }
}

extension StringProtocol {
    /// Without spaces at its ends.
    fileprivate var trimmingSpaces: String {
        let start = drop { $0 == " " }
        return start.lastIndex { $0 != " " }.map { String(start[...$0]) } ?? ""
    }

    /// All but spaces.
    fileprivate var letterCount: Int { count { $0 != " " } }

    /// What a line does not end within: words with the spaces before them, and wide characters.
    fileprivate var pieces: [String] {
        var pieces: [String] = []
        for character in self {
            let endsPiece = pieces.last.map { last in character == " " ? last.last != " " : character.displayWidth == 2 || last.last!.displayWidth == 2 }
            if endsPiece != false { pieces.append("") }
            pieces[pieces.count - 1].append(character)
        }
        return pieces
    }
}
