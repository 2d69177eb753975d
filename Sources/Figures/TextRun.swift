/// A piece of a line of a drawing, for a terminal.
package struct TextRun: Sendable, Equatable {
    /// What a terminal with colours shows it in.
    package enum Tone: Sendable { case plain, strong, faded, positive, negative, replacement }

    package var text: String
    package var tone: Tone

    package init(_ text: String, _ tone: Tone = .plain) { (self.text, self.tone) = (text, tone) }
}
