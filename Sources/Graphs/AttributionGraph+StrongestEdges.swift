internal import Tensors

extension AttributionGraph {
    /// The sources with the largest edges in a row of `edges`, positive or negative, the largest first; zeros are left out.
    public func strongestInputs(ofRow row: Int, count: Int) -> [Int] { Self.strongest(edges.row(row), count) }

    /// The rows of `edges` with the largest edges from a source, positive or negative, the largest first; zeros are left out.
    public func strongestOutputs(of source: Int, count: Int) -> [Int] {
        Self.strongest((0..<edges.rows).map { edges[$0, source] }, count)
    }

    private static func strongest(_ weights: [Float], _ count: Int) -> [Int] {
        weights.map { abs($0) }.indicesOfLargest(max(count, 0)).filter { weights[$0] != 0 }
    }
}
