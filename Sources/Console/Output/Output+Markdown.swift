extension Output {
    /// Tables as GitHub and CommonMark extensions draw them, an empty line after each: one command's do not run into the next's.
    var markdown: String {
        var blocks: [String] = []
        var facts: [Fact] = []
        func finishFacts() {
            guard !facts.isEmpty else { return }
            let rows = facts.map { [Self.cell($0.label), Self.cell($0.value.text)] }
            blocks.append(Self.table(header: ["", ""], alignments: [.left, .left], rows: rows))
            facts = []
        }
        for part in parts {
            switch part {
            case .fact(let fact): if fact.visibility != .dataOnly { facts.append(fact) }
            case .table(let table):
                if table.visibility == .dataOnly { continue }
                finishFacts()
                blocks.append(Self.markdown(table))
            case .prose(_, let text):
                finishFacts()
                blocks.append(text + "\n")
            case .page(_, let page):
                finishFacts()
                blocks.append(page.text() + "\n")
            case .drawing, .plot, .shaded, .evidence, .circuit: continue
            }
        }
        finishFacts()
        return blocks.map { $0 + "\n" }.joined()
    }

    private static func markdown(_ table: Table) -> String {
        let (columns, rows) = table.shown(to: .textOnly)
        let title = table.title.map { "**\($0)**\n\n" } ?? ""
        // Rows that belong together are a table of their own.
        let starts = Set([0] + table.headings.keys).sorted()
        return title
            + zip(starts, starts.dropFirst() + [rows.count]).map { start, end in
                let heading = table.headings[start].map { "**\($0)**\n\n" } ?? ""
                return heading
                    + Self.table(
                        header: columns.map(\.label), alignments: columns.map(\.alignment),
                        rows: rows[start..<end].map { $0.map { cell($0.text) } })
            }.joined(separator: "\n")
    }

    private static func table(header: [String], alignments: [Alignment], rows: [[String]]) -> String {
        let rules = alignments.map { $0 == .left ? "---" : "---:" }
        return ([header, rules] + rows).map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
    }

    /// A cell's text with what Markdown would act on escaped.
    private static func cell(_ text: String) -> String {
        var result = ""
        for character in text {
            if "\\`*_<>|[]".contains(character) { result.append("\\") }
            result.append(character)
        }
        return result
    }
}
