internal import GraphFiles
internal import Graphs
internal import Tensors

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
