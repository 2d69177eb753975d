import Graphs
import Workbench

/// Labels beside the features that tables list.
extension Output {
    /// The features of all tables.
    var features: Set<FeatureID> {
        parts.reduce(into: []) { all, part in
            guard case .table(let table) = part else { return }
            for row in table.rows { all.formUnion(row.compactMap(\.feature)) }
        }
    }

    func named(_ names: [FeatureID: FeatureName]) -> Output {
        var output = self
        output.parts = parts.map { part in if case .table(let table) = part { .table(table.named(names)) } else { part } }
        return output
    }
}

extension Table {
    /// With a column of labels after each column of features. People see it where there is a name, programs always.
    fileprivate func named(_ names: [FeatureID: FeatureName]) -> Table {
        let named = columns.indices.filter { column in columns[column].key != "label" && rows.contains { $0[column].feature != nil } }
        guard let first = named.first, !columns.contains(where: { $0.key == "label" }) else { return self }
        // What it would be called in the meantime is in the table already.
        let showsWrites = columns.contains { $0.key == "top_tokens" }
        func cell(_ row: [Value], _ column: Int) -> Value {
            guard let name = row[column].feature.flatMap({ names[$0] }) else { return .none }
            if let label = name.label { return .text(label.shown) }
            return showsWrites ? .none : name.provisional.map(Value.provisional) ?? .none
        }
        func spread<Element>(_ elements: [Element], _ added: (Int) -> Element) -> [Element] {
            elements.enumerated().flatMap { column, element in named.contains(column) ? [element, added(column)] : [element] }
        }
        let isLabelled = rows.contains { row in named.contains { cell(row, $0) != .none } }
        let spreadColumns = spread(columns) { column in
            let key = column == first ? "label" : "\(columns[column].key)_label"
            return Column(key: key, label: "label", visibility: isLabelled ? columns[column].visibility : .dataOnly)
        }
        var table = Table(key, title: title, visibility: visibility, spreadColumns, rows: rows.map { row in spread(row) { cell(row, $0) } }, headings: headings)
        table.placeholder = placeholder
        return table
    }
}

extension Value {
    /// The feature that it names.
    fileprivate var feature: FeatureID? { if case .node(let feature, _) = self { feature } else { nil } }
}
