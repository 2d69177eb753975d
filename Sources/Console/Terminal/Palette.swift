import Figures

/// The colours in use: none, or those of an ANSI terminal, eight or 256.
struct Palette: Sendable, Equatable {
    let isColoured: Bool
    var hasManyColours = false

    static let plain = Palette(isColoured: false)
    static let ansi = Palette(isColoured: true)
    static let manyColours = Palette(isColoured: true, hasManyColours: true)

    func heading(_ text: String) -> TerminalText { paint(text, "1") }
    func label(_ text: String) -> TerminalText { paint(text, "2") }
    func changed(_ text: String) -> TerminalText { paint(text, "1;33") }
    func error(_ text: String) -> TerminalText { paint(text, "1;31") }
    func underline(_ text: String) -> TerminalText { paint(text, "1;32") }
    func removed(_ text: String) -> TerminalText { paint(text, "31") }
    func added(_ text: String) -> TerminalText { paint(text, "32") }

    func painted(_ text: String, _ tint: Tint) -> TerminalText {
        switch tint {
        case .none: "\(text)"
        case .neutral: paint(text, "36")
        case .positive: paint(text, "32")
        case .negative: paint(text, "31")
        case .faint: label(text)
        }
    }

    /// A piece of a drawing.
    func painted(_ run: TextRun) -> TerminalText {
        switch run.tone {
        case .plain: "\(run.text)"
        case .strong: heading(run.text)
        case .faded: label(run.text)
        case .positive: painted(run.text, .positive)
        case .negative: painted(run.text, .negative)
        case .replacement: changed(run.text)
        }
    }

    /// The darker the stronger, on a light ground that black letters are read on; of few colours underlined, and bold from a half on.
    ///
    /// - Parameter strength: 0 to 1.
    func shaded(_ text: String, _ strength: Double) -> TerminalText {
        guard strength > 0 else { return "\(text)" }
        if !hasManyColours { return paint(text, strength < 0.5 ? "4" : "1;4") }
        // From cream to orange.
        let grounds = [230, 223, 216, 209, 202]
        let ground = grounds[min(Int(strength * Double(grounds.count)), grounds.count - 1)]
        return paint(text, "38;5;16;48;5;\(ground)")
    }

    private func paint(_ text: String, _ code: String) -> TerminalText {
        isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : "\(text)"
    }
}

/// What the colour of a bar says.
enum Tint: Sendable, Equatable { case none, neutral, positive, negative, faint }
