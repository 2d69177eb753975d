internal import ShownText

/// A piece of a line of a drawing, for a terminal.
package struct TextRun: Sendable, Equatable {
    /// What a terminal with colours shows it in.
    package enum Tone: Sendable { case plain, strong, faded, positive, negative, replacement }

    package var text: String
    package var tone: Tone

    package init(_ text: String, _ tone: Tone = .plain) { (self.text, self.tone) = (text, tone) }
}

extension CircuitFigure {
    /// The circuit drawn with characters: lines of pieces, none wider than `width` columns. Nothing in them acts on a terminal.
    ///
    /// - Parameter isUnicode: whether the terminal shows more than ASCII.
    package func text(width: Int, isUnicode: Bool) -> [[TextRun]] {
        cards.map { [TextRun($0.name.truncated(toWidth: width), $0.isFaded ? .faded : .plain)] }
    }
}
