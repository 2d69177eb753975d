import Foundation
import GraphFiles
import Graphs
import TestSupport
import Testing

@testable import Workbench

/// What people call features of the bundled set.
@Suite struct LabelTests {
    private static let dallas = "Fact: the capital of the state containing Dallas is"
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func session(prompt: String? = dallas) async throws -> Session {
        var environment = SessionEnvironment.test(cache: nil)
        environment.labels = folder.url.appending(path: "labels")
        let session = Session(environment: environment)
        _ = try await session.load(model: nil, transcoders: "atlas/plt")
        if let prompt { _ = try await session.setPrompt(prompt) }
        return session
    }

    private func texts(_ report: LabelsReport) -> [String] { report.rows.map { "\($0.feature) \($0.label.shown)" } }
    private func feature(_ layer: Int, _ index: Int) -> SetExpression { .sites(SitesTerm(FeatureID(layer: layer, index: index), at: nil)) }

    private func error(_ work: () async throws -> Void) async -> String? {
        do { try await work() } catch { return "\(error)" }
        return nil
    }

    @Test func `a label is the feature's on every prompt and in every session`() async throws {
        let session = try await session(prompt: nil)
        #expect(texts(try await session.label(feature(0, 1292), as: "Dallas")) == ["0/1292 Dallas"])
        let other = try await self.session(prompt: "Fact: the")
        #expect(texts(try await other.labelList()) == ["0/1292 Dallas"])
    }

    @Test func `sets are labelled, listed and unlabelled`() async throws {
        let session = try await session()
        let strongest = SetExpression.call(SetCallTerm(name: "strongest", arguments: [.count(3)]))
        let labelled = try await session.label(strongest, as: "strong")
        #expect(labelled.rows.count == 3 && Set(labelled.rows.map(\.label.text)) == ["strong"])
        #expect(texts(try await self.session().labelList()) == texts(labelled))
        #expect(texts(try await session.labelList(strongest)) == texts(labelled))
        let first = labelled.rows[0].feature
        #expect(try await session.deleteLabels(of: feature(first.layer, first.index)).removed == 1)
        #expect(try await session.labelList().rows.map(\.feature) == labelled.rows.dropFirst().map(\.feature))
        // The call of the grammar finds what is active here.
        let found = try await session.meaning(of: .call(SetCallTerm(name: "label", arguments: [.text("STRONG")])))
        #expect(Set(found.members.map(\.selector.feature)) == Set(labelled.rows.dropFirst().map(\.feature)))
    }

    @Test func `names are labels, else what is raised, and nothing for a long list`() async throws {
        let session = try await session()
        let (city, state) = (FeatureID(layer: 0, index: 1292), FeatureID(layer: 5, index: 1098))
        _ = try await session.label(feature(0, 1292), as: "Dallas")
        let names = try await session.names(of: [city, state])
        #expect(names[city]?.label == FeatureLabel("Dallas") && names[state]?.label == nil)
        let report = try await session.feature(state, count: 3)
        #expect(names[state]?.raises == report.top.map(\.token))
        #expect(names[state]?.provisional == "→ " + report.top.map { $0.token.text.trimmingCharacters(in: .whitespaces) }.joined(separator: ", "))
        let many = Set((0..<100).map { FeatureID(layer: 0, index: $0) }).union([city])
        let long = try await session.names(of: many)
        #expect(long[city]?.label?.text == "Dallas" && long.values.allSatisfy { $0.raises.isEmpty })
    }

    @Test func `suggested labels are accepted, and give way to a person's`() async throws {
        let session = try await session()
        let file = folder.url.appending(path: "suggested.tsv")
        try Data("0/1\tone\tsuggested\n0/2\ttwo\tsuggested\n".utf8).write(to: file)
        _ = try await session.label(feature(0, 2), as: "mine")
        #expect(texts(try await session.importLabels(from: file.path)) == ["0/1 (one)"])
        #expect(texts(try await session.labelList()) == ["0/1 (one)", "0/2 mine"])
        #expect(texts(try await session.acceptLabels(of: nil)) == ["0/1 one"])
        #expect(await error { _ = try await session.acceptLabels(of: nil) } == "There are no suggested labels of this set.")
    }

    @Test(arguments: ["out.tsv", "out.jsonl"]) func `what is exported is imported again`(_ name: String) async throws {
        let session = try await session()
        _ = try await session.label(feature(0, 7), as: "Texas, \"the\" state")
        let path = folder.url.appending(path: name).path
        _ = try await session.exportLabels(to: path)
        _ = try await session.deleteLabels(of: feature(0, 7))
        #expect(texts(try await session.importLabels(from: path)) == ["0/7 Texas, \"the\" state"])
    }

    @Test func `a graph's labels are imported`() async throws {
        let session = try await session()
        _ = try await session.attribute()
        let path = folder.url.appending(path: "g.json").path
        _ = try await session.saveGraph(to: path)
        let document = try GraphDocument(json: Array(Data(contentsOf: URL(filePath: path))), from: URL(filePath: path))
        let node = try #require(document.nodes.first { if case .feature = $0.node { true } else { false } })
        var parameters = QueryParameters()
        parameters.labels = [NodeLabel(id: node.id, text: "from a page")]
        try document.with(parameters).write(to: URL(filePath: path))
        guard case .feature(let site) = node.node else { return }
        #expect(texts(try await session.importLabels(from: path)) == ["\(site.feature) from a page"])
    }

    @Test func `what cannot be labelled is said`() async throws {
        let session = try await session()
        #expect(
            await error { _ = try await session.label(self.feature(9, 0), as: "x") }
                == "There is no layer 9: the set has layers 0 to 5.")
        #expect(await error { _ = try await session.label(self.feature(0, 0), as: " ") } == "A label needs a text. `label delete 0/0` takes labels away.")
        #expect(
            await error { _ = try await session.label(self.feature(0, 0), as: "a\tb") } == "A label is one line, without tabs and other control characters.")
        #expect(await error { _ = try await session.deleteLabels(of: self.feature(0, 0)) } == "No feature of 0/0 has a label.")
        #expect(await error { _ = try await session.exportLabels(to: "/nowhere/l.tsv") } == "There are no labels to write yet. `label SET TEXT` makes one.")
        let file = folder.url.appending(path: "beyond.tsv")
        try Data("0/1\tone\n99/2\ttwo\n".utf8).write(to: file)
        #expect(
            await error { _ = try await session.importLabels(from: file.path) }
                == "\(file.path) has a label of 99/2, a feature that atlas/plt does not have.")
        #expect(try await session.labelList().rows.isEmpty)
        let plain = Session(environment: .test(cache: nil))
        #expect(await error { _ = try await plain.labelList() } == "Labels belong to the features of a transcoder set, and none is loaded.")
    }

    @Test func `labels that a set brings along are shown until the user gives others`() async throws {
        let set = folder.url.appending(path: "set")
        try FileManager.default.copyItem(at: Fixtures.root.appending(path: "examples/atlas/plt").resolvingSymlinksInPath(), to: set)
        try Data("0/1\tshipped\n0/2\talso\n".utf8).write(to: set.appending(path: "labels.tsv"))
        let session = try await session()
        _ = try await session.load(model: nil, transcoders: set.path)
        #expect(texts(try await session.labelList()) == ["0/1 shipped", "0/2 also"])
        _ = try await session.label(feature(0, 1), as: "mine")
        _ = try await session.deleteLabels(of: feature(0, 2))
        #expect(texts(try await session.labelList()) == ["0/1 mine"])
        try Data("0/1\n".utf8).write(to: set.appending(path: "labels.tsv"))
        #expect(try await session.load(model: nil, transcoders: set.path).notices.contains { $0.hasSuffix("The set's labels are not shown.") })
    }

    @Test func `a session that writes to a throwaway folder sees and changes no labels of the user's`() async throws {
        let user = try await session()
        _ = try await user.label(feature(0, 1), as: "mine")
        var environment = SessionEnvironment.test(cache: nil)
        environment.labels = folder.url.appending(path: "labels")
        let confined = Session(environment: environment)
        await confined.confineWrites(to: try ThrowAwayFolder())
        _ = try await confined.load(model: nil, transcoders: "atlas/plt")
        #expect(try await confined.labelList().rows.isEmpty)
        _ = try await confined.label(feature(0, 2), as: "theirs")
        #expect(texts(try await user.labelList()) == ["0/1 mine"])
        #expect(texts(try await confined.labelList()) == ["0/2 theirs"])
    }
}
