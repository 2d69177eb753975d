import Graphs
import Tensors
import TestSupport
import Testing

@Suite struct GraphPathTests {
    private let graph = RandomGraph(layers: 4, featuresPerSite: 1, positions: 2, targets: 2, seed: 9).graph

    /// The largest product of shares of any chain, found by trying all chains.
    private func best(from row: Int, to end: Int, _ influence: GraphInfluence) -> Float {
        if row == end { return 1 }
        guard row < graph.index.features else { return 0 }
        return (row + 1..<graph.edges.rows).map { next in
            influence.share(graph.edges[next, row], row: next) * best(from: next, to: end, influence)
        }.max() ?? 0
    }

    @Test func `the strongest path is the strongest of all chains`() throws {
        let influence = GraphInfluence(graph)
        for target in graph.targets.indices {
            let end = graph.index.features + target
            for feature in 0..<graph.index.features {
                let expected = best(from: feature, to: end, influence)
                guard expected > 0 else {
                    #expect(graph.strongestPath(from: feature, to: target, influence: influence) == nil)
                    continue
                }
                let path = try #require(graph.strongestPath(from: feature, to: target, influence: influence))
                #expect(path.rows.first == feature && path.rows.last == end && path.shares.count == path.rows.count - 1)
                #expect(abs(path.strength - expected) <= 1e-6 * expected)
                #expect(abs(path.shares.reduce(1, *) - path.strength) <= 1e-6 * expected)
                for (place, share) in path.shares.enumerated() {
                    let weight = graph.edges[path.rows[place + 1], path.rows[place]]
                    #expect(weight != 0 && share == influence.share(weight, row: path.rows[place + 1]))
                }
            }
        }
    }

    @Test func `a feature that sends nothing has no path`() {
        var edges = graph.edges
        for row in 0..<edges.rows { edges[row, 0] = 0 }
        let cut = AttributionGraph(
            prompt: graph.prompt, tokens: graph.tokens, activeFeatures: graph.activeFeatures, activations: graph.activations,
            selectedFeatures: graph.selectedFeatures, targets: graph.targets, edges: edges, origin: graph.origin)
        #expect(cut.strongestPath(from: 0, to: 0, influence: GraphInfluence(cut)) == nil)
        #expect(cut.strongestOutputs(of: 0, count: 10).isEmpty)
    }

    @Test func `the strongest edges come first, and zeros are left out`() {
        let last = graph.edges.rows - 1
        let inputs = graph.strongestInputs(ofRow: last, count: graph.index.sources)
        let magnitudes = inputs.map { abs(graph.edges[last, $0]) }
        #expect(magnitudes == magnitudes.sorted(by: >) && magnitudes.count == graph.edges.row(last).count { $0 != 0 })
        let outputs = graph.strongestOutputs(of: 1, count: 3)
        let all = (0..<graph.edges.rows).map { abs(graph.edges[$0, 1]) }.sorted(by: >)
        #expect(outputs.map { abs(graph.edges[$0, 1]) } == all.filter { $0 != 0 }.prefix(3).map(\.self))
    }

    @Test func `rows are the nodes that have inputs`() {
        let index = graph.index
        #expect((0..<graph.edges.rows).map { index.node(ofRow: $0) } == Array(0..<index.features) + Array(index.sources..<index.count))
    }
}
