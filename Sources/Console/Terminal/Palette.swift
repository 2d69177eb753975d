/// The colours in use: none, or those of an ANSI terminal.
struct Palette: Sendable, Equatable {
    let isColoured: Bool

    static let plain = Palette(isColoured: false)
    static let ansi = Palette(isColoured: true)

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
        }
    }

    private func paint(_ text: String, _ code: String) -> TerminalText {
        isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : "\(text)"
    }
}

/// What the colour of a bar says.
enum Tint: Sendable, Equatable { case none, neutral, positive, negative }
