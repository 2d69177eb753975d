package import Tensors

/// The one rule for comparing numbers that were computed twice in 32-bit floats:
/// `|found - expected| <= bound * (|expected| + scale)`.
///
/// A number that is the small difference of large ones carries the rounding of the large ones, so its own size says nothing
/// about its error: an activation barely above its threshold is as uncertain as the largest one of its layer. The scale is
/// therefore the largest magnitude among the numbers that were computed alike: a row of logits or edges, a layer's activations.
package enum Closeness {
    /// Between this program and another: some 80 roundings of 2^-23.
    ///
    /// The worst on the golden sets was 2.7e-6, over the kernels for AVX-512, AVX2 and every CPU and OpenBLAS's for six
    /// generations of processors. `PlantedErrorTests` has what is still found: every product wrong by one part in 20,000.
    package static let bound: Float = 1e-5
}

/// What is wrong with `found`, as a sentence, or nil when every element is close; for `#expect(difference(...) == nil)`.
///
/// - Parameter scale: what errors are measured against beside the element itself; nil for the largest magnitude expected.
package func difference(_ found: [Float], _ expected: [Float], scale: Float? = nil) -> String? {
    let scale = scale ?? largestMagnitude(expected)
    return difference(found, expected, scales: [Float](repeating: scale, count: expected.count))
}

/// The same for rows, each measured against its own largest magnitude.
package func difference(_ found: Matrix, _ expected: Matrix) -> String? {
    guard found.rows == expected.rows, found.columns == expected.columns else {
        return "[\(found.rows), \(found.columns)], expected [\(expected.rows), \(expected.columns)]"
    }
    let scales = (0..<expected.rows).flatMap { row in
        [Float](repeating: largestMagnitude(expected.row(row)), count: expected.columns)
    }
    return difference(found.elements, expected.elements, scales: scales)
}

/// The same for numbers in groups, each measured against the largest magnitude of its group.
///
/// - Parameter groups: one for each number; its layer, say.
package func difference(_ found: [Float], _ expected: [Float], in groups: [Int]) -> String? {
    let scales = Dictionary(zip(groups, expected.map { abs($0) }), uniquingKeysWith: max)
    return difference(found, expected, scales: groups.map { scales[$0]! })
}

private func difference(_ found: [Float], _ expected: [Float], scales: [Float]) -> String? {
    guard found.count == expected.count, scales.count == expected.count else {
        return "\(found.count) elements, expected \(expected.count)"
    }
    var worst: (index: Int, ratio: Float) = (0, 0)
    for index in found.indices where found[index] != expected[index] {
        let ratio = abs(found[index] - expected[index]) / (abs(expected[index]) + scales[index])
        if ratio > worst.ratio || ratio.isNaN { worst = (index, ratio) }
        if ratio.isNaN { break }
    }
    if worst.ratio <= Closeness.bound { return nil }
    return "element \(worst.index) is \(found[worst.index]), expected \(expected[worst.index]): "
        + "\(worst.ratio) of their size and scale, allowed \(Closeness.bound)"
}

private func largestMagnitude(_ values: [Float]) -> Float { values.reduce(0) { max($0, abs($1)) } }
