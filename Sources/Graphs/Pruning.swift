internal import Tensors

/// How much of a graph is kept; the defaults stand here and nowhere else.
public struct PruningThresholds: Sendable, Equatable {
    /// Share of the influence that the kept nodes carry, 0 to 1.
    public var nodes: Float = 0.8
    /// Share of the edge scores that the kept edges carry, 0 to 1.
    public var edges: Float = 0.98

    /// The reference's defaults.
    public init() {}

    /// Shares, each 0 to 1.
    public init(nodes: Float, edges: Float) {
        self.nodes = nodes
        self.edges = edges
    }
}

/// The part of a graph worth looking at: the nodes and edges that carry most of the influence (docs/method.md, section 6).
public struct Pruning: Sendable, Equatable {
    /// Kept nodes. `[nodes]`.
    public let nodes: [Bool]
    /// Kept edges, `[selected features + targets, sources]` row by row, as `AttributionGraph.edges`.
    public let edges: [Bool]
    /// At each node the cumulative share of influence at its rank: small is important. `[nodes]`.
    public let cumulativeInfluence: [Float]
    /// Nodes that were to stay whatever they carry.
    public let required: Set<Int>

    /// - Parameters:
    ///   - influence: the graph's, where it is at hand.
    ///   - required: nodes that stay whatever they carry, and without an edge.
    /// - Complexity: sorts the edges among the kept nodes, and with `influence` reads no others.
    public init(
        _ graph: AttributionGraph, _ thresholds: PruningThresholds = PruningThresholds(), influence known: GraphInfluence? = nil,
        keeping required: Set<Int> = []
    ) {
        let index = graph.index
        let influence = (known ?? GraphInfluence(graph)).sources + [Float](repeating: 0, count: graph.targets.count)

        var nodes = Self.kept(influence, share: thresholds.nodes)
        for node in index.tokens.lowerBound..<index.count { nodes[node] = true }
        for node in required { nodes[node] = true }

        // Edges among the kept nodes, scored by what flows through them.
        let weights = graph.targets.map(\.weight)
        let columns = (0..<index.sources).filter { nodes[$0] }
        let rows = (0..<graph.edges.rows).filter { $0 >= index.features || nodes[$0] }
        var scores = Matrix(rows: rows.count, columns: columns.count)
        for (row, from) in rows.enumerated() {
            let (start, origin) = (row * columns.count, from * index.sources)
            for (column, node) in columns.enumerated() { scores.elements[start + column] = graph.edges.elements[origin + node] }
        }
        let rowSums = Influence.rowSums(of: scores)
        let remaining = Influence.ofSources(edges: scores, rowSums: rowSums, weights: weights)
        let features = rows.count - weights.count
        for row in rows.indices {
            let importance = row < features ? remaining[row] : weights[row - features]
            for element in row * columns.count..<(row + 1) * columns.count {
                scores.elements[element] = abs(scores.elements[element]) / rowSums[row] * importance
            }
        }
        var kept = Self.kept(scores.elements, share: thresholds.edges, outOf: index.count * index.count)
        let droppable = columns.prefix { $0 < index.errors.upperBound }.indices.filter { !required.contains(columns[$0]) }
        for column in Self.dropDeadEnds(&kept, columns: columns.count, features: features, droppable: droppable) {
            nodes[columns[column]] = false
        }

        var edges = [Bool](repeating: false, count: graph.edges.elements.count)
        for (row, to) in rows.enumerated() {
            for (column, node) in columns.enumerated() where kept[row * columns.count + column] { edges[to * index.sources + node] = true }
        }
        self.nodes = nodes
        self.edges = edges
        self.required = required
        cumulativeInfluence = Self.cumulativeShares(influence)
    }

    /// The threshold rule: sorted descending, the threshold is the score at the first place where the cumulative share
    /// reaches `share` (the last place if none does); every score not below it is kept.
    ///
    /// - Parameter total: how many scores there are when those not given are zero.
    package static func kept(_ scores: [Float], share: Float, outOf total: Int? = nil) -> [Bool] {
        // Zeros come last and add nothing. There may be gigabytes: they are counted first and sorted where they lie.
        var sorted: [Float] = []
        sorted.reserveCapacity(scores.reduce(0) { $0 + ($1 > 0 ? 1 : 0) })
        for score in scores where score > 0 { sorted.append(score) }
        sorted.sort(by: >)
        let sum = sorted.reduce(0.0) { $0 + Double($1) }
        // Nothing scores, so nothing is worth keeping (the reference divides 0 by 0 here).
        guard sum > 0 else { return scores.map { _ in false } }
        var running = 0.0
        let cut = sorted.firstIndex {
            running += Double($0)
            return Float(running / sum) >= share
        }
        let lowest = (total ?? scores.count) > sorted.count ? 0 : sorted[sorted.count - 1]
        let threshold = cut.map { sorted[$0] } ?? lowest
        return scores.map { $0 >= threshold }
    }

    static func cumulativeShares(_ influence: [Float]) -> [Float] {
        let order = influence.indices.sorted { (influence[$1], $0) < (influence[$0], $1) }
        let sum = influence.reduce(0.0) { $0 + Double($1) }
        var running = 0.0
        var shares = [Float](repeating: 0, count: influence.count)
        for node in order {
            running += Double(influence[node])
            shares[node] = sum > 0 ? Float(running / sum) : 1
        }
        return shares
    }

    /// Until nothing changes: features and errors that send no edge go, and features that receive none.
    ///
    /// - Parameters:
    ///   - edges: row by row, of features and then targets; their first columns are the features in the same order.
    ///   - droppable: the columns of features and errors that may go.
    /// - Returns: the columns that went.
    private static func dropDeadEnds(_ edges: inout [Bool], columns: Int, features: Int, droppable: [Int]) -> [Int] {
        let rows = edges.count / max(columns, 1)
        var gone = [Bool](repeating: false, count: columns)
        while true {
            var sends = [Bool](repeating: false, count: columns)
            var receives = [Bool](repeating: false, count: rows)
            for row in 0..<rows {
                for column in 0..<columns where edges[row * columns + column] {
                    sends[column] = true
                    receives[row] = true
                }
            }
            let dropped = droppable.filter { !gone[$0] && (!sends[$0] || ($0 < features && !receives[$0])) }
            if dropped.isEmpty { return gone.indices.filter { gone[$0] } }
            for node in dropped {
                gone[node] = true
                for row in 0..<rows { edges[row * columns + node] = false }
                if node < features {
                    for column in 0..<columns { edges[node * columns + column] = false }
                }
            }
        }
    }
}
