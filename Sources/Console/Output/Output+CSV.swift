extension Output {
    /// Comma-separated values (RFC 4180): the facts as pairs of key and value, then each table, an empty line between.
    /// Where there are several tables, the first field of each record is its table's name.
    var csv: String {
        var facts: [Fact] = []
        var tables: [Table] = []
        for part in parts {
            switch part {
            case .fact(let fact): if fact.visibility == .everywhere { facts.append(fact) }
            case .table(let table): if table.visibility != .textOnly { tables.append(table) }
            case .drawing, .plot: continue
            case .prose(let key, let text): facts.append(Fact(key: key, label: key, value: .text(text)))
            case .page(let key, let page): facts.append(Fact(key: key, label: key, value: .text(page.text())))
            case .shaded, .evidence, .circuit: break
            }
        }
        var blocks = facts.isEmpty ? [] : [Self.records([["key", "value"]] + facts.map { [$0.key, $0.value.csv] })]
        blocks += tables.map { Self.csv($0, isNamed: tables.count > 1) }
        return blocks.joined(separator: "\r\n")
    }

    private static func csv(_ table: Table, isNamed: Bool) -> String {
        let (columns, rows) = table.shown(to: .dataOnly)
        let (header, name) = isNamed ? (["table"], [table.key]) : ([], [])
        return records([header + columns.map(\.key)] + rows.map { name + $0.map(\.csv) })
    }

    private static func records(_ records: [[String]]) -> String {
        records.map { $0.map(field).joined(separator: ",") + "\r\n" }.joined()
    }

    /// Quoted where it must be: "\r\n" is one Character, so the search is among scalars.
    private static func field(_ text: String) -> String {
        let mustQuote = text.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
        guard mustQuote || text.first == " " || text.last == " " else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
