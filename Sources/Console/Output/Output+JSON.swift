extension Output {
    /// One object on one line.
    ///
    /// - Parameter error: why the command has failed all the same.
    func json(command: String, error: Diagnostic? = nil) -> String {
        let members = [("command", JSONText.quoted(command))] + jsonMembers + (error.map { [("error", $0.jsonObject())] } ?? [])
        return JSONText.object(members) + "\n"
    }

    /// The keys that a command has in json, with their values.
    var jsonMembers: [(key: String, json: String)] {
        parts.compactMap { part in
            switch part {
            case .fact(let fact): (fact.key, fact.value.json)
            case .table(let table): table.visibility == .textOnly ? nil : (table.key, Self.json(table))
            case .drawing, .plot, .shaded, .evidence, .circuit: nil
            case .prose(let key, let text): (key, JSONText.quoted(text))
            case .page(let key, let page): (key, JSONText.quoted(page.text()))
            }
        }
    }

    private static func json(_ table: Table) -> String {
        let (columns, rows) = table.shown(to: .dataOnly)
        let objects = rows.map { row in JSONText.object(zip(columns, row).map { ($0.key, $1.json) }) }
        return "[" + objects.joined(separator: ",") + "]"
    }
}
