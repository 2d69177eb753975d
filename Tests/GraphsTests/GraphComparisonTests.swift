import Graphs
import Tensors
import TestSupport
import Testing

/// Comparisons of handmade graphs with one layer of features.
@Suite struct GraphComparisonTests {
    private static func origin(layers: Int = 1, width: Int = 8, vocabulary: Int = 100) -> GraphOrigin {
        GraphOrigin(
            model: "tiny/hand", scan: "tiny/hand-plt", architecture: "none", layers: layers, width: width, heads: 1, keyValueHeads: 1,
            headWidth: 4, mlpWidth: 16, vocabulary: vocabulary, tokenizerSize: 90)
    }

    /// - Parameters:
    ///   - features: index and position.
    ///   - edges: from features, errors (one at each position) and tokens to features and targets.
    private func graph(
        tokens: Int, features: [(index: Int, position: Int)], targets: [(id: Int, weight: Float)], edges: [(row: Int, column: Int, weight: Float)],
        origin: GraphOrigin = GraphComparisonTests.origin(), texts: [String]? = nil
    ) -> AttributionGraph {
        let index = NodeIndex(features: features.count, layers: origin.layers, positions: tokens, targets: targets.count)
        var matrix = Matrix(rows: features.count + targets.count, columns: index.sources)
        for edge in edges { matrix[edge.row, edge.column] = edge.weight }
        return AttributionGraph(
            prompt: "p", tokens: Array(0..<tokens), activeFeatures: features.map { FeatureSite(layer: 0, position: $0.position, index: $0.index) },
            activations: features.map { _ in 1 }, selectedFeatures: Array(features.indices),
            targets: targets.enumerated().map { AttributionTarget(text: texts?[$0] ?? "t\($1.id)", id: $1.id, weight: $1.weight) }, edges: matrix,
            origin: origin)
    }

    private func feature(_ index: Int, _ position: Int) -> Node { .feature(FeatureSite(layer: 0, position: position, index: index)) }

    /// Each graph has two features, one of which is also in the other graph. Columns 0 and 1 are features, 2 and 3 errors, 4 and 5
    /// tokens.
    private var before: AttributionGraph {
        graph(
            tokens: 2, features: [(5, 0), (7, 1)], targets: [(11, 1)],
            edges: [(0, 4, 2), (1, 5, 1), (2, 0, 3), (2, 1, 1)])
    }
    private var after: AttributionGraph {
        graph(
            tokens: 2, features: [(5, 0), (8, 1)], targets: [(11, 0.5), (12, 0.25)],
            edges: [(0, 4, -2), (2, 0, 1), (2, 1, 1), (3, 1, 4)])
    }

    @Test func `nodes are matched by their site, targets by their token`() throws {
        let comparison = try GraphComparison(before, after)
        #expect(comparison.gone.map(\.before) == [feature(7, 1)] && comparison.gone.map(\.after) == [nil])
        #expect(comparison.new.map(\.after) == [feature(8, 1), .target(1)])
        #expect(comparison.kept.count == 6)
        #expect(comparison.kept.allSatisfy { $0.before == $0.after })
        // The feature has three quarters of the inputs of a target of weight 1, then half of those of a target of weight 0.5.
        let first = try #require(comparison.kept.first { $0.before == feature(5, 0) })
        #expect(first.influenceBefore == 0.75 && first.influenceAfter == 0.25 && first.influenceChange == -0.5)
        let target = try #require(comparison.kept.first { $0.before == .target(0) })
        #expect(target.influenceBefore == 1 && target.influenceAfter == 0.5)
        #expect(comparison.gone[0].influenceBefore == 0.25 && comparison.gone[0].influenceAfter == nil && comparison.gone[0].influenceChange == -0.25)
        #expect(comparison.new[0].influenceAfter == 0.5)
    }

    @Test func `the largest change of influence comes first`() throws {
        let changes = try GraphComparison(before, after).kept.map { abs($0.influenceChange) }
        #expect(changes == changes.sorted(by: >) && changes.first == 0.5)
    }

    @Test func `edges are kept, flipped, gone and new`() throws {
        let comparison = try GraphComparison(before, after)
        let edges = comparison.edges
        // Kept: feature 5 to the target. Flipped: the token to feature 5. Gone: both edges of feature 7. New: both edges of feature 8.
        #expect((edges.kept, edges.flipped, edges.gone, edges.new) == (1, 1, 2, 2))
        let changes = comparison.largestChanges
        #expect(changes.map(\.change) == [-4, 4, -2, -1, -1, 1])
        #expect(changes.map(\.fate) == [.flipped, .new, .kept, .gone, .gone, .new])
        #expect(changes[0].source.before == .token(position: 0) && changes[0].target.after == feature(5, 0))
        #expect(changes[1].source.before == nil && changes[1].source.after == feature(8, 1) && changes[1].target.after == .target(1))
        #expect(changes[1].before == 0 && changes[1].after == 4)
    }

    @Test func `kept edges of another strength are counted, from one per cent on`() throws {
        func comparison(_ factor: Float) throws -> GraphComparison {
            let graph = RandomGraph(layers: 2, featuresPerSite: 1, positions: 2, targets: 1, seed: 1).graph
            var edges = graph.edges
            for index in edges.elements.indices { edges.elements[index] *= factor }
            let other = AttributionGraph(
                prompt: graph.prompt, tokens: graph.tokens, activeFeatures: graph.activeFeatures, activations: graph.activations,
                selectedFeatures: graph.selectedFeatures, targets: graph.targets, edges: edges, origin: graph.origin)
            return try GraphComparison(graph, other)
        }
        #expect(try comparison(1.009).edges.changed == 0)
        #expect(try comparison(1.02).edges.changed == comparison(1).edges.kept)
        #expect(try comparison(0.98).edges.changed == comparison(1).edges.kept)
        #expect(try comparison(-1).edges.changed == 0)
    }

    @Test func `edges to some features can be left out of the list, and are counted`() throws {
        let set: Set = [FeatureSite(layer: 0, position: 0, index: 5)]
        for isFirst in [true, false] {
            let comparison = try GraphComparison(before, after, notListing: (before: isFirst ? set : [], after: isFirst ? [] : set))
            #expect(comparison.largestChanges.map(\.change) == [4, -2, -1, -1, 1])
            #expect(comparison.edges == (try GraphComparison(before, after).edges))
        }
        // The same feature of a longer prompt has another position.
        let longer = graph(tokens: 4, features: [(5, 2)], targets: [(11, 1)], edges: [(0, 7, 5), (1, 0, 3)])
        let moved: Set = [FeatureSite(layer: 0, position: 2, index: 5)]
        let all = try GraphComparison(before, longer).largestChanges
        #expect(all.contains { $0.target.before == feature(5, 0) })
        #expect(try GraphComparison(before, longer, notListing: ([], moved)).largestChanges == all.filter { $0.target.before != feature(5, 0) })
    }

    @Test func `the requested number of changes is listed`() throws {
        #expect(try GraphComparison(before, after, changes: 2).largestChanges.map(\.change) == [-4, 4])
        #expect(try GraphComparison(before, after, changes: 0).largestChanges.isEmpty)
        #expect(try GraphComparison(before, after, changes: .max).largestChanges.count == 6)
    }

    @Test func `if the prompts differ in length, positions are counted from the end`() throws {
        let longer = graph(
            tokens: 4, features: [(5, 0), (5, 2), (7, 3)], targets: [(11, 1)],
            edges: [(1, 9, 2), (2, 10, 1), (3, 1, 3), (3, 2, 1), (3, 0, 0.5)])
        let comparison = try GraphComparison(before, longer)
        #expect(comparison.gone.isEmpty)
        let kept = Dictionary(uniqueKeysWithValues: comparison.kept.map { ($0.before, $0.after) })
        #expect(kept[feature(5, 0)] == feature(5, 2) && kept[feature(7, 1)] == feature(7, 3))
        #expect(kept[.error(layer: 0, position: 1)] == .error(layer: 0, position: 3) && kept[.token(position: 0)] == .token(position: 2))
        #expect(comparison.new.map(\.after).contains(feature(5, 0)) && comparison.new.count == 5)
        #expect((comparison.edges.kept, comparison.edges.new, comparison.edges.gone) == (4, 1, 0))
    }

    @Test func `swapping the graphs swaps gone and new`() throws {
        let (forth, back) = (try GraphComparison(before, after), try GraphComparison(after, before))
        #expect(forth.gone.map(\.before) == back.new.map(\.after) && forth.new.map(\.after) == back.gone.map(\.before))
        #expect(forth.edges.gone == back.edges.new && forth.edges.kept == back.edges.kept && forth.edges.flipped == back.edges.flipped)
    }

    @Test func `a graph compared with itself shows no changes`() throws {
        let graph = RandomGraph(layers: 3, featuresPerSite: 2, positions: 4, targets: 3, seed: 5).graph
        let comparison = try GraphComparison(graph, graph, changes: 5)
        #expect(comparison.kept.count == graph.index.count && comparison.gone.isEmpty && comparison.new.isEmpty)
        #expect(comparison.kept.allSatisfy { $0.influenceChange == 0 && $0.before == $0.after })
        let edges = comparison.edges
        #expect(edges.kept == graph.edges.elements.count { $0 != 0 } && (edges.flipped, edges.gone, edges.new) == (0, 0, 0))
        #expect(comparison.largestChanges.isEmpty)
    }

    @Test func `the largest of many changes are those found by sorting`() throws {
        let (a, b) = (
            RandomGraph(layers: 4, featuresPerSite: 4, positions: 5, targets: 2, seed: 1).graph,
            RandomGraph(layers: 4, featuresPerSite: 4, positions: 5, targets: 2, seed: 2).graph
        )
        let found = try GraphComparison(a, b, changes: 7).largestChanges.map { abs($0.change) }
        #expect(found == Array(zip(a.edges.elements, b.edges.elements).map { abs($1 - $0) }.sorted(by: >).prefix(7)))
        #expect(a.edges.elements.count > 3000)
    }

    @Test func `directions are the same only if their names are`() throws {
        let (a, b) = (
            graph(tokens: 1, features: [], targets: [(100, 1)], edges: [(0, 1, 1)], texts: ["logit(a)-logit(b)"]),
            graph(tokens: 1, features: [], targets: [(100, 1)], edges: [(0, 1, 1)], texts: ["logit(a)-logit(c)"])
        )
        #expect(try GraphComparison(a, b).gone.map(\.before) == [.target(0)])
        #expect(try GraphComparison(a, a).gone.isEmpty)
    }

    @Test(arguments: [
        (GraphComparisonTests.origin(layers: 2), "The graphs are of different models: one has 1 layers, the other 2."),
        (GraphComparisonTests.origin(width: 9), "The graphs are of different models: one has width 8, the other 9."),
        (GraphComparisonTests.origin(vocabulary: 50), "The graphs are of different models: one has 100 tokens in its vocabulary, the other 50."),
    ])
    func `graphs of different models are refused`(_ origin: GraphOrigin, _ sentence: String) throws {
        let other = graph(tokens: 1, features: [], targets: [(1, 1)], edges: [], origin: origin)
        let one = graph(tokens: 1, features: [], targets: [(1, 1)], edges: [])
        let error = #expect(throws: GraphMismatch.self) { try GraphComparison(one, other) }
        #expect(error?.description == sentence)
    }

    @Test func `a graph whose file does not state the model's width can be compared`() throws {
        let unknown = graph(tokens: 1, features: [], targets: [(1, 1)], edges: [], origin: Self.origin(width: 0, vocabulary: 0))
        #expect(try GraphComparison(graph(tokens: 1, features: [], targets: [(1, 1)], edges: []), unknown).kept.count == 3)
    }
}
