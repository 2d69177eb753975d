internal import ShownText

/// A card as it is drawn with characters.
struct TextBox {
    let lines: [String]
    let tone: TextRun.Tone
    let isStrong: Bool

    init(_ card: CircuitFigure.Card, isNarrow: Bool) {
        let name = TerminalColumns().wrapped(card.name.shownInFigure, width: isNarrow ? 14 : 24, lines: isNarrow ? 3 : 2)
        lines = name + (card.state.map { [$0] } ?? [])
        tone = card.tone
        isStrong = card.kind == .supernode && card.tone == .plain
    }

    /// With the borders.
    var width: Int { (lines.map(\.displayWidth).max() ?? 0) + 4 }
    var height: Int { lines.count + 2 }

    func draw(on grid: inout TextGrid, row: Int, column: Int, width: Int, height: Int, isUnicode: Bool) {
        let border = isUnicode ? ["┌", "─", "┐", "│", "└", "┘"] : ["+", "-", "+", "|", "+", "+"]
        let side = String(repeating: border[1], count: width - 2)
        grid.put(border[0] + side + border[2], row: row, column: column, tone)
        for line in 0..<height - 2 {
            let text = lines.indices.contains(line) ? lines[line] : ""
            let left = (width - 2 - text.displayWidth) / 2
            let spaces = String(repeating: " ", count: width - 2)
            grid.put(border[3] + spaces + border[3], row: row + 1 + line, column: column, tone)
            grid.put(text, row: row + 1 + line, column: column + 1 + left, isStrong && line < lines.count ? .strong : tone)
        }
        grid.put(border[4] + side + border[5], row: row + height - 1, column: column, tone)
    }
}

extension CircuitFigure.Card {
    var tone: TextRun.Tone { isFaded ? .faded : replaces != nil ? .replacement : .plain }

    /// What was done to it and how active it is: `−2x 81%`.
    var state: String? {
        let badge = badge.flatMap { $0.isEmpty ? nil : TerminalColumns().truncated($0.shownInFigure, width: 16) }
        let activation = activation.flatMap { $0.isFinite ? percentage($0, decimals: false) : nil }
        let parts = [badge, activation].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }
}
