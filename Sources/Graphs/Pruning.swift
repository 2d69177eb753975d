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
    /// - Complexity: reads the edges among the kept nodes five times; if `known` is given, no other edges are read.
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
        let among = EdgeRowReader(
            graph.edges, rows: (0..<graph.edges.rows).filter { $0 >= index.features || nodes[$0] }, columns: (0..<index.sources).filter { nodes[$0] })
        let remaining = GraphInfluence(through: among, weights: weights)
        let features = among.rows.count - weights.count
        func scores(_ row: Int) -> UnsafeBufferPointer<Float> {
            let importance = row < features ? remaining.sources[row] : weights[row - features]
            let scores = among.read(row)
            for place in scores.indices { scores[place] = remaining.share(scores[place], row: row) * importance }
            return UnsafeBufferPointer(scores)
        }
        var edges = [Bool](repeating: false, count: graph.edges.elements.count)
        let threshold = ScoreThreshold.score(reaching: thresholds.edges, outOf: index.count * index.count) { part in
            for row in among.rows.indices { part(scores(row)) }
        }
        if let threshold {
            edges.withUnsafeMutableBufferPointer { edges in
                for (row, to) in among.rows.enumerated() {
                    let scores = scores(row)
                    for place in scores.indices where scores[place] >= threshold { edges[to * index.sources + among.columns[place]] = true }
                }
            }
        }
        Self.dropDeadEnds(&nodes, &edges, of: graph, keeping: required)
        self.nodes = nodes
        self.edges = edges
        self.required = required
        cumulativeInfluence = Self.cumulativeShares(influence)
    }

    /// Which scores are kept: those that are at least the one at which, in descending order, the cumulative share first reaches `share`.
    ///
    /// - Parameter total: the number of scores including zeros that are not in `scores`.
    package static func kept(_ scores: [Float], share: Float, outOf total: Int? = nil) -> [Bool] {
        let threshold = ScoreThreshold.score(reaching: share, outOf: total ?? scores.count) { part in scores.withUnsafeBufferPointer(part) }
        // Where all scores are zero, nothing is kept.
        guard let threshold else { return scores.map { _ in false } }
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

    /// Removes features and errors that send no edge, and features that receive none, until nothing changes. A feature that was set receives
    /// none anyway.
    private static func dropDeadEnds(_ nodes: inout [Bool], _ edges: inout [Bool], of graph: AttributionGraph, keeping required: Set<Int>) {
        let (index, columns) = (graph.index, graph.edges.columns)
        var sends = [Int](repeating: 0, count: columns)
        var receives = [Int](repeating: 0, count: graph.edges.rows)
        for row in receives.indices {
            for column in row * columns..<(row + 1) * columns where edges[column] {
                sends[column - row * columns] += 1
                receives[row] += 1
            }
        }
        let isFixed = (0..<index.features).map(graph.isFixed)
        func isDead(_ node: Int) -> Bool {
            guard nodes[node], node < index.errors.upperBound, !required.contains(node) else { return false }
            return sends[node] == 0 || (node < index.features && receives[node] == 0 && !isFixed[node])
        }
        var dead = (0..<index.errors.upperBound).filter(isDead)
        while let node = dead.popLast() {
            guard nodes[node] else { continue }
            nodes[node] = false
            for row in receives.indices where edges[row * columns + node] {
                edges[row * columns + node] = false
                receives[row] -= 1
                if row < index.features, isDead(row) { dead.append(row) }
            }
            guard node < index.features else { continue }
            for column in 0..<columns where edges[node * columns + column] {
                edges[node * columns + column] = false
                sends[column] -= 1
                if isDead(column) { dead.append(column) }
            }
        }
    }
}
