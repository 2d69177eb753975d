internal import Tensors

/// How much of the model's behaviour the transcoders' features carry, on the unpruned graph (method.md section 6).
public struct GraphScores: Sendable, Equatable {
    /// Influence that reaches the targets from tokens, of all that comes from tokens and errors. 1 is best.
    public let replacement: Float
    /// The share of every node's input that is not error, weighted by the node's influence. 1 is best.
    public let completeness: Float

    public init(_ graph: AttributionGraph) {
        let index = graph.index
        let shares = Influence.shares(of: graph.edges)
        let weights = graph.targets.map(\.weight)
        let influence = Influence.ofSources(shares: shares, weights: weights)
        func sum(_ range: Range<Int>) -> Double { influence[range].reduce(0) { $0 + Double($1) } }
        let fromTokens = sum(index.tokens)
        let fromErrors = sum(index.errors)
        replacement = Float(fromTokens / (fromTokens + fromErrors))

        // Tokens and errors have no inputs and so count as complete, as in the reference.
        var explained = fromTokens + fromErrors
        var total = explained
        for row in 0..<shares.rows {
            let importance =
                row < index.features ? Double(influence[row]) : Double(weights[row - index.features])
            var error = 0.0
            for column in index.errors { error += Double(shares[row, column]) }
            explained += (1 - error) * importance
            total += importance
        }
        completeness = Float(explained / total)
    }
}
