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
            }
        }
        finishFacts()
        return blocks.filter { !$0.isEmpty }.map { $0.map { "\($0)\n" }.joined() }.joined(separator: "\n")
    }

    private func lines(of facts: [Fact]) -> [TerminalText] {
        let labelWidth = facts.map(\.label.displayWidth).max() ?? 0
        return facts.map { fact in
            let label = fact.label.padded(toWidth: labelWidth, on: .left)
            let room = style.width.map { max(20, $0 - labelWidth - 2) }
            return "\(style.palette.label(label))  \(factText(fact.value, room: room))"
        }
    }

    /// The value, its changed part in colour where there are colours.
    private func factText(_ value: Value, room: Int?) -> TerminalText {
        if case .marked(let shared, let changed) = value, style.palette != .plain {
            return "\"\(JSONText.escaped(shared))\(style.palette.changed("[\(JSONText.escaped(changed))]"))\""
        }
        // A whole continuation is worth more than a tidy screen.
        if case .quoted = value { return "\(value.text)" }
        return "\(room.map { value.text.truncated(toWidth: $0) } ?? value.text)"
    }

    private func lines(of table: Table) -> [TerminalText] {
        let (columns, rows) = table.shown(to: .textOnly)
        let cells = rows.map { $0.map(\.text) }
        let title = table.title.map { [style.palette.heading($0)] } ?? []
        if rows.isEmpty { return title + ["(none)"] }
        let needed = columns.indices.map { column in
            max(columns[column].label.displayWidth, cells.map { $0[column].displayWidth }.max() ?? 0)
        }
        let widths = fitted(needed, columns)
        let header = line(columns.map(\.label), columns, widths)
        return title + header.map(style.palette.label) + cells.flatMap { line($0, columns, widths).map { "\($0)" } }
    }

    /// What each column gets: on a terminal too narrow for all, text gives way, the widest column first. Numbers and names
    /// stay whole. Where even that is too little, each column gets what it needs and lines wrap.
    private func fitted(_ needed: [Int], _ columns: [Table.Column]) -> [Int] {
        guard let width = style.width else { return needed }
        var widths = needed
        let texts = columns.indices.filter { columns[$0].alignment == .left && !columns[$0].isWhole }
        var excess = needed.reduce(2 * (columns.count - 1), +) - width
        while excess > 0, let widest = texts.max(by: { widths[$0] < widths[$1] }) {
            if widths[widest] <= Self.leastTextWidth { return wrapped(needed, texts: texts, width: width) }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    /// Text is cut to what a line holds by itself.
    private func wrapped(_ needed: [Int], texts: [Int], width: Int) -> [Int] {
        var widths = needed
        for column in texts { widths[column] = min(widths[column], max(Self.leastTextWidth, width - Self.indentation.count)) }
        return widths
    }

    private static let leastTextWidth = 6
    /// Of the lines that go on with a row.
    private static let indentation = "    "

    /// A row's lines; several where the terminal is too narrow, all rows alike.
    private func line(_ cells: [String], _ columns: [Table.Column], _ widths: [Int]) -> [String] {
        var lines = [""]
        var used = 0
        for (column, cell) in cells.enumerated() {
            let width = widths[column]
            if column > 0, let room = style.width, used + 2 + width > room {
                lines.append(Self.indentation)
                used = Self.indentation.count
            } else if column > 0 {
                lines[lines.count - 1] += "  "
                used += 2
            }
            lines[lines.count - 1] += cell.truncated(toWidth: width).padded(toWidth: width, on: columns[column].alignment)
            used += width
        }
        return lines.map { line in
            let end = line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex
            return String(line[..<end])
        }
    }
}
