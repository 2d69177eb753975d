import Evidence
import Figures
import Foundation
import GraphFiles
import Graphs
import TestSupport
import Testing

@testable import Workbench

/// What people call features of the bundled set.
@Suite struct LabelTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var environment: SessionEnvironment {
        var environment = SessionEnvironment.test(cache: nil)
        environment.labels = folder.url.appending(path: "labels")
        return environment
    }

    private func session(prompt: String? = AtlasPrompt.dallas) async throws -> Session { try await .atlas(prompt: prompt, environment: environment) }

    private func texts(_ report: LabelsReport) -> [String] { report.rows.map { "\($0.feature) \($0.label.shown)" } }
    private func feature(_ layer: Int, _ index: Int) -> SetExpression { .sites(SitesTerm(FeatureID(layer: layer, index: index), at: nil)) }

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
        // What they raise is computed only where it is wanted.
        let fresh = try await self.session()
        #expect(try await fresh.names(of: [city, state], provisional: false) == [city: names[city]!, state: FeatureName(label: nil, raises: [])])
        #expect(await fresh.raised.isEmpty)
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
        #expect(await sentence { _ = try await session.acceptLabels(of: nil) } == "There are no suggested labels of this set.")
    }

    /// The bundled set with examples of a feature that is active on the prompt, beside its graphs.
    private func sessionWithExamples(of feature: FeatureID, peak: String) async throws -> Session {
        var environment = environment
        environment.graphs = folder.url.appending(path: "graphs")
        let session = try await Session.atlas(environment: environment)
        let examples = (0..<4).map { FeatureEvidence.Example(tokens: ["text \($0)", $0 < 2 ? peak : "other \($0)"], activations: [0, 1]) }
        let evidence = FeatureEvidence(feature: feature, quantiles: [.init(name: "Top", examples: examples), .init(name: "Below", examples: [])])
        try EvidenceWriter.loose(evidence, scan: "atlas/plt", to: folder.url.appending(path: "graphs"))
        return session
    }

    @Test func `a rule suggests labels, replaces its own, and leaves a person's alone`() async throws {
        let city = FeatureID(layer: 0, index: 1292)
        let session = try await sessionWithExamples(of: city, peak: " Dallas")
        _ = try await session.label(feature(0, 1072), as: "mine")
        try await session.labels.change("atlas/plt", [city: FeatureLabel("older", isSuggested: true)])
        let pair = SetExpression.combined(feature(0, 1292), .union, feature(0, 1072))
        let report = try await session.suggestLabels(of: pair)
        #expect(texts(report.labels) == [#"0/1292 (fires on "Dallas")"#] && report.labelled == 1 && report.unclear == 0 && report.notices.isEmpty)
        #expect(texts(try await session.labelList()) == ["0/1072 mine", #"0/1292 (fires on "Dallas")"#])
        #expect(texts(try await session.acceptLabels(of: feature(0, 1292))) == [#"0/1292 fires on "Dallas""#])
        #expect(try await session.suggestLabels(of: pair).labelled == 2)
    }

    @Test func `without a set labels are suggested for the graph, or else for the prompt`() async throws {
        let session = try await sessionWithExamples(of: FeatureID(layer: 0, index: 1292), peak: " Dallas")
        let local = try await session.suggestLabels()
        let active = Set(try await session.meaning(of: .sites(SitesTerm(layers: .all, index: nil, positions: nil))).members.map(\.selector.feature))
        #expect(local.labels.rows.count + local.unclear == min(active.count, Session.mostSuggested))
        #expect(local.labels.rows.contains { $0.feature == FeatureID(layer: 0, index: 1292) })
        #expect(local.labels.rows.allSatisfy { $0.label.isSuggested })
        _ = try await session.attribute(atMost: 20)
        let graph = try await session.suggestLabels()
        let nodes = Set(try await session.features(count: .max, order: .influence).rows.map(\.site.feature))
        #expect(graph.labels.rows.count + graph.unclear == nodes.count && nodes.count <= 20)
    }

    @Test func `where there are no examples that is said, and nothing happens without features`() async throws {
        let session = try await session()
        let report = try await session.suggestLabels(of: feature(5, 519))
        #expect(texts(report.labels) == ["5/519 (says \"\\\"\")"])
        #expect(report.notices == ["No examples of these features are here, so labels only say what they raise. `index CORPUS` makes examples."])
        let plain = Session(environment: .test(cache: nil))
        #expect(await sentence { _ = try await plain.suggestLabels() } == "Labels belong to the features of a transcoder set, and none is loaded.")
        let bare = try await self.session(prompt: nil)
        #expect(await sentence { _ = try await bare.suggestLabels() }?.hasPrefix("There is no prompt") == true)
    }

    @Test func `a suggestion that is stopped labels nothing`() async throws {
        let session = try await session()
        let task = Task { try await session.suggestLabels { _ in withUnsafeCurrentTask { $0?.cancel() } } }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await session.labelList().rows.isEmpty)
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

    @Test func `what is decided about a label goes before what a graph's file says`() async throws {
        let session = try await session()
        _ = try await session.attribute()
        let graphs = GraphFolder(folder.url.appending(path: "graphs"))
        let slug = try GraphSlug(#require(try await session.setViewedFolder(graphs.url)))
        let sites = try graphs.document(slug).nodes.compactMap { node in if case .feature(let site) = node.node { (id: node.id, site: site) } else { nil } }
        let (one, two) = (sites[0], try #require(sites.first { $0.site.feature != sites[0].site.feature }))
        var parameters = QueryParameters()
        parameters.labels = [NodeLabel(id: one.id, text: "from a page"), NodeLabel(id: two.id, text: "too")]
        try graphs.save(parameters, to: slug)
        func expression(_ site: FeatureSite) -> SetExpression { feature(site.layer, site.index) }
        // Labels of the graph alone can be taken away, once.
        #expect(try await session.deleteLabels(of: expression(one.site)).removed == 1)
        #expect(try graphs.document(slug).parameters.labels == [NodeLabel(id: two.id, text: "too")])
        #expect(await sentence { _ = try await session.deleteLabels(of: expression(one.site)) } == "No feature of \(one.site.feature) has a label.")
        // Imported ones take their place, and the same ones stay.
        let file = folder.url.appending(path: "l.tsv")
        try Data("\(two.site.feature)\ttoo\n".utf8).write(to: file)
        _ = try await session.importLabels(from: file.path)
        #expect(try graphs.document(slug).parameters.labels == [NodeLabel(id: two.id, text: "too")])
        try Data("\(two.site.feature)\tbetter\n".utf8).write(to: file)
        let revision = session.published.revision
        _ = try await session.importLabels(from: file.path)
        #expect(try graphs.document(slug).parameters.labels.isEmpty && session.published.revision > revision)
        #expect(texts(try await session.labelList()) == ["\(two.site.feature) better"])
    }

    @Test func `a graph's own names of nodes are imported, and can be taken away`() async throws {
        let session = try await session()
        _ = try await session.attribute()
        let path = folder.url.appending(path: "g.json").path
        _ = try await session.saveGraph(to: path)
        let url = URL(filePath: path)
        let document = try GraphDocument(json: Array(Data(contentsOf: url)), from: url)
        let site = try #require(document.nodes.compactMap { node in if case .feature(let site) = node.node { site } else { nil } }.first)
        try document.labelled([site.feature: FeatureLabel("of the file")]).write(to: url)
        _ = try await session.openGraph(at: path)
        #expect(try await session.deleteLabels(of: feature(site.layer, site.index)).removed == 1)
        #expect(texts(try await session.importLabels(from: path)) == ["\(site.feature) of the file"])
    }

    @Test func `circuits show suggested labels in parentheses, as tables do`() async throws {
        let session = try await session()
        _ = try await session.attribute()
        let site = try #require(try await session.features(count: 1, order: .influence).rows.first).site
        try await session.labels.change("atlas/plt", [site.feature: FeatureLabel("maybe", isSuggested: true)])
        try await session.annotate { $0.pinnedIDs = ["\(site.layer)_\(site.index)_\(site.position)"] }
        #expect(try await session.circuit().figure.cards.map(\.name) == ["(maybe)"])
        _ = try await session.acceptLabels(of: nil)
        #expect(try await session.circuit().figure.cards.map(\.name) == ["maybe"])
    }

    @Test func `what cannot be labelled is said`() async throws {
        let session = try await session()
        #expect(
            await sentence { _ = try await session.label(self.feature(9, 0), as: "x") }
                == "There is no layer 9: the set has layers 0 to 5.")
        #expect(await sentence { _ = try await session.label(self.feature(0, 0), as: " ") } == "A label needs a text. `label delete 0/0` takes labels away.")
        #expect(
            await sentence { _ = try await session.label(self.feature(0, 0), as: "a\tb") } == "A label is one line, without tabs and other control characters.")
        #expect(await sentence { _ = try await session.deleteLabels(of: self.feature(0, 0)) } == "No feature of 0/0 has a label.")
        #expect(await sentence { _ = try await session.exportLabels(to: "/nowhere/l.tsv") } == "There are no labels to write yet. `label SET TEXT` makes one.")
        let file = folder.url.appending(path: "beyond.tsv")
        try Data("0/1\tone\n99/2\ttwo\n".utf8).write(to: file)
        #expect(
            await sentence { _ = try await session.importLabels(from: file.path) }
                == "\(file.path) has a label of 99/2, a feature that atlas/plt does not have.")
        #expect(try await session.labelList().rows.isEmpty)
        let plain = Session(environment: .test(cache: nil))
        #expect(await sentence { _ = try await plain.labelList() } == "Labels belong to the features of a transcoder set, and none is loaded.")
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
        let confined = Session(environment: environment)
        await confined.confineWrites(to: ThrowAwayFolder())
        _ = try await confined.load(model: nil, transcoders: "atlas/plt")
        #expect(try await confined.labelList().rows.isEmpty)
        _ = try await confined.label(feature(0, 2), as: "theirs")
        #expect(texts(try await user.labelList()) == ["0/1 mine"])
        #expect(texts(try await confined.labelList()) == ["0/2 theirs"])
    }
}
