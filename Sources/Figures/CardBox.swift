internal import Layouts

/// What is written on a card, and how large it is for that.
struct CardBox {
    static let nameFont = Font(size: 13, isBold: true)
    static let noteFont = Font(size: 11)
    /// To the left and right of the text; fonts wider than ours need some of it where a viewer ignores `textLength`.
    static let padding = 13.0
    private static let widestName = 146.0

    let name: [String]
    let note: [String]
    let badge: String?
    /// As a share of the baseline.
    let activation: Float?
    let size: Size

    /// The heights of the parts above each other, from `edge` on.
    private static let edge = 7.0
    private static let gap = 3.0
    static let rowHeight = 15.0

    init(_ card: CircuitFigure.Card) {
        name = Self.nameFont.wrapped(card.name.shownInFigure, width: Self.widestName, lines: 3)
        note = card.note.map { Self.noteFont.wrapped($0.shownInFigure, width: Self.widestName, lines: 2) } ?? []
        badge = card.badge.flatMap { $0.isEmpty ? nil : $0 }.map { Self.noteFont.truncated($0.shownInFigure, width: Self.widestName / 2) }
        activation = card.activation.flatMap { $0.isFinite ? $0 : nil }

        let barWidth = activation == nil ? 0.0 : 72
        let badgeWidth = badge.map { Self.badgeWidth($0) + (barWidth > 0 ? 8 : 0) } ?? 0
        let texts = name.map { Self.nameFont.width(of: $0) } + note.map { Self.noteFont.width(of: $0) } + [badgeWidth + barWidth]
        let height = Self.edge * 2 + Self.height(name, Self.nameFont) + (note.isEmpty ? 0 : Self.height(note, Self.noteFont))
        size = Size(
            width: max((texts.max() ?? 0) + 2 * Self.padding, 56).rounded(.up),
            height: height + (badgeWidth + barWidth == 0 ? 0 : Self.gap + Self.rowHeight))
    }

    private static func height(_ lines: [String], _ font: Font) -> Double { Double(lines.count) * font.lineHeight }

    static func badgeWidth(_ text: String) -> Double { noteFont.width(of: text) + 12 }

    /// The baselines of the lines, and the top of the row with badge and bar, in a card of this height, which may be larger than needed.
    func rows(in height: Double) -> (name: [Double], note: [Double], bottom: Double) {
        var y = (height - size.height) / 2 + Self.edge
        func baselines(_ lines: [String], _ font: Font) -> [Double] {
            lines.map { _ in
                y += font.lineHeight
                return y - font.lineHeight * 0.28
            }
        }
        let (name, note) = (baselines(name, Self.nameFont), baselines(note, Self.noteFont))
        return (name, note, y + Self.gap)
    }
}
