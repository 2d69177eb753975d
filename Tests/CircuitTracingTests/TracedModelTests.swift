import CircuitTracing
import Foundation
import TestSupport
import Testing

/// The library's public entry point, on the bundled model.
@Suite struct TracedModelTests {
    private static let set = Fixtures.root.appending(path: "examples/atlas/plt").path
    private static let prompt = "Fact: the capital of the state containing Dallas is"
    private let model: TracedModel

    init() throws { model = try TracedModel(transcoders: Self.set) }

    @Test func `a graph's features are ranked, and the answer is less likely without the top ones`() throws {
        let graph = try model.attribute(Self.prompt)
        let features = graph.features(10)
        #expect(features.count == 10 && features.map(\.influence) == features.map(\.influence).sorted(by: >))
        #expect(features.allSatisfy { graph.featureNode(of: $0.site) != nil && $0.influence > 0 && $0.influence < 1 })
        let plain = try model.localized(Self.prompt).record
        let answer = try #require(try model.nextTokens(after: plain).first)
        #expect(answer.token.text == graph.targets[0].text && answer.rank == 1)
        #expect(abs(answer.probability - graph.targets[0].weight) < 1e-6)
        let run = try model.intervened(Self.prompt, features.map { Intervention($0.site, .zero) })
        let after = try model.nextTokens(after: run.record, count: graph.origin.vocabulary).first { $0.token == answer.token }
        #expect(try #require(after).probability < answer.probability)
    }

    /// Edges equal interventions (docs/method.md, section 8): with every layer constrained, doubling a feature changes a logit by the
    /// edge's weight.
    @Test func `an edge to the answer is the direct effect of an intervention`() throws {
        let graph = try model.attribute(Self.prompt, targets: .tokens([.text(" Austin")]))
        let layers = graph.origin.layers
        let row = graph.index.features
        let feature = try #require(graph.features(1).first)
        let node = try #require(graph.featureNode(of: feature.site))
        let plain = try model.localized(Self.prompt).record
        let run = try model.intervened(Self.prompt, [Intervention(feature.site, .scale(2))], options: RunOptions(constrainedLayers: 0..<layers))
        func centred(_ record: ForwardRecord) -> Float {
            let logits = model.replacement.decoder.nextTokenLogits(record, capped: false).elements
            return logits[graph.targets[0].id] - logits.reduce(0, +) / Float(logits.count)
        }
        let change = centred(run.record) - centred(plain)
        #expect(abs(change - graph.edges[row, node]) < 1e-4 * max(1, abs(change)))
    }

    @Test func `the greedy continuation begins with the most likely token`() throws {
        let next = try #require(try model.nextTokens(after: model.localized(Self.prompt).record).first)
        var options = GenerationOptions()
        options.newTokens = 3
        let continuation = try model.continued(Self.prompt, options: options)
        #expect((1...3).contains(continuation.tokens.count) && continuation.tokens[0] == next.token.id)
        #expect(throws: ModelError.emptyPrompt) { try model.continued("") }
    }

    @Test(arguments: ["pt", "safetensors"]) func `a graph is unchanged after writing and reading it`(_ form: String) throws {
        let (graph, folder) = (try model.attribute("The capital of"), try TemporaryFolder())
        let file = folder.url.appending(path: "graph.\(form)")
        try graph.write(to: file)
        let read = try AttributionGraph(contentsOf: file)
        #expect(read.edges == graph.edges && read.activeFeatures == graph.activeFeatures && read.targets == graph.targets)
    }

    @Test func `a notice names keys of a set's config that are not used`() throws {
        let folder = try TemporaryFolder()
        let set = folder.url.appending(path: "set")
        try FileManager.default.copyItem(atPath: Self.set, toPath: set.path)
        let config = set.appending(path: "config.yaml")
        try Data((String(contentsOf: config, encoding: .utf8) + "\nsurprise: 1\n").utf8).write(to: config)
        let changed = try TracedModel(transcoders: set.path)
        #expect(changed.notices == ["\(config.path) has unknown keys, which were ignored: surprise."])
        #expect(model.notices == [])
    }

    @Test func `the error for a missing folder is a sentence`() {
        let error = #expect(throws: SessionError.self) { try TracedModel(transcoders: "/no/such/set") }
        #expect(error?.description == "There is no folder /no/such/set.")
    }
}
