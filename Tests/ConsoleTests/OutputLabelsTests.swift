import GraphFiles
import Graphs
import Testing

@testable import Console
@testable import Workbench

/// Names beside the features that tables list.
@Suite struct OutputLabelsTests {
    private func table(_ columns: [Table.Column], _ rows: [[Value]]) -> Output { Output([.table(Table("rows", columns, rows: rows))]) }
    private func named(_ output: Output, _ names: [FeatureID: FeatureName]) throws -> Table {
        guard case .table(let table) = output.named(names).parts[0] else { throw CancellationError() }
        return table
    }
    private let one = FeatureID(layer: 0, index: 1)
    private let seven = FeatureID(layer: 3, index: 7)
    private var names: [FeatureID: FeatureName] {
        [
            one: FeatureName(label: FeatureLabel("Texas"), raises: []),
            seven: FeatureName(label: nil, raises: [TokenText(id: 1, text: " TX"), TokenText(id: 2, text: " ")]),
        ]
    }

    @Test func `a column of names comes after the features`() throws {
        let output = table(
            [.name("feature"), .right("activation")],
            [[.site(FeatureSite(layer: 0, position: 2, index: 1)), .activation(1)], [.feature(seven), .activation(2)]])
        #expect(output.features == [one, seven])
        let table = try named(output, names)
        #expect(table.columns.map(\.key) == ["feature", "label", "activation"] && table.columns[1].visibility == .everywhere)
        #expect(table.rows.map { $0[1] } == [.text("Texas"), .provisional("→ TX, ␣")])
        // Programs get what people said, and no more.
        #expect(table.rows.map { $0[1].json } == ["\"Texas\"", "null"] && table.rows.map { $0[1].csv } == ["Texas", ""])
    }

    @Test func `suggestions are in parentheses, and nothing is shown to people where nothing is known`() throws {
        let output = table([.name("source"), .name("target")], [[.feature(one), .feature(seven)]])
        let suggested = try named(output, [one: FeatureName(label: FeatureLabel("maybe", isSuggested: true), raises: [])])
        #expect(
            suggested.columns.map(\.key) == ["source", "label", "target", "target_label"]
                && suggested.rows == [[.feature(one), .text("(maybe)"), .feature(seven), .none]])
        let plain = try named(output, [:])
        #expect(plain.columns.map(\.visibility) == [.everywhere, .dataOnly, .everywhere, .dataOnly])
    }

    @Test func `where a table says what features raise, people see labels in its place, and programs both`() throws {
        let tokens = Value.tokens([TokenText(id: 1, text: " TX"), TokenText(id: 2, text: " ")])
        let output = table(
            [.name("feature"), .left("top_tokens", "raises"), .right("n")], [[.feature(one), tokens, .none], [.feature(seven), tokens, .none]])
        let table = try named(output, names)
        let seen = table.shown(to: .textOnly)
        #expect(seen.columns.map(\.label) == ["feature", "means", "n"])
        #expect(seen.rows.map { $0[1] } == [.text("Texas"), .provisional("→ TX, ␣")])
        let data = table.shown(to: .dataOnly)
        #expect(data.columns.map(\.key) == ["feature", "label", "top_tokens", "n"])
        #expect(data.rows.map { $0[1] } == [.text("Texas"), .none] && data.rows.map { $0[2] } == [tokens, tokens])
    }

    @Test func `a table that says what features raise, or has labels, or no features, is left alone`() throws {
        let raises = try named(table([.name("feature"), .left("top_tokens", "raises")], [[.feature(seven), .none]]), names)
        #expect(raises.rows[0][1] == .none)
        let labels = table([.name("feature"), .left("label")], [[.feature(one), .text("x")]])
        #expect(labels.named(names) == labels)
        let other = table([.name("name")], [[.text("0/1")]])
        #expect(other.named(names) == other && other.features.isEmpty)
    }
}
