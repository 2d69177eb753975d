internal import Tensors

/// How much of a graph is kept. This is the only place that defines the defaults.
public struct PruningThresholds: Sendable, Equatable {
    /// The share of all influence that the kept nodes have together, 0 to 1.
    public var nodes: Float = 0.8
    /// The share of all edge scores that the kept edges have together, 0 to 1.
    public var edges: Float = 0.98

    /// Creates the reference's default thresholds.
    public init() {}

    /// Creates thresholds from two shares, each 0 to 1.
    public init(nodes: Float, edges: Float) {
        self.nodes = nodes
        self.edges = edges
    }
}

/// The most important part of a graph: the nodes and edges with most of the influence (docs/method.md, section 6).
public struct Pruning: Sendable, Equatable {
    /// Whether each node is kept. `[nodes]`.
    public let nodes: [Bool]
    /// Whether each edge is kept. `[selected features + targets, sources]`, row by row, like `AttributionGraph.edges`.
    public let edges: [Bool]
    /// For each node, the share of influence of all nodes down to its rank; a small share means an important node. `[nodes]`.
    public let cumulativeInfluence: [Float]
    /// The nodes that were kept whatever their influence.
    public let required: Set<Int>

    /// Prunes a graph.
    ///
    /// - Parameters:
    ///   - known: the influences of the graph, if they are already known.
    ///   - required: nodes to keep whatever their influence, even without an edge.
    /// - Complexity: sorts the edges among the kept nodes; if `known` is given, no other edges are read.
    public init(
        _ graph: AttributionGraph, _ thresholds: PruningThresholds = PruningThresholds(), influence known: GraphInfluence? = nil,
        keeping required: Set<Int> = []
    ) {
        let index = graph.index
        let influence = (known ?? GraphInfluence(graph)).sources + [Float](repeating: 0, count: graph.targets.count)

        var nodes = Self.kept(influence, share: thresholds.nodes)
        for node in index.tokens.lowerBound..<index.count { nodes[node] = true }
        for node in required { nodes[node] = true }

        // Edges among the kept nodes are scored by the influence that passes through them.
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
        let fixed = (0..<features).map { graph.isFixed(featureNode: columns[$0]) }
        for column in Self.dropDeadEnds(&kept, columns: columns.count, fixed: fixed, droppable: droppable) {
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

    /// Which scores are kept. In descending order, the threshold is the score at which the cumulative share first reaches `share`
    /// (the last score if it never does). Every score that is at least the threshold is kept.
    ///
    /// - Parameter total: the number of scores including zeros that are not in `scores`.
    package static func kept(_ scores: [Float], share: Float, outOf total: Int? = nil) -> [Bool] {
        // Zeros come last and add nothing. There may be gigabytes of scores, so memory is reserved once and sorted in place.
        var sorted: [Float] = []
        sorted.reserveCapacity(scores.reduce(0) { $0 + ($1 > 0 ? 1 : 0) })
        for score in scores where score > 0 { sorted.append(score) }
        sorted.sort(by: >)
        let sum = sorted.reduce(0.0) { $0 + Double($1) }
        // All scores are zero, so nothing is kept (the reference divides 0 by 0 here).
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

    /// Removes features and errors that send no edge, and features that receive none, until nothing changes.
    ///
    /// - Parameters:
    ///   - edges: row by row: features, then targets. The first columns are the features in the same order.
    ///   - fixed: of each feature, whether it receives none because it was set.
    ///   - droppable: the columns of features and errors that may be removed.
    /// - Returns: the columns that were removed.
    private static func dropDeadEnds(_ edges: inout [Bool], columns: Int, fixed: [Bool], droppable: [Int]) -> [Int] {
        let features = fixed.count
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
            let dropped = droppable.filter { !gone[$0] && (!sends[$0] || ($0 < features && !fixed[$0] && !receives[$0])) }
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
