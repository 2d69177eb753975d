import Graphs
import Tensors
import TestSupport
import Testing

@Suite struct InfluenceTests {
    /// A random graph with three layers of features at one position and edges only from lower to higher layers.
    private func graph(seed: UInt64) -> AttributionGraph {
        var random = RandomBits(seed: seed)
        let (layers, perLayer, positions) = (3, 4, 2)
        let sites = (0..<layers).flatMap { layer in (0..<perLayer).map { FeatureSite(layer: layer, position: 1, index: $0) } }
        let index = NodeIndex(features: sites.count, layers: layers, positions: positions, targets: 2)
        var edges = Matrix(rows: sites.count + 2, columns: index.sources)
        for row in 0..<edges.rows {
            let layer = row < sites.count ? sites[row].layer : layers
            for column in 0..<edges.columns {
                let isBelow = column < sites.count ? sites[column].layer < layer : !index.errors.contains(column) || (column - sites.count) / positions < layer
                if isBelow { edges[row, column] = random.floats(1)[0] }
            }
        }
        return AttributionGraph(
            prompt: "", tokens: [1, 2], activeFeatures: sites, activations: sites.map { _ in 1 },
            selectedFeatures: Array(sites.indices),
            targets: [AttributionTarget(text: "a", id: 0, weight: 0.7), AttributionTarget(text: "b", id: 1, weight: 0.2)],
            edges: edges,
            origin: GraphOrigin(
                model: "m", scan: nil, architecture: "a", layers: layers, width: 1, heads: 1, keyValueHeads: 1, headWidth: 1,
                mlpWidth: 1, vocabulary: 2, tokenizerSize: 2))
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func `one sweep gives the power series`(_ seed: UInt64) {
        let graph = graph(seed: seed)
        let index = graph.index
        // w Â + w Â² + ... with the square matrix, in doubles.
        let square = graph.adjacency
        let shares = (0..<index.count).map { row in
            let sum = square.row(row).reduce(0.0) { $0 + Double(abs($1)) }
            return square.row(row).map { Double(abs($0)) / max(sum, 1e-10) }
        }
        var product = [Double](repeating: 0, count: index.count)
        for (target, weight) in graph.targets.map(\.weight).enumerated() { product[index.target(target)] = Double(weight) }
        var series = [Double](repeating: 0, count: index.count)
        for _ in 0..<10 {
            product = (0..<index.count).map { column in (0..<index.count).reduce(0) { $0 + product[$1] * shares[$1][column] } }
            for place in series.indices { series[place] += product[place] }
        }
        #expect(product.allSatisfy { $0 == 0 }, "the graph has a cycle")
        #expect(difference(GraphInfluence(graph).sources + [0, 0], series.map { Float($0) }) == nil)
    }

    @Test func `a kept node sends an edge and a kept feature receives one`() {
        var errors = 0
        for seed in 1...20 as ClosedRange<UInt64> {
            let graph = graph(seed: seed)
            let pruning = Pruning(graph, PruningThresholds(nodes: 0.6, edges: 0.8))
            let kept = (0..<graph.index.errors.upperBound).filter { pruning.nodes[$0] }
            let features = kept.prefix { $0 < graph.index.features }
            #expect(!features.isEmpty && kept.count < graph.index.errors.upperBound, "seed \(seed)")
            errors += kept.count - features.count
            for node in kept {
                #expect((0..<graph.edges.rows).contains { pruning.edges[$0 * graph.edges.columns + node] }, "seed \(seed), node \(node)")
            }
            for node in features {
                #expect((0..<graph.edges.columns).contains { pruning.edges[node * graph.edges.columns + $0] }, "seed \(seed), node \(node)")
            }
        }
        #expect(errors > 0)
    }

    @Test func `without any influence, only tokens and targets are kept`() {
        let graph = graph(seed: 5)
        let empty = AttributionGraph(
            prompt: "", tokens: graph.tokens, activeFeatures: graph.activeFeatures, activations: graph.activations,
            selectedFeatures: graph.selectedFeatures, targets: graph.targets,
            edges: Matrix(rows: graph.edges.rows, columns: graph.edges.columns), origin: graph.origin)
        let pruning = Pruning(empty)
        #expect(pruning.nodes == (0..<graph.index.count).map { $0 >= graph.index.tokens.lowerBound })
        #expect(!pruning.edges.contains(true))
    }

    @Test func `nodes are at the places that the index gives`() {
        let graph = graph(seed: 6)
        let index = graph.index
        #expect(graph.node(at: 5) == .feature(FeatureSite(layer: 1, position: 1, index: 1)))
        #expect(graph.node(at: index.error(layer: 2, position: 1)) == .error(layer: 2, position: 1))
        #expect(graph.node(at: index.token(position: 1)) == .token(position: 1))
        #expect(graph.node(at: index.target(1)) == .target(1))
        #expect(graph.featureNode(of: FeatureSite(layer: 2, position: 1, index: 3)) == 11)
        #expect(graph.featureNode(of: FeatureSite(layer: 2, position: 0, index: 3)) == nil)
    }

    @Test func `sites are rows of three numbers`() {
        let sites = [FeatureSite(layer: 1, position: 2, index: 3), FeatureSite(layer: 4, position: 5, index: 6)]
        #expect(sites.numbers == [1, 2, 3, 4, 5, 6])
        #expect([FeatureSite](numbers: sites.numbers) == sites)
        #expect([FeatureSite](numbers: [1, 2, 3, 4]) == nil)
    }
}
