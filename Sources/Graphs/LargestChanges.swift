internal import Tensors

/// Collects the largest of many changes, without keeping them all.
struct LargestChanges {
    struct Change {
        let size: Float
        let row: GraphAlignment.Place
        let source: GraphAlignment.Place
        let weights: GraphComparison.Weights
    }

    let count: Int
    private var changes: [Change] = []
    /// The size that a change must exceed: 0, and once there are enough, the smallest of them.
    private var least: Float = 0

    init(count: Int) { self.count = count }

    mutating func take(_ size: Float, row: GraphAlignment.Place, source: GraphAlignment.Place, _ weights: GraphComparison.Weights) {
        guard size > least, count > 0 else { return }
        changes.append(Change(size: size, row: row, source: source, weights: weights))
        if changes.count >= 2 * count + 1000 { trim() }
    }

    var sorted: [Change] {
        var all = self
        all.trim()
        return all.changes
    }

    /// Keeps the largest changes; those of equal size stay in the order in which they were added.
    private mutating func trim() {
        changes = changes.map(\.size).indicesOfLargest(count).map { changes[$0] }
        if count > 0, changes.count == count { least = changes[count - 1].size }
    }
}
