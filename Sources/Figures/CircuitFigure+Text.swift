internal import Layouts
internal import ShownText

extension CircuitFigure {
    /// The circuit drawn with characters: lines of pieces, none wider than `width` columns. Nothing in them acts on a terminal.
    ///
    /// Boxes are connected by lines where there is room for all; else rows of names are followed by a list of the links, the largest first.
    ///
    /// - Parameter isUnicode: whether the terminal shows more than ASCII.
    package func text(width: Int, isUnicode: Bool) -> [[TextRun]] {
        guard !cards.isEmpty else { return [] }
        for isNarrow in [false, true] {
            let drawing = TextDrawing(self, widestRank: width, isNarrow: isNarrow)
            if drawing.width <= width, drawing.mostTracks <= 8 { return drawing.lines(isUnicode: isUnicode) }
        }
        return nameRows(width: width, isUnicode) + [[]] + linkList(width: width, isUnicode)
    }

    // MARK: - Rows of names

    /// The ranks from the top, each with names from left to right, which may continue on the next line.
    private func nameRows(width: Int, _ isUnicode: Bool) -> [[TextRun]] {
        let layout = CircuitLayout(
            self, sizes: cards.map { Size(width: Double(min($0.name.displayWidth, 24) + 2), height: 1) }, gap: 1, spacing: LayeredLayout.Spacing())
        var lines: [[TextRun]] = []
        for rank in Set(layout.ranks).sorted(by: >) {
            let row = cards.indices.filter { layout.ranks[$0] == rank }.sorted { (layout.cards[$0].left, $0) < (layout.cards[$1].left, $1) }
            var used = 0
            lines.append([])
            for card in row {
                let state = cards[card].state.map { " \($0)" } ?? ""
                let name = TerminalColumns().truncated(cards[card].name.shownInFigure, width: Double(max(min(32, width - state.displayWidth - 4), 1)))
                let isNew = layout.replacements.contains { $0.new == card }
                let before = isNew ? isUnicode ? " → " : " > " : used == 0 ? "" : "  "
                let text = TerminalColumns().truncated("[\(name)\(state)]", width: Double(max(width - 3, 1)))
                if used > 0, used + before.displayWidth + text.displayWidth > width {
                    lines.append([])
                    used = 0
                }
                if used > 0 || isNew {
                    lines[lines.count - 1].append(TextRun(before))
                    used += before.displayWidth
                }
                lines[lines.count - 1].append(TextRun(text, cards[card].kind == .supernode && cards[card].tone == .plain ? .strong : cards[card].tone))
                used += text.displayWidth
            }
        }
        return lines
    }

    // MARK: - Links

    private static let mostLinks = 40

    /// `Texas → say Austin  +0.42`, the largest first.
    private func linkList(width: Int, _ isUnicode: Bool) -> [[TextRun]] {
        let known = links.filter { cards.indices.contains($0.source) && cards.indices.contains($0.target) && $0.weight.isFinite }
        let sorted = known.indices.sorted { (-abs(known[$0].weight), $0) < (-abs(known[$1].weight), $1) }.map { known[$0] }
        let arrow = isUnicode ? " → " : " -> "
        let room = Double(max((width - arrow.displayWidth - 7) / 2, 4))
        let rows = sorted.prefix(Self.mostLinks).map { link -> (names: String, weight: Float) in
            let names = [link.source, link.target].map { TerminalColumns().truncated(cards[$0].name.shownInFigure, width: room) }
            return (names.joined(separator: arrow), link.weight)
        }
        let column = rows.map(\.names.displayWidth).max() ?? 0
        let lines = rows.map { names, weight -> [TextRun] in
            let spaces = String(repeating: " ", count: column - names.displayWidth + 2)
            return weight == 0 ? [TextRun(names)] : [TextRun(names + spaces), TextRun(signedHundredths(weight), weight < 0 ? .negative : .positive)]
        }
        let rest = sorted.count - lines.count
        return rest == 0 ? lines : lines + [[TextRun(rest == 1 ? "and 1 weaker link" : "and \(rest) weaker links", .faded)]]
    }
}

/// `+0.42`, `-0.07`, `+<0.01`.
private func signedHundredths(_ weight: Float) -> String {
    let hundredths = Int((min(abs(weight), 9.99) * 100).rounded())
    let sign = weight < 0 ? "-" : "+"
    return hundredths == 0 ? "\(sign)<0.01" : "\(sign)\(hundredths / 100).\(hundredths % 100 / 10)\(hundredths % 10)"
}
