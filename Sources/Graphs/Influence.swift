internal import Tensors

/// The influence of every node on the targets through all paths (docs/method.md, section 6).
///
/// `Â` is the adjacency matrix with each row's magnitudes divided by their sum; the influence is `w Â + w Â² + ...`. The graph
/// is acyclic and its features are in layer order, so one sweep over the rows, highest layer first, gives the whole series.
enum Influence {
    /// The minimum sum of a row, so that a row without edges is not divided by 0 (the reference's clamp).
    static let rowClamp: Float = 1e-10

    /// The divisor of each row's magnitudes. `[features + targets]`.
    static func rowSums(of edges: Matrix) -> [Float] { edges.rowMagnitudes().map { max(Float($0), rowClamp) } }

    /// - Parameters:
    ///   - edges: `[features + targets, sources]`; features in layer order.
    ///   - rowSums: the result of `rowSums(of:)`.
    ///   - weights: the weights of the targets. `[targets]`.
    /// - Returns: the influence of every source. `[sources]`.
    /// - Precondition: every edge between features leads from a lower to a higher index, so that there are no cycles.
    /// - Complexity: reads every edge once.
    static func ofSources(edges: Matrix, rowSums: [Float], weights: [Float]) -> [Float] {
        let features = edges.rows - weights.count
        var influence = [Double](repeating: 0, count: edges.columns)
        edges.elements.withUnsafeBufferPointer { all in
            func pass(_ amount: Double, throughRow row: Int) {
                guard amount != 0 else { return }
                let values = UnsafeBufferPointer(rebasing: all[row * edges.columns..<(row + 1) * edges.columns])
                influence.addMagnitudes(of: values, times: amount / Double(rowSums[row]))
            }
            for (target, weight) in weights.enumerated() { pass(Double(weight), throughRow: features + target) }
            for feature in stride(from: features - 1, through: 0, by: -1) { pass(influence[feature], throughRow: feature) }
        }
        return influence.map { Float($0) }
    }
}

/// A graph's influences and the shares of its edges. Compute it once for a graph.
public struct GraphInfluence: Sendable {
    /// The influence of every source. `[sources]`.
    public let sources: [Float]
    private let rowSums: [Float]

    /// Computes the influences of a graph.
    ///
    /// - Complexity: reads every edge twice.
    public init(_ graph: AttributionGraph) {
        rowSums = Influence.rowSums(of: graph.edges)
        sources = Influence.ofSources(edges: graph.edges, rowSums: rowSums, weights: graph.targets.map(\.weight))
    }

    /// An edge's share of the magnitudes of all inputs of its target, 0 to 1.
    ///
    /// - Parameter row: the target's row in `AttributionGraph.edges`.
    public func share(_ weight: Float, row: Int) -> Float { abs(weight) / rowSums[row] }
}
