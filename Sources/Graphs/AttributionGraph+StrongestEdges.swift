internal import Tensors

extension AttributionGraph {
    /// The sources that add most to a row of `edges`, either way, the largest first; none that adds nothing.
    public func strongestInputs(ofRow row: Int, count: Int) -> [Int] { Self.strongest(edges.row(row), count) }

    /// The rows of `edges` that a source adds most to, likewise.
    public func strongestOutputs(of source: Int, count: Int) -> [Int] {
        Self.strongest((0..<edges.rows).map { edges[$0, source] }, count)
    }

    private static func strongest(_ weights: [Float], _ count: Int) -> [Int] {
        weights.map { abs($0) }.indicesOfLargest(max(count, 0)).filter { weights[$0] != 0 }
    }
}
