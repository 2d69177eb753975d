internal import Tensors

/// A chain of edges from a feature to a target.
public struct GraphPath: Sendable, Equatable {
    /// Rows of `AttributionGraph.edges` from the feature to the target, both included.
    public let rows: [Int]
    /// Each edge's share of the inputs of its target, 0 to 1. `[rows.count - 1]`.
    public let shares: [Float]
    /// The product of the shares.
    public let strength: Float
}

extension AttributionGraph {
    /// The chain of edges from a feature to a target with the largest product of shares.
    ///
    /// - Parameters:
    ///   - feature: a feature node.
    ///   - target: an index in `targets`.
    ///   - influence: the influences of this graph.
    /// - Returns: nil if no chain leads to the target.
    /// - Complexity: O(n²) for the n feature nodes from `feature` on.
    public func strongestPath(from feature: Int, to target: Int, influence: GraphInfluence) -> GraphPath? {
        func share(_ row: Int, _ source: Int) -> Float { influence.share(edges[row, source], row: row) }
        // The best chain from each row to the target, highest layer first, because edges lead only to higher layers.
        let (features, end) = (index.features, index.features + target)
        var best = [Float](repeating: 0, count: edges.rows)
        var next = [Int?](repeating: nil, count: edges.rows)
        best[end] = 1
        for source in stride(from: features - 1, through: feature, by: -1) {
            for row in Array(source + 1..<features) + [end] where best[row] > 0 {
                let strength = best[row] * share(row, source)
                if strength > best[source] { (best[source], next[source]) = (strength, row) }
            }
        }
        guard best[feature] > 0 else { return nil }
        let rows = Array(sequence(first: feature) { next[$0] })
        return GraphPath(rows: rows, shares: zip(rows.dropFirst(), rows).map { share($0, $1) }, strength: best[feature])
    }
}
