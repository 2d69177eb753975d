internal import ShownText

/// How wide text is in a figure. Fonts differ, so every text is given the width that is reckoned with here; the table is a little wider
/// than Arial and narrower than DejaVu Sans.
struct Font: Equatable {
    var size: Double
    var isBold = false

    /// From one line's baseline to the next.
    var lineHeight: Double { (size * 1.3).rounded() }

    func width(of text: some StringProtocol) -> Double { text.reduce(0) { $0 + width(of: $1) } }

    func width(of character: Character) -> Double {
        let columns = character.displayWidth
        guard columns == 1 else { return Double(columns) * size * 0.52 }
        guard let code = character.asciiValue, (0x20...0x7E).contains(code) else { return size * 0.66 }
        return size * Double(Self.widths[Int(code) - 0x20]) / 1000 * (isBold ? 1.2 : 1.1)
    }

    /// From space to tilde, in thousandths of the size.
    private static let widths = [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
        556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
        1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
        667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
        333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
        556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
    ]

    // MARK: - Lines

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
