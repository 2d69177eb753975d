internal import Tensors

/// The influence of every source on the targets through all paths, and the shares of its edges (docs/method.md, section 6). Compute it once
/// for a graph.
///
/// `Â` is the adjacency matrix with each row's magnitudes divided by their sum; the influence is `w Â + w Â² + ...`. The graph
/// is acyclic and its features are in layer order, so one sweep over the rows, highest layer first, gives the whole series.
public struct GraphInfluence: Sendable {
    /// The influence of every source. `[sources]`.
    public let sources: [Float]
    /// The divisor of each row's magnitudes. `[features + targets]`.
    private let rowSums: [Float]

    /// The minimum sum of a row, so that a row without edges is not divided by 0 (the reference's clamp).
    private static let rowClamp: Float = 1e-10

    /// Computes the influences of a graph.
    ///
    /// - Complexity: reads every edge twice.
    public init(_ graph: AttributionGraph) { self.init(through: EdgeRowReader(graph.edges), weights: graph.targets.map(\.weight)) }

    /// - Parameter weights: the weights of the targets. `[targets]`.
    /// - Precondition: every edge between features leads from a lower to a higher index, so that there are no cycles.
    init(through edges: EdgeRowReader, weights: [Float]) {
        let sums = edges.rows.indices.map { max(Float(UnsafeBufferPointer(edges.read($0)).sumOfMagnitudes()), Self.rowClamp) }
        let features = edges.rows.count - weights.count
        var influence = [Double](repeating: 0, count: edges.columns.count)
        func pass(_ amount: Double, throughRow row: Int) {
            guard amount != 0 else { return }
            influence.addMagnitudes(of: UnsafeBufferPointer(edges.read(row)), times: amount / Double(sums[row]))
        }
        for (target, weight) in weights.enumerated() { pass(Double(weight), throughRow: features + target) }
        for feature in stride(from: features - 1, through: 0, by: -1) { pass(influence[feature], throughRow: feature) }
        rowSums = sums
        sources = influence.map { Float($0) }
    }

    /// An edge's share of the magnitudes of all inputs of its target, 0 to 1.
    ///
    /// - Parameter row: the target's row in `AttributionGraph.edges`.
    public func share(_ weight: Float, row: Int) -> Float { abs(weight) / rowSums[row] }
}
