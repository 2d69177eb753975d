import Attribution
import Checkpoints
import Graphs
import Replacement
import Tensors
import TestSupport
import Testing
import Transformers

/// In every golden case, every tensor of the graph equals the reference's.
@Suite(.everyKernelSet) struct GoldenGraphTests {
    @Test(arguments: GoldenCase.all + GoldenCase.gpt2) func `logits and active features`(_ golden: GoldenCase) throws {
        let tensors = try golden.tensors()
        let local = try Fixtures.localized(golden)
        let logits = local.model.decoder.logits(of: local.record, positions: 0..<local.record.positions)
        #expect(try difference(logits, tensors.matrix("logits")) == nil)
        #expect(try local.activations.sites == tensors.sites("active_features"))
        #expect(
            try difference(
                local.activations.values, tensors.floats("activation_values"), in: local.activations.sites.map(\.layer)) == nil)
    }

    @Test(arguments: GoldenCase.all) func `the graph of the most likely tokens`(_ golden: GoldenCase) throws {
        let (facts, tensors) = (try golden.facts(), try golden.tensors())
        var options = AttributionOptions()
        options.maxLogits = facts.settings.maxNLogits
        options.desiredLogitProbability = facts.settings.desiredLogitProb
        let graph = try golden.graph(options)
        try expect(graph, equals: tensors, prefix: "")

        let pruning = Pruning(graph, PruningThresholds(nodes: 0.8, edges: 0.98))
        #expect(try pruning.nodes == tensors.booleans("node_mask"))
        #expect(try square(pruning.edges, of: graph) == tensors.booleans("edge_mask"))
        #expect(try difference(pruning.cumulativeInfluence, tensors.floats("cumulative_scores"), scale: 1) == nil)

        let scores = GraphScores(graph, influence: GraphInfluence(graph))
        let (found, expected) = ([scores.replacement, scores.completeness], [facts.replacementScore, facts.completenessScore])
        #expect(difference(found, expected, scale: 1) == nil)
    }

    @Test(arguments: GoldenCase.all) func `half of the features, by influence`(_ golden: GoldenCase) throws {
        let settings = try golden.facts().halfSettings
        var options = AttributionOptions()
        options.maxLogits = settings.maxNLogits
        options.desiredLogitProbability = settings.desiredLogitProb
        options.maxFeatureNodes = settings.maxFeatureNodes
        options.batchSize = try #require(settings.batchSize)
        options.updateInterval = try #require(settings.updateInterval)
        try expect(golden.graph(options), equals: golden.tensors(), prefix: "half.")
    }

    @Test(arguments: GoldenCase.all.filter { $0.prompt == 0 }) func `named tokens`(_ golden: GoldenCase) throws {
        let tokens = try golden.facts().targets
        try expect(golden.graph(AttributionOptions(), tokens: tokens), equals: golden.tensors(), prefix: "targets.")
    }

    @Test(arguments: GoldenCase.all.filter { $0.prompt == 0 }) func `a custom direction`(_ golden: GoldenCase) throws {
        let local = try Fixtures.localized(golden)
        let tokens = try golden.facts().targets
        let logits = local.model.decoder.nextTokenLogits(local.record).elements
        let targets = AttributionTargets.difference(
            tokens[0], tokens[1], logits: logits, unembedding: Unembedding(local.model.decoder.weights.unembedding)
        ) { "#\($0)" }
        let graph = try AttributionEngine(local).graph(
            of: targets, options: AttributionOptions(), prompt: "", origin: .test(local.model))
        #expect(try difference(graph.adjacency, golden.tensors().matrix("diff.adjacency")) == nil)
    }

    @Test func `GPT-2's edges are the gradients of its frozen model`() throws {
        let tensors = try GoldenCase.gpt2[0].tensors()
        let graph = try GoldenCase.gpt2[0].graph(AttributionOptions())
        #expect(try graph.targets.map(\.id) == tensors.integers("logit_token_ids"))
        #expect(try difference(graph.targets.map(\.weight), tensors.floats("logit_probabilities"), scale: 1) == nil)
        #expect(try difference(graph.adjacency, tensors.matrix("adjacency")) == nil)
    }

    // MARK: -

    private func expect(_ graph: AttributionGraph, equals tensors: TensorArchive, prefix: String) throws {
        #expect(try graph.activeFeatures == tensors.sites(prefix + "active_features"))
        #expect(try graph.selectedFeatures == tensors.integers(prefix + "selected_features"))
        #expect(try graph.targets.map(\.id) == tensors.integers(prefix + "logit_token_ids"))
        #expect(try difference(graph.targets.map(\.weight), tensors.floats(prefix + "logit_probabilities"), scale: 1) == nil)
        #expect(try difference(graph.adjacency, tensors.matrix(prefix + "adjacency")) == nil)
    }

    /// Edge flags as a square matrix.
    private func square(_ edges: [Bool], of graph: AttributionGraph) -> [Bool] {
        let flags = Matrix(rows: graph.edges.rows, columns: graph.edges.columns, elements: edges.map { $0 ? 1 : 0 })
        let marked = AttributionGraph(
            prompt: "", tokens: graph.tokens, activeFeatures: graph.activeFeatures, activations: graph.activations,
            selectedFeatures: graph.selectedFeatures, targets: graph.targets, edges: flags, origin: graph.origin)
        return marked.adjacency.elements.map { $0 == 1 }
    }
}
