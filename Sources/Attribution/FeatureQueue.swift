internal import Tensors

/// The rows that are known so far, in the order in which they were computed, and which features have one.
///
/// They are appended, not written into zeros: touching a large matrix for the first time takes seconds, during which nothing could be
/// cancelled.
struct KnownRows {
    /// The sources, of which the active features come first.
    let columns: Int
    private(set) var elements: [Float] = []
    /// The features in the order of their rows.
    private(set) var visited: [Int] = []
    /// The row of each feature; nil for those that have none yet.
    fileprivate var rowOf: [Int?]
    /// One divided by the sum of each row's magnitudes.
    fileprivate var scales: [Double] = []

    /// - Parameter count: how many rows there will be.
    init(features: Int, columns: Int, count: Int) {
        self.columns = columns
        rowOf = Array(repeating: nil, count: features)
        elements.reserveCapacity(count * columns)
    }

    mutating func append(_ features: [Int], _ rows: Matrix) {
        for (row, feature) in features.enumerated() { rowOf[feature] = visited.count + row }
        visited += features
        elements += rows.elements
        scales += FeatureQueue.scales(of: rows)
    }

    mutating func append(targets rows: Matrix) { elements += rows.elements }
}

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
        for (row, scale) in Self.scales(of: targetRows).enumerated() {
            Self.add(Double(weights[row]) * scale, targetRows.elements, from: row * targetRows.columns, to: &influence)
        }
        direct = influence
    }

    fileprivate static func scales(of rows: Matrix) -> [Double] {
        rows.elements.withUnsafeBufferPointer { all in
            (0..<rows.rows).map { row in
                var sum = 0.0
                for index in row * rows.columns..<(row + 1) * rows.columns { sum += Double(abs(all[index])) }
                return 1 / max(sum, rowClamp)
            }
        }
    }

    private static func add(_ amount: Double, _ elements: [Float], from start: Int, to influence: inout [Double]) {
        precondition(start + influence.count <= elements.count, "a row has a number for each feature")
        // Most of a ranking is this loop, which is written so that a build without optimisation is quick, too.
        elements.withUnsafeBufferPointer { elements in
            influence.withUnsafeMutableBufferPointer { sums in
                guard let row = elements.baseAddress?.advanced(by: start), let influence = sums.baseAddress else { return }
                var source = 0
                while source < sums.count {
                    influence[source] += amount * Double(abs(row[source]))
                    source += 1
                }
            }
        }
    }

    /// The best `count` features that are not yet visited; of equal ones, the first.
    ///
    /// They are ranked by partial influence: the influence on the targets through known rows. Features are in layer order, so
    /// one sweep from the top gives the whole power series.
    func next(_ count: Int, after known: KnownRows) -> [Int] {
        var influence = direct
        for feature in stride(from: features - 1, through: 0, by: -1) where influence[feature] != 0 {
            guard let row = known.rowOf[feature] else { continue }
            Self.add(influence[feature] * known.scales[row], known.elements, from: row * known.columns, to: &influence)
        }
        let pending = (0..<features).filter { known.rowOf[$0] == nil }
        let order = pending.map { Float(influence[$0]) }.indicesOfLargest(count)
        return order.map { pending[$0] }
    }
}
