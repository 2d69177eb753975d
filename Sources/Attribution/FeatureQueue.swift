internal import Tensors

/// Chooses the features whose rows are computed next: those with the most influence on the targets through the rows known so far.
struct FeatureQueue {
    /// The minimum sum of a row (the reference's clamp for ranking).
    private static let rowClamp = 1e-8

    private let features: Int
    /// The influence of features through the targets' rows alone.
    private let direct: [Double]

    /// - Parameter targetRows: the targets' rows. `[targets, sources]`.
    init(features: Int, weights: [Float], targetRows: Matrix) {
        self.features = features
        var influence = [Double](repeating: 0, count: features)
        targetRows.elements.withUnsafeBufferPointer { all in
            for (row, sum) in targetRows.rowMagnitudes().enumerated() {
                let values = UnsafeBufferPointer(rebasing: all[row * targetRows.columns..<(row + 1) * targetRows.columns])
                influence.addMagnitudes(of: values, times: Double(weights[row]) * Self.scale(sum))
            }
        }
        direct = influence
    }

    /// What a row's magnitudes are multiplied by to be shares of its sum.
    private static func scale(_ sum: Double) -> Double { 1 / max(sum, rowClamp) }

    /// The features whose rows are computed next, and those that rounding alone kept from being among them.
    struct Choice: Equatable {
        /// The best first.
        let taken: [Int]
        /// Those whose influence is that of the last one taken, to rounding; none where it is 0, which has no rounding.
        let tied: [Int]
    }

    /// By how much two influences may differ and be the same, of the larger one.
    private static let rounding: Float = 1e-5

    /// The best `count` features that are not yet visited; of equal ones, the first.
    ///
    /// They are ranked by partial influence: the influence on the targets through known rows. Features are in layer order, so
    /// one sweep from the top gives the whole power series.
    ///
    /// - Throws: `CancellationError`.
    func next(_ count: Int, after known: KnownRows) throws -> Choice {
        var influence = direct
        for feature in stride(from: features - 1, through: 0, by: -1) where influence[feature] != 0 {
            guard let row = known.rowOf[feature] else { continue }
            try Task.checkCancellation()
            influence.addMagnitudes(of: known[row], times: influence[feature] * Self.scale(known.sums[row]))
        }
        let pending = (0..<features).filter { known.rowOf[$0] == nil }
        let ranked = pending.map { Float(influence[$0]) }
        let order = ranked.indicesOfLargest(count)
        let taken = order.map { pending[$0] }
        guard let last = order.last.map({ ranked[$0] }), last > 0 else { return Choice(taken: taken, tied: []) }
        let close = ranked.indices.filter { abs(ranked[$0] - last) <= Self.rounding * last }
        return Choice(taken: taken, tied: Set(close).subtracting(order).map { pending[$0] }.sorted())
    }
}
