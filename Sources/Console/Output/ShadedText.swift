internal import ShownText

/// A text whose tokens differ in strength, for people only: shaded token by token, and as a curve with a character for each.
struct ShadedText: Sendable, Equatable {
    struct Token: Sendable, Equatable {
        let text: String
        /// 0 to 1.
        let strength: Double
    }

    let tokens: [Token]

    /// - Parameter values: one for each token; the largest, either way, is the darkest.
    init(_ texts: [String], values: [Float]) {
        let largest = values.map(abs).max() ?? 0
        tokens = zip(texts, values).map { Token(text: $0, strength: largest > 0 ? Double(abs($1) / largest) : 0) }
    }

    /// The paragraph's lines, and below an empty one the curve.
    func lines(_ style: RenderingStyle) -> [TerminalText] {
        let room = style.width.map { max($0, 1) }
        return paragraph(width: room).map { line in line.map { style.palette.shaded($0.text, $0.strength) }.joined() }
            + ["", "\(curve(glyphs: style.glyphs, width: room))"]
    }

    // MARK: - The paragraph

    /// Lines end before tokens that begin with a space, where a terminal has an end.
    private func paragraph(width: Int?) -> [[Token]] {
        let shown = tokens.map { Token(text: JSONText.escaped($0.text, as: .shown), strength: $0.strength) }
        guard let width else { return [shown] }
        var lines: [[Token]] = [[]]
        var used = 0
        var rest = shown[...]
        while let first = rest.first {
            let end = rest.dropFirst().firstIndex { $0.text.first == " " } ?? rest.endIndex
            let taken = rest[..<end].reduce(0) { $0 + $1.text.displayWidth }
            // A word that is wider than a line continues on the next.
            var word = taken > width ? [first] : Array(rest[..<end])
            rest = rest.dropFirst(word.count)
            if used > 0, used + taken > width {
                lines.append([])
                used = 0
                // The end of the line takes the place of the space.
                if word[0].text.first == " " { word[0] = Token(text: String(word[0].text.dropFirst()), strength: word[0].strength) }
            }
            lines[lines.count - 1] += word
            used += word.reduce(0) { $0 + $1.text.displayWidth }
        }
        return lines
    }

    // MARK: - The curve

    /// A character for each token, or for several where there are too many for a line: the strongest of them.
    private func curve(glyphs: Glyphs, width: Int?) -> String {
        func label(_ share: Int) -> String { share == 1 ? "token by token  " : "by \(share) tokens  " }
        func count(_ share: Int) -> Int { (tokens.count + share - 1) / share }
        var share = 1
        if let width { while count(share) > max(width - label(share).count, 1) { share += 1 } }
        let levels = stride(from: 0, to: tokens.count, by: share).map { start in
            glyphs.level(tokens[start..<min(start + share, tokens.count)].map(\.strength).max() ?? 0)
        }
        return label(share) + levels.joined()
    }
}

extension Glyphs {
    /// A character for a strength from 0 to 1; what is not 0 never looks like it.
    fileprivate func level(_ strength: Double) -> String {
        let levels = self == .blocks ? ["·", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] : [".", ":", "-", "=", "+", "*", "%", "#", "@"]
        return levels[Int((strength * 8).rounded(.up))]
    }
}
