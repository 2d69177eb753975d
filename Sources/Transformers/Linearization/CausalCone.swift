package import Tensors

/// The gradients of a batch of targets at one depth of the residual stream, only inside the targets' causal cones.
///
/// A target at position `p` reaches positions `0...p`. Targets are sorted by descending position, so those that reach
/// position `q` are the first `count(q)`, and their rows are adjacent: row `start(q) + b` is target `targets[b]` at position `q`.
package struct CausalCone: Sendable {
    /// The targets' numbers, which mean something only to the caller, by descending position.
    package let targets: [Int]
    /// Position of each target, in descending order.
    private let targetPositions: [Int]
    private let counts: [Int]
    private let starts: [Int]
    /// The gradients. `[rows, d_model]`.
    package var rows: Matrix

    /// Targets at the depth where they begin: the gradient of each is its vector, at its own position.
    ///
    /// - Parameters:
    ///   - targets: their numbers.
    ///   - positions: the position of each.
    ///   - vectors: one for each. `[targets, d_model]`.
    package init(targets: [Int], positions: [Int], vectors: Matrix) {
        precondition(targets.count == positions.count && targets.count == vectors.rows, "a position and a vector for each target")
        let order = targets.indices.sorted { (positions[$1], $0) < (positions[$0], $1) }
        self.init(targets: order.map { targets[$0] }, descending: order.map { positions[$0] }, width: vectors.columns)
        for (place, target) in order.enumerated() { rows.setRow(starts[positions[target]] + place, to: vectors.row(target)) }
    }

    private init(targets: [Int], descending targetPositions: [Int], width: Int) {
        self.targets = targets
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

    /// These targets and those that begin at this depth, which go on together.
    package func joined(by others: CausalCone) -> CausalCone {
        if targets.isEmpty { return others }
        if others.targets.isEmpty { return self }
        let cones = [self, others]
        let all = cones.indices.flatMap { cone in cones[cone].targets.indices.map { (cone: cone, place: $0) } }
            .sorted { (cones[$1.cone].targetPositions[$1.place], $0.cone, $0.place) < (cones[$0.cone].targetPositions[$0.place], $1.cone, $1.place) }
        var result = CausalCone(
            targets: all.map { cones[$0.cone].targets[$0.place] }, descending: all.map { cones[$0.cone].targetPositions[$0.place] },
            width: rows.columns)
        for position in 0..<result.positions {
            for (place, from) in all.prefix(result.counts[position]).enumerated() {
                let cone = cones[from.cone]
                result.rows.copy(
                    cone.rows, from: (cone.starts[position] + from.place) * rows.columns, to: (result.starts[position] + place) * rows.columns,
                    count: rows.columns)
            }
        }
        return result
    }
}
