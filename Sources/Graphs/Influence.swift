public import Tensors

/// How much every node matters to the targets through all paths (method.md section 6).
///
/// `Â` is the adjacency with each row's magnitudes divided by their sum; the influence is `w Â + w Â² + ...`. The graph is
/// acyclic and its features are in layer order, so one sweep over the rows, highest layer first, gives the whole series.
public enum Influence {
    /// Below this a row's sum counts as this, so that a row without edges stays without (the reference's clamp).
    public static let rowClamp: Float = 1e-10

    /// The magnitudes of `edges`, each row divided by its sum: shares of a target's total input. Same shape as `edges`.
    public static func shares(of edges: Matrix) -> Matrix {
        var shares = edges
        shares.elements.withUnsafeMutableBufferPointer { all in
            for row in 0..<edges.rows {
                let values = UnsafeMutableBufferPointer(rebasing: all[row * edges.columns..<(row + 1) * edges.columns])
                var sum = 0.0
                for value in values { sum += Double(abs(value)) }
                let scale = 1 / max(Float(sum), rowClamp)
                for place in values.indices { values[place] = abs(values[place]) * scale }
            }
        }
        return shares
    }

    /// - Parameters:
    ///   - shares: `[features + targets, sources]`, as `shares(of:)` makes them; features in layer order.
    ///   - weights: of the targets. `[targets]`.
    /// - Returns: the influence of every source. `[sources]`.
    /// - Precondition: no feature has an edge from a feature at its own or a higher place (a directed acyclic graph).
    public static func ofSources(shares: Matrix, weights: [Float]) -> [Float] {
        let features = shares.rows - weights.count
        var influence = [Double](repeating: 0, count: shares.columns)
        shares.elements.withUnsafeBufferPointer { all in
            func pass(_ amount: Double, throughRow row: Int) {
                guard amount != 0 else { return }
                let values = all[row * shares.columns..<(row + 1) * shares.columns]
                for (source, share) in values.enumerated() { influence[source] += amount * Double(share) }
            }
            for (target, weight) in weights.enumerated() { pass(Double(weight), throughRow: features + target) }
            for feature in stride(from: features - 1, through: 0, by: -1) { pass(influence[feature], throughRow: feature) }
        }
        return influence.map { Float($0) }
    }
}

extension AttributionGraph {
    /// The influence of every node, the targets' own included as 0. `[nodes]`.
    public func influence() -> [Float] {
        Influence.ofSources(shares: Influence.shares(of: edges), weights: targets.map(\.weight))
            + [Float](repeating: 0, count: targets.count)
    }
}
