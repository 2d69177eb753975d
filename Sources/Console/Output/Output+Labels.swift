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
    ///
    /// There is no room for both labels and the tokens that features raise: people see one column, `means`, with the label or else the tokens.
    fileprivate func named(_ names: [FeatureID: FeatureName]) -> Table {
        let named = columns.indices.filter { column in columns[column].key != "label" && rows.contains { $0[column].feature != nil } }
        guard let first = named.first, !columns.contains(where: { $0.key == "label" }) else { return self }
        let raises = columns.firstIndex { $0.key == "top_tokens" }
        func cell(_ row: [Value], _ column: Int) -> Value {
            guard let name = row[column].feature.flatMap({ names[$0] }) else { return .none }
            if let label = name.label { return .text(label.shown) }
            return raises == nil ? name.provisional.map(Value.provisional) ?? .none : .none
        }
        let isLabelled = rows.contains { row in named.contains { cell(row, $0) != .none } }
        let merged = isLabelled ? raises : nil
        func spread<Element>(_ elements: [Element], meaning: @autoclosure () -> Element, _ added: (Int) -> Element) -> [Element] {
            elements.enumerated().flatMap { column, element in
                (named.contains(column) ? [element, added(column)] : [element]) + (column == merged ? [meaning()] : [])
            }
        }
        var shown = columns
        if let merged { shown[merged].visibility = .dataOnly }
        let spreadColumns = spread(shown, meaning: .text("means")) { column in
            let key = column == first ? "label" : "\(columns[column].key)_label"
            return Column(key: key, label: "label", visibility: isLabelled && merged == nil ? columns[column].visibility : .dataOnly)
        }
        let spreadRows = rows.map { row in
            spread(row, meaning: cell(row, first) == .none ? row[merged!].provisional : cell(row, first)) { cell(row, $0) }
        }
        var table = Table(key, title: title, visibility: visibility, spreadColumns, rows: spreadRows, headings: headings)
        table.placeholder = placeholder
        return table
    }
}

extension Value {
    /// The feature that it names.
    fileprivate var feature: FeatureID? { if case .node(let feature, _) = self { feature } else { nil } }

    /// A list of tokens that a feature raises, in place of its label.
    fileprivate var provisional: Value {
        guard case .list(let tokens) = self else { return .none }
        let texts = tokens.compactMap { if case .quoted(let text) = $0 { text } else { nil } }
        return FeatureName.provisional(texts).map(Value.provisional) ?? .none
    }
}
