import Attribution
import Graphs
import Replacement
import Tensors
import TestSupport
import Testing
import Transformers

@Suite struct EdgeVerificationTests {
    @Test(arguments: TestModel.all) func `a graph's edges are verified, and wrong edges are found`(_ test: TestModel) throws {
        let (local, graph) = try test.graph()
        let verification = try EdgeVerification(of: graph, on: local, count: 30, seed: 4)
        #expect(verification.holds && verification.edges.count > 10)
        #expect(try EdgeVerification(of: graph, on: local, count: 30, seed: 4) == verification)
        // One of the drawn edges is off by one per cent.
        var edges = graph.edges
        let drawn = verification.edges[3]
        edges[drawn.row, drawn.source] += 0.01 * (1 + abs(drawn.weight))
        let wrong = try EdgeVerification(of: graph.with(edges, graph.targets), on: local, count: 30, seed: 4)
        #expect(!wrong.holds && abs(wrong.largestError - 0.01 * (1 + abs(drawn.weight))) < 1e-3 * (1 + abs(drawn.weight)))
    }

    @Test func `edges to a direction are not drawn`() throws {
        let (local, graph) = try TestModel.all[0].graph()
        let vocabulary = local.model.decoder.spec.vocabulary
        let directions = graph.targets.enumerated().map { AttributionTarget(text: "d", id: vocabulary + $0, weight: $1.weight) }
        let verification = try EdgeVerification(of: graph.with(graph.edges, directions), on: local, count: 300, seed: 1)
        #expect(verification.holds && verification.edges.allSatisfy { $0.row < graph.index.features })
        #expect(try EdgeVerification(of: graph, on: local, count: 300, seed: 1).edges.contains { $0.row >= graph.index.features })
    }
}

extension AttributionGraph {
    fileprivate func with(_ edges: Matrix, _ targets: [AttributionTarget]) -> AttributionGraph {
        AttributionGraph(
            prompt: prompt, tokens: tokens, activeFeatures: activeFeatures, activations: activations,
            selectedFeatures: selectedFeatures, targets: targets, edges: edges, origin: origin)
    }
}
