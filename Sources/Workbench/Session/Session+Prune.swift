internal import Attribution
internal import GraphFiles
package import Graphs

extension Session {
    /// What pruning leaves of the graph.
    package func prune(_ thresholds: PruningThresholds) throws -> PruneReport {
        let made = try graphed()
        let scores = GraphScores(made.graph, influence: made.influence)
        if let document = made.document {
            // As it is written: by the influence that the file says, not by what its own edges give.
            return PruneReport(kept: document.pruned(thresholds).counts, all: document.counts, scores: scores)
        }
        return PruneReport(kept: made.graph.counts(keeping: try pruning(of: made, thresholds)), all: made.graph.counts, scores: scores)
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
    init(kept: GraphCounts, all: GraphCounts, scores: GraphScores) {
        rows = [
            Row(kind: "features", kept: kept.features, all: all.features), Row(kind: "errors", kept: kept.errors, all: all.errors),
            Row(kind: "tokens", kept: kept.tokens, all: all.tokens), Row(kind: "targets", kept: kept.targets, all: all.targets),
            Row(kind: "edges", kept: kept.edges, all: all.edges),
        ]
        (replacementScore, completenessScore) = (scores.replacement, scores.completeness)
    }
}
