/// Aligned columns for people.
struct TextRenderer {
    let style: RenderingStyle

    func render(_ output: Output) -> String {
        var blocks: [[String]] = []
        var facts: [Fact] = []
        func finishFacts() {
            if !facts.isEmpty { blocks.append(lines(of: facts)) }
            facts = []
        }
        for part in output.parts {
            switch part {
            case .fact(let fact):
                if fact.place != .dataOnly { facts.append(fact) }
            case .table(let table):
                finishFacts()
                blocks.append(lines(of: table))
            case .prose(_, let text):
                finishFacts()
                blocks.append(text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
            }
        }
        finishFacts()
        return blocks.filter { !$0.isEmpty }.map { $0.map { $0 + "\n" }.joined() }.joined(separator: "\n")
    }

    private func lines(of facts: [Fact]) -> [String] {
        let labelWidth = facts.map(\.label.displayWidth).max() ?? 0
        return facts.map { fact in
            let label = fact.label.padded(toWidth: labelWidth, on: .left)
            let room = style.width.map { max(20, $0 - labelWidth - 2) }
            return style.palette.label(label) + "  " + factText(fact.value, room: room)
        }
    }

    /// The value, its changed part in colour where there are colours.
    private func factText(_ value: Value, room: Int?) -> String {
        if case .marked(let shared, let changed) = value, style.palette != .plain {
            return "\"\(JSONText.escaped(shared))\(style.palette.changed("[\(JSONText.escaped(changed))]"))\""
        }
        // A whole continuation is worth more than a tidy screen.
        if case .quoted = value { return value.text }
        return room.map { value.text.truncated(toWidth: $0) } ?? value.text
    }

    private func lines(of table: Table) -> [String] {
        let (columns, rows) = table.shown(to: .textOnly)
        let cells = rows.map { $0.map(\.text) }
        let title = table.title.map { [style.palette.heading($0)] } ?? []
        if rows.isEmpty { return title + ["(none)"] }
        let widths = columns.indices.map { column in
            max(columns[column].label.displayWidth, cells.map { $0[column].displayWidth }.max() ?? 0)
        }
        let header = line(columns.map(\.label), columns, widths)
        return title + [style.palette.label(header)] + cells.map { line($0, columns, widths) }
    }

    private func line(_ cells: [String], _ columns: [Table.Column], _ widths: [Int]) -> String {
        var line = ""
        for (column, cell) in cells.enumerated() {
            if column > 0 { line += "  " }
            line += cell.padded(toWidth: widths[column], on: columns[column].alignment)
        }
        while line.last == " " { line.removeLast() }
        return style.width.map { line.truncated(toWidth: $0) } ?? line
    }
}
