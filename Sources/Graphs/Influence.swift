internal import Tensors

/// How much every node matters to the targets through all paths (docs/method.md, section 6).
///
/// `Â` is the adjacency with each row's magnitudes divided by their sum; the influence is `w Â + w Â² + ...`. The graph is
/// acyclic and its features are in layer order, so one sweep over the rows, highest layer first, gives the whole series.
enum Influence {
    /// Below this a row's sum counts as this, so that a row without edges stays without (the reference's clamp).
    static let rowClamp: Float = 1e-10

    /// What each row's magnitudes are divided by. `[features + targets]`.
    static func rowSums(of edges: Matrix) -> [Float] {
        edges.elements.withUnsafeBufferPointer { all in
            (0..<edges.rows).map { row in
                var sum = 0.0
                for index in row * edges.columns..<(row + 1) * edges.columns { sum += Double(abs(all[index])) }
                return max(Float(sum), rowClamp)
            }
        }
    }

    /// - Parameters:
    ///   - edges: `[features + targets, sources]`; features in layer order.
    ///   - rowSums: as `rowSums(of:)` makes them.
    ///   - weights: of the targets. `[targets]`.
    /// - Returns: the influence of every source. `[sources]`.
    /// - Precondition: no feature has an edge from a feature at its own or a higher place (a directed acyclic graph).
    /// - Complexity: reads every edge once.
    static func ofSources(edges: Matrix, rowSums: [Float], weights: [Float]) -> [Float] {
        let features = edges.rows - weights.count
        var influence = [Double](repeating: 0, count: edges.columns)
        edges.elements.withUnsafeBufferPointer { all in
            func pass(_ amount: Double, throughRow row: Int) {
                guard amount != 0 else { return }
                let scaled = amount / Double(rowSums[row])
                let values = UnsafeBufferPointer(rebasing: all[row * edges.columns..<(row + 1) * edges.columns])
                influence.withUnsafeMutableBufferPointer { influence in
                    for source in values.indices { influence[source] += scaled * Double(abs(values[source])) }
                }
            }
            for (target, weight) in weights.enumerated() { pass(Double(weight), throughRow: features + target) }
            for feature in stride(from: features - 1, through: 0, by: -1) { pass(influence[feature], throughRow: feature) }
        }
        return influence.map { Float($0) }
    }
}

/// A graph's influences, with what its shares are computed from; made once for a graph.
public struct GraphInfluence: Sendable {
    /// Of every source. `[sources]`.
    public let sources: [Float]
    private let rowSums: [Float]

    /// - Complexity: reads every edge twice.
    public init(_ graph: AttributionGraph) {
        rowSums = Influence.rowSums(of: graph.edges)
        sources = Influence.ofSources(edges: graph.edges, rowSums: rowSums, weights: graph.targets.map(\.weight))
    }

    /// The share of an edge in the magnitudes of all its target's inputs, 0 to 1.
    ///
    /// - Parameter row: of `AttributionGraph.edges`.
    public func share(_ weight: Float, row: Int) -> Float { abs(weight) / rowSums[row] }
}
