package import Tensors

/// The gradients of a batch of targets at one depth of the residual stream, only inside the targets' causal cones.
///
/// A target at position `p` reaches positions `0...p`. Targets are sorted by descending position, so those that reach
/// position `q` are the first `count(q)`, and their rows are adjacent: row `start(q) + b` is target `b` at position `q`.
package struct CausalCone: Sendable {
    /// Position of each target, in descending order.
    package let targetPositions: [Int]
    private let counts: [Int]
    private let starts: [Int]
    /// The gradients. `[rows, d_model]`.
    package var rows: Matrix

    /// - Parameter targetPositions: in descending order.
    package init(targetPositions: [Int], width: Int) {
        precondition(zip(targetPositions, targetPositions.dropFirst()).allSatisfy { $0 >= $1 }, "the targets are not sorted by descending position")
        self.targetPositions = targetPositions
        let positions = (targetPositions.first ?? -1) + 1
        var counts: [Int] = []
        var starts: [Int] = []
        var total = 0
        var reach = targetPositions.count
        for position in 0..<positions {
            while reach > 0, targetPositions[reach - 1] < position { reach -= 1 }
            counts.append(reach)
            starts.append(total)
            total += reach
        }
        self.counts = counts
        self.starts = starts
        rows = Matrix(rows: total, columns: width)
    }

    /// The number of positions that any target reaches.
    package var positions: Int { counts.count }

    /// The number of targets that reach a position.
    package func count(_ position: Int) -> Int { counts[position] }

    /// The first row of a position.
    package func start(_ position: Int) -> Int { starts[position] }

    /// The position of every row.
    package var rowPositions: [Int] {
        (0..<positions).flatMap { Array(repeating: $0, count: counts[$0]) }
    }

    /// Sets the gradient of target `target` at its own position.
    package mutating func inject(_ vector: [Float], target: Int) {
        rows.setRow(starts[targetPositions[target]] + target, to: vector)
    }
}
