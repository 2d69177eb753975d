internal import Figures
internal import ShownText

/// Aligned columns for people.
struct TextRenderer {
    let style: RenderingStyle

    func render(_ output: Output) -> TerminalText {
        var blocks: [[TerminalText]] = []
        var facts: [Fact] = []
        func finishFacts() {
            if !facts.isEmpty { blocks.append(lines(of: facts)) }
            facts = []
        }
        for part in output.parts {
            switch part {
            case .fact(let fact):
                if fact.visibility != .dataOnly { facts.append(fact) }
            case .table(let table):
                if table.visibility == .dataOnly { continue }
                finishFacts()
                blocks.append(lines(of: table))
            case .prose(_, let text), .drawing(let text):
                finishFacts()
                blocks.append([TerminalText(lines: text)])
            case .plot(let plot):
                finishFacts()
                blocks.append([TerminalText(lines: plot.text(width: style.width ?? Page.usualWidth))])
            case .page(_, let page):
                finishFacts()
                blocks.append([TerminalText(lines: page.text(width: style.width ?? Page.usualWidth))])
            case .shaded(let text):
                finishFacts()
                blocks.append(text.lines(style))
            case .evidence(let drawing):
                finishFacts()
                blocks += drawing.blocks(style)
            case .circuit(let figure):
                finishFacts()
                blocks.append(lines(of: figure))
            }
        }
        finishFacts()
        return blocks.filter { !$0.isEmpty }.map { $0.map { "\($0)\n" }.joined() }.joined(separator: "\n")
    }

    private func lines(of figure: CircuitFigure) -> [TerminalText] {
        figure.text(width: style.width ?? Page.usualWidth, isUnicode: style.glyphs == .blocks).map { line in
            line.map { style.palette.painted($0) }.joined()
        }
    }

    private func lines(of facts: [Fact]) -> [TerminalText] {
        let labelWidth = facts.map(\.label.displayWidth).max() ?? 0
        let indentation = String(repeating: " ", count: labelWidth + 2)
        return facts.flatMap { fact in
            let label = style.palette.label(fact.label.padded(toWidth: labelWidth, on: .left))
            return factLines(fact.value, room: style.width.map { $0 - labelWidth - 2 }).enumerated().map { number, line -> TerminalText in
                number == 0 ? "\(label)  \(line)" : "\(indentation)\(line)"
            }
        }
    }

    /// The value, its changed part in colour where there are colours. Words continue on the next line if there is no room.
    private func factLines(_ value: Value, room: Int?) -> [TerminalText] {
        switch value {
        case .marked(let shared, let changed) where style.palette != .plain:
            ["\"\(JSONText.escaped(shared))\(style.palette.changed("[\(JSONText.escaped(changed))]"))\""]
        // A line's end within a quoted text would look like part of it.
        case .quoted, .marked: ["\(value.text)"]
        default: (room.map { value.text.wrapped(toWidth: $0) } ?? [value.text]).map { "\($0)" }
        }
    }

    private func lines(of table: Table) -> [TerminalText] {
        let title = table.title.map { [style.palette.heading($0)] } ?? []
        if table.rows.isEmpty { return title + ["\(table.placeholder)"] }
        let columns = drawn(table)
        let widths = fitted(columns)
        // Headings say what their rows are.
        var lines = table.headings.isEmpty ? line(columns.map { Cell($0.label) }, columns, widths).map { style.palette.label($0.map(\.text).joined()) } : []
        for row in table.rows.indices {
            if let heading = table.headings[row] { lines += (row > 0 ? [""] : []) + [style.palette.heading(heading)] }
            lines += line(columns.map { $0.cells[row] }, columns, widths).map { pieces in
                pieces.map { style.palette.painted($0.text, $0.tint) }.joined()
            }
        }
        return title + lines
    }

    /// A column as it is drawn.
    private struct DrawnColumn {
        let label: String
        let cells: [Cell]
        var alignment = Alignment.left
        var cutting = Cutting.never
        var wraps = false
        /// The width at which nothing is cut.
        var needed: Int { max(label.displayWidth, cells.map(\.text.displayWidth).max() ?? 0) }

        enum Cutting { case first, last, never }
    }

    /// The columns that people see, with their bars where there is room for them beside all else.
    private func drawn(_ table: Table) -> [DrawnColumn] {
        let (columns, rows) = table.shown(to: .textOnly)
        let drawn = columns.indices.map { column in
            let values = rows.map { $0[column] }
            let isToken = values.contains { if case .quoted = $0 { true } else { false } }
            let isText = columns[column].alignment == .left && !columns[column].isWhole
            return DrawnColumn(
                label: table.headings.isEmpty ? columns[column].label : "", cells: values.map(Cell.init), alignment: columns[column].alignment,
                cutting: !isText ? .never : isToken ? .last : .first, wraps: columns[column].wraps)
        }
        let bars = columns.count { $0.bar != nil }
        guard let width = style.width, bars > 0 else { return drawn }
        let room = (width - Self.width(of: drawn.map(\.needed))) / bars - 2
        guard room >= Bar.widths.lowerBound else { return drawn }
        return columns.indices.flatMap { column in
            guard let bar = columns[column].bar else { return [drawn[column]] }
            let cells = bar.cells(rows.map { $0[column].finiteNumber }, width: min(room, Bar.widths.upperBound), glyphs: style.glyphs)
            return [drawn[column], DrawnColumn(label: "", cells: cells)]
        }
    }

    private static func width(of columns: [Int]) -> Int { columns.reduce(2 * (columns.count - 1), +) }

    /// What each column gets: on a terminal too narrow for all, text gives way, the widest column first, tokens last. Numbers
    /// and names stay whole. Where even that is too little, each column gets what it needs and lines wrap.
    private func fitted(_ columns: [DrawnColumn]) -> [Int] {
        let needed = columns.map(\.needed)
        guard let width = style.width else { return needed }
        var widths = needed
        var excess = Self.width(of: needed) - width
        for cutting in [DrawnColumn.Cutting.first, .last] {
            let texts = columns.indices.filter { columns[$0].cutting == cutting }
            while excess > 0, let widest = texts.max(by: { widths[$0] < widths[$1] }), widths[widest] > Self.leastTextWidth {
                widths[widest] -= 1
                excess -= 1
            }
        }
        if excess <= 0 { return widths }
        // Text is cut to what a line holds by itself.
        return columns.indices.map { column in
            columns[column].cutting == .never ? needed[column] : min(needed[column], max(Self.leastTextWidth, width - Self.indentation.count))
        }
    }

    private static let leastTextWidth = 6
    /// Of the lines that continue a row.
    private static let indentation = "    "

    /// A row's lines; several where the terminal is too narrow, all rows alike, or if a sentence continues.
    private func line(_ cells: [Cell], _ columns: [DrawnColumn], _ widths: [Int]) -> [[Cell]] {
        var lines: [[Cell]] = [[]]
        var used = 0
        for (column, cell) in cells.enumerated() {
            let width = widths[column]
            if column > 0, let room = style.width, used + 2 + width > room {
                lines.append([Cell(Self.indentation)])
                used = Self.indentation.count
            } else if column > 0 {
                lines[lines.count - 1].append(Cell("  "))
                used += 2
            }
            let pieces = columns[column].wraps ? cell.text.wrapped(toWidth: width) : [cell.text.truncated(toWidth: width)]
            lines[lines.count - 1].append(Cell(pieces[0].padded(toWidth: width, on: columns[column].alignment), tint: cell.tint))
            lines += pieces.dropFirst().map { [Cell(String(repeating: " ", count: used) + $0, tint: cell.tint)] }
            used += width
        }
        return lines.map(withoutTrailingSpaces)
    }

    private func withoutTrailingSpaces(_ cells: [Cell]) -> [Cell] {
        var cells = cells
        while let text = cells.last?.text {
            if let end = text.lastIndex(where: { $0 != " " }) {
                cells[cells.count - 1].text = String(text[...end])
                break
            }
            cells.removeLast()
        }
        return cells
    }
}
