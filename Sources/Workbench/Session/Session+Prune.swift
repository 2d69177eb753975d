internal import Attribution
internal import GraphFiles
package import Graphs
internal import Tensors

extension Session {
    /// What pruning leaves of the graph.
    package func prune(_ thresholds: PruningThresholds) throws -> PruneReport {
        let made = try graphed()
        let scores = GraphScores(made.graph, influence: made.influence)
        if let document = made.document {
            // As it is written: by the influence that the file says, not by what its own edges give.
            return PruneReport(kept: document.pruned(thresholds).counts, all: document.counts, scores: scores)
        }
        return PruneReport(kept: made.graph.counts(try pruning(of: made, thresholds)), all: made.graph.counts, scores: scores)
    }

    func pruning(of made: GraphState, _ thresholds: PruningThresholds) throws(SessionError) -> Pruning {
        try checkMemory(
            for: "Pruning a graph of \(made.graph.index.count) nodes", bytes: AttributionMemory.pruning(of: made.graph),
            advice: "A graph with a lower --max-feature-nodes takes less.")
        return Pruning(made.graph, thresholds, influence: made.influence)
    }
}

/// What pruning leaves of a graph, and of how much.
package struct PruneReport: Sendable {
    package struct Row: Sendable {
        package let kind: String
        package let kept: Int
        package let all: Int
    }
    /// Features, errors, tokens, targets, edges.
    package let rows: [Row]
    package let replacementScore: Float
    package let completenessScore: Float
}

extension PruneReport {
    private static let kinds = ["features", "errors", "tokens", "targets", "edges"]

    /// - Parameter kept, all: how many there are of each kind. `[kinds]`.
    init(kept: [Int], all: [Int], scores: GraphScores) {
        rows = Self.kinds.indices.map { Row(kind: Self.kinds[$0], kept: kept[$0], all: all[$0]) }
        (replacementScore, completenessScore) = (scores.replacement, scores.completeness)
    }
}

extension GraphDocument {
    /// How many features, errors, tokens, targets and edges it has.
    var counts: [Int] {
        [
            nodes.count { if case .feature = $0.node { true } else { false } },
            nodes.count { if case .error = $0.node { true } else { false } },
            nodes.count { if case .token = $0.node { true } else { false } },
            nodes.count { if case .target = $0.node { true } else { false } },
            links.count,
        ]
    }
}

extension AttributionGraph {
    /// The same of the graph.
    var counts: [Int] { index.kinds.map(\.count) + [edges.elements.count { $0 != 0 }] }

    /// The same of what a pruning of it keeps.
    func counts(_ pruning: Pruning) -> [Int] {
        index.kinds.map { places in places.count { pruning.nodes[$0] } } + [pruning.edges.count { $0 }]
    }
}

extension NodeIndex {
    /// The places of features, errors, tokens and targets.
    fileprivate var kinds: [Range<Int>] { [0..<features, errors, tokens, sources..<count] }
}
