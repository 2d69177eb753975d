internal import Tensors

/// How much of the model's behaviour the transcoders' features explain, on the unpruned graph (docs/method.md, section 6).
public struct GraphScores: Sendable, Equatable {
    /// The tokens' share of the influence that tokens and errors have on the targets, 0 to 1; 1 is best. Features that interventions set count
    /// with the tokens.
    public let replacement: Float
    /// The share of the nodes' inputs that does not come from errors, weighted by the nodes' influence, 0 to 1; 1 is best.
    public let completeness: Float

    /// Computes the scores of a graph.
    ///
    /// - Parameter influence: the influences of the graph.
    public init(_ graph: AttributionGraph, influence: GraphInfluence) {
        let index = graph.index
        func sum(_ range: Range<Int>) -> Double { influence.sources[range].reduce(0) { $0 + Double($1) } }
        let fixed = (0..<index.features).filter(graph.isFixed).reduce(0) { $0 + Double(influence.sources[$1]) }
        let fromTokens = sum(index.tokens) + fixed
        let fromErrors = sum(index.errors)
        // If nothing reaches the targets, nothing is explained (the reference divides 0 by 0 here).
        replacement = fromTokens > 0 ? Float(fromTokens / (fromTokens + fromErrors)) : 0

        // Tokens and errors have no inputs and therefore count as complete, as in the reference. So do fixed features, in the loop.
        var explained = sum(index.tokens) + fromErrors
        var total = explained
        for row in 0..<graph.edges.rows {
            let importance = Double(row < index.features ? influence.sources[row] : graph.targets[row - index.features].weight)
            var error = 0.0
            for column in index.errors { error += Double(influence.share(graph.edges[row, column], row: row)) }
            explained += (1 - error) * importance
            total += importance
        }
        completeness = total > 0 ? Float(explained / total) : 0
    }
}
