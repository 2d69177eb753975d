internal import Tensors

/// Chooses the features whose rows are computed next: those with the most influence on the targets through the rows known so far.
struct FeatureQueue {
    /// The minimum sum of a row (the reference's clamp for ranking).
    private static let rowClamp = 1e-8

    /// The features of each layer.
    private let layers: [Range<Int>]
    /// The influence of features through the targets' rows alone.
    private let direct: [Double]

    /// - Parameters:
    ///   - layers: the features of each layer, in order.
    ///   - targetRows: the targets' rows. `[targets, sources]`.
    init(layers: [Range<Int>], weights: [Float], targetRows: Matrix) {
        self.layers = layers
        var influence = [Double](repeating: 0, count: layers.last?.upperBound ?? 0)
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
    /// They are ranked by partial influence: the influence on the targets through known rows. Edges lead from lower layers to higher ones,
    /// so one sweep from the top gives the whole power series.
    ///
    /// - Throws: `CancellationError`.
    /// - Complexity: reads the known rows up to the layer of each.
    func next(_ count: Int, after known: KnownRows) throws -> Choice {
        var influence = direct
        for layer in layers.reversed() {
            let rows = layer.reversed().compactMap { feature -> (numbers: UnsafeBufferPointer<Float>, amount: Double)? in
                guard influence[feature] != 0, let row = known.rowOf[feature] else { return nil }
                return (known[row], influence[feature] * Self.scale(known.sums[row]))
            }
            Self.add(rows, to: &influence, below: layer.lowerBound)
            // Some may have been left out.
            try Task.checkCancellation()
        }
        let pending = influence.indices.filter { known.rowOf[$0] == nil }
        let ranked = pending.map { Float(influence[$0]) }
        let order = ranked.indicesOfLargest(count)
        let taken = order.map { pending[$0] }
        guard let last = order.last.map({ ranked[$0] }), last > 0 else { return Choice(taken: taken, tied: []) }
        let close = ranked.indices.filter { abs(ranked[$0] - last) <= Self.rounding * last }
        return Choice(taken: taken, tied: Set(close).subtracting(order).map { pending[$0] }.sorted())
    }

    /// Adds the magnitudes of rows, each times its amount, to the influence of the features before `end`. Threads share them by columns.
    private static func add(_ rows: [(numbers: UnsafeBufferPointer<Float>, amount: Double)], to influence: inout [Double], below end: Int) {
        influence.withUnsafeMutableBufferPointer { influence in
            // Threads write to parts that do not overlap.
            nonisolated(unsafe) let (influence, rows) = (influence, rows)
            inPieces(end, multiple: 16, most: 4096, isWorthThreads: rows.count * end > 1 << 16, stopsIfCancelled: true) { columns in
                let sums = UnsafeMutableBufferPointer(rebasing: influence[columns])
                for (numbers, amount) in rows { sums.addMagnitudes(of: UnsafeBufferPointer(rebasing: numbers[columns]), times: amount) }
            }
        }
    }
}
