extension Output {
    /// One object on one line.
    func json(command: String) -> String {
        var members = ["\"command\":" + JSONText.quoted(command)]
        for part in parts {
            switch part {
            case .fact(let fact): members.append("\(JSONText.quoted(fact.key)):\(fact.value.json)")
            case .table(let table):
                if table.visibility != .textOnly { members.append("\(JSONText.quoted(table.key)):\(Self.json(table))") }
            case .drawing, .plot: continue
            case .prose(let key, let text): members.append("\(JSONText.quoted(key)):\(JSONText.quoted(text))")
            case .page(let key, let page): members.append("\(JSONText.quoted(key)):\(JSONText.quoted(page.text()))")
            case .shaded, .circuit: break
            }
        }
        return "{" + members.joined(separator: ",") + "}\n"
    }

    private static func json(_ table: Table) -> String {
        let (columns, rows) = table.shown(to: .dataOnly)
        let objects = rows.map { row in
            "{" + zip(columns, row).map { "\(JSONText.quoted($0.key)):\($1.json)" }.joined(separator: ",") + "}"
        }
        return "[" + objects.joined(separator: ",") + "]"
    }
}
