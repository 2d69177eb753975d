internal import Tensors

/// Which features to compute the rows of next: those that matter most to the targets by the rows known so far.
struct FeatureQueue {
    /// Below this a row's sum counts as this (the reference's clamp while ranking).
    private static let rowClamp = 1e-8

    private let features: Int
    private let weights: [Float]
    /// Known rows with their magnitudes divided by their sum: of the targets, and of visited features.
    private let targetShares: [[Float]]
    private var featureShares: [Int: [Float]] = [:]

    /// - Parameter targetRows: `[targets, sources]`.
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

    /// The best `count` features not yet visited; of equals the first.
    ///
    /// Partial influence: the influence on the targets through rows that are known. Features are in layer order, so one
    /// sweep from the top gives the whole power series.
    func next(_ count: Int) -> [Int] {
        var influence = [Double](repeating: 0, count: features)
        func pass(_ amount: Double, _ shares: [Float]) {
            for (source, share) in shares.enumerated() { influence[source] += amount * Double(share) }
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
