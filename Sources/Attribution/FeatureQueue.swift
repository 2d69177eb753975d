internal import Tensors

/// Chooses the features whose rows are computed next: those with the most influence on the targets through the rows known so far.
struct FeatureQueue {
    /// The minimum sum of a row (the reference's clamp for ranking).
    private static let rowClamp = 1e-8

    private let features: Int
    private let weights: [Float]
    /// Rows of the targets and of visited features: their magnitudes divided by the row's sum.
    private let targetShares: [[Float]]
    private var featureShares: [Int: [Float]] = [:]

    /// - Parameter targetRows: the targets' rows. `[targets, sources]`.
    init(features: Int, weights: [Float], targetRows: Matrix) {
        self.features = features
        self.weights = weights
        targetShares = (0..<targetRows.rows).map { Self.shares(targetRows.row($0)[..<features], all: targetRows.row($0)) }
    }

    mutating func visit(_ feature: Int, row: [Float]) {
        featureShares[feature] = Self.shares(row[..<features], all: row)
    }

    private static func shares(_ row: ArraySlice<Float>, all: [Float]) -> [Float] {
        let sum = all.reduce(0.0) { $0 + Double(abs($1)) }
        let scale = Float(1 / max(sum, rowClamp))
        return row.map { abs($0) * scale }
    }

    /// The best `count` features that are not yet visited; of equal ones, the first.
    ///
    /// They are ranked by partial influence: the influence on the targets through known rows. Features are in layer order, so
    /// one sweep from the top gives the whole power series.
    func next(_ count: Int) -> [Int] {
        var influence = [Double](repeating: 0, count: features)
        func pass(_ amount: Double, _ shares: [Float]) {
            precondition(shares.count == features)
            // Most of a ranking is this loop, which is written so that a build without optimisation is quick, too.
            influence.withUnsafeMutableBufferPointer { influence in
                shares.withUnsafeBufferPointer { shares in
                    guard let influence = influence.baseAddress, let shares = shares.baseAddress else { return }
                    var source = 0
                    while source < features {
                        influence[source] += amount * Double(shares[source])
                        source += 1
                    }
                }
            }
        }
        for (weight, shares) in zip(weights, targetShares) { pass(Double(weight), shares) }
        for feature in stride(from: features - 1, through: 0, by: -1) where influence[feature] != 0 {
            if let shares = featureShares[feature] { pass(influence[feature], shares) }
        }
        let pending = (0..<features).filter { featureShares[$0] == nil }
        let order = pending.map { Float(influence[$0]) }.indicesOfLargest(count)
        return order.map { pending[$0] }
    }
}
