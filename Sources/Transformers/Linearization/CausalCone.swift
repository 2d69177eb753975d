package import Tensors

/// The gradients of a batch of targets at one height of the residual stream, inside their causal cones only.
///
/// A target at position `p` reaches positions `0...p`. Targets are sorted by descending position, so those that reach
/// position `q` are the first `count(q)`, and their rows lie together: row `start(q) + b` is target `b` at position `q`.
package struct CausalCone: Sendable {
    /// Of each target, descending.
    package let targetPositions: [Int]
    private let counts: [Int]
    private let starts: [Int]
    /// `[rows, d_model]`.
    package var rows: Matrix

    /// - Parameter targetPositions: descending.
    package init(targetPositions: [Int], width: Int) {
        precondition(zip(targetPositions, targetPositions.dropFirst()).allSatisfy { $0 >= $1 }, "targets out of order")
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

    /// Positions that any target reaches.
    package var positions: Int { counts.count }

    /// How many targets reach a position.
    package func count(_ position: Int) -> Int { counts[position] }

    /// The first row of a position.
    package func start(_ position: Int) -> Int { starts[position] }

    /// The position of every row.
    package var rowPositions: [Int] {
        (0..<positions).flatMap { Array(repeating: $0, count: counts[$0]) }
    }

    /// Starts target `target` with its own vector, at its own position.
    package mutating func inject(_ vector: [Float], target: Int) {
        rows.setRow(starts[targetPositions[target]] + target, to: vector)
    }
}
