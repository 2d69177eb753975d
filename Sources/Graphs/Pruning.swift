internal import Tensors

/// The part of a graph worth looking at: the nodes and edges that carry most of the influence (method.md section 6).
public struct Pruning: Sendable, Equatable {
    /// Kept nodes. `[nodes]`.
    public let nodes: [Bool]
    /// Kept edges, `[selected features + targets, sources]` row by row, as `AttributionGraph.edges`.
    public let edges: [Bool]
    /// At each node the cumulative share of influence at its rank: small is important. `[nodes]`.
    public let cumulativeInfluence: [Float]

    /// - Parameters:
    ///   - nodeThreshold: share of the influence that the kept nodes carry, 0 to 1.
    ///   - edgeThreshold: share of the edge scores that the kept edges carry, 0 to 1.
    public init(_ graph: AttributionGraph, nodeThreshold: Float = 0.8, edgeThreshold: Float = 0.98) {
        let index = graph.index
        let weights = graph.targets.map(\.weight)
        let influence = GraphInfluence(graph).sources + [Float](repeating: 0, count: graph.targets.count)

        var nodes = Self.kept(influence, share: nodeThreshold)
        for place in index.tokens.lowerBound..<index.count { nodes[place] = true }

        // Edges among the kept nodes, scored by what flows through them.
        var remaining = graph.edges
        for row in 0..<remaining.rows {
            let keepsRow = nodes[row < index.features ? row : index.target(row - index.features)]
            for column in 0..<remaining.columns where !keepsRow || !nodes[column] {
                remaining.elements[row * remaining.columns + column] = 0
            }
        }
        let rowSums = Influence.rowSums(of: remaining)
        let remainingInfluence = Influence.ofSources(edges: remaining, rowSums: rowSums, weights: weights)
        var scores = remaining
        for row in 0..<scores.rows {
            let importance = row < index.features ? remainingInfluence[row] : weights[row - index.features]
            for column in 0..<scores.columns { scores[row, column] = abs(scores[row, column]) / rowSums[row] * importance }
        }
        var edges = Self.kept(scores.elements, share: edgeThreshold, outOf: index.count * index.count)
        for row in 0..<scores.rows {
            let keepsRow = nodes[row < index.features ? row : index.target(row - index.features)]
            for column in 0..<scores.columns where !keepsRow || !nodes[column] { edges[row * scores.columns + column] = false }
        }
        Self.dropDeadEnds(index, nodes: &nodes, edges: &edges, columns: scores.columns)

        self.nodes = nodes
        self.edges = edges
        cumulativeInfluence = Self.cumulativeShares(influence)
    }

    /// The threshold rule: sorted descending, the threshold is the score at the first place where the cumulative share
    /// reaches `share` (the last place if none does); every score not below it is kept.
    ///
    /// - Parameter total: how many scores there are when those not given are zero.
    static func kept(_ scores: [Float], share: Float, outOf total: Int? = nil) -> [Bool] {
        let sorted = scores.sorted(by: >)
        let sum = sorted.reduce(0.0) { $0 + Double($1) }
        // Nothing scores, so nothing is worth keeping (the reference divides 0 by 0 here).
        guard sum > 0 else { return scores.map { _ in false } }
        var running = 0.0
        let place = sorted.firstIndex {
            running += Double($0)
            return Float(running / sum) >= share
        }
        let lowest: Float = (total ?? scores.count) > scores.count ? 0 : (sorted.last ?? 0)
        let threshold = place.map { sorted[$0] } ?? lowest
        return scores.map { $0 >= threshold }
    }

    static func cumulativeShares(_ influence: [Float]) -> [Float] {
        let order = influence.indices.sorted { (influence[$1], $0) < (influence[$0], $1) }
        let sum = influence.reduce(0.0) { $0 + Double($1) }
        var running = 0.0
        var shares = [Float](repeating: 0, count: influence.count)
        for place in order {
            running += Double(influence[place])
            shares[place] = sum > 0 ? Float(running / sum) : 1
        }
        return shares
    }

    /// Until nothing changes: features and errors that send no edge go, and features that receive none.
    private static func dropDeadEnds(_ index: NodeIndex, nodes: inout [Bool], edges: inout [Bool], columns: Int) {
        let rows = edges.count / columns
        while true {
            var sends = [Bool](repeating: false, count: columns)
            var receives = [Bool](repeating: false, count: rows)
            for row in 0..<rows {
                for column in 0..<columns where edges[row * columns + column] {
                    sends[column] = true
                    receives[row] = true
                }
            }
            var dropped: [Int] = []
            for place in 0..<index.errors.upperBound where nodes[place] {
                if !sends[place] || (place < index.features && !receives[place]) { dropped.append(place) }
            }
            if dropped.isEmpty { return }
            for place in dropped {
                nodes[place] = false
                for row in 0..<rows { edges[row * columns + place] = false }
                if place < index.features {
                    for column in 0..<columns { edges[place * columns + column] = false }
                }
            }
        }
    }
}
