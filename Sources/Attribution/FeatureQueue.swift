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

    /// The best `count` features that are not yet visited; of equal ones, the first.
    ///
    /// They are ranked by partial influence: the influence on the targets through known rows. Features are in layer order, so
    /// one sweep from the top gives the whole power series.
    func next(_ count: Int, after known: KnownRows) -> [Int] {
        var influence = direct
        for feature in stride(from: features - 1, through: 0, by: -1) where influence[feature] != 0 {
            guard let row = known.rowOf[feature] else { continue }
            influence.addMagnitudes(of: known[row], times: influence[feature] * Self.scale(known.sums[row]))
        }
        let pending = (0..<features).filter { known.rowOf[$0] == nil }
        let order = pending.map { Float(influence[$0]) }.indicesOfLargest(count)
        return order.map { pending[$0] }
    }
}
