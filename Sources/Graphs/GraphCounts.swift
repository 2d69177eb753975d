internal import Tensors

/// How many nodes of each kind and how many edges a graph, or what a pruning leaves of it, has.
package struct GraphCounts: Sendable, Equatable {
    package let features: Int
    package let errors: Int
    package let tokens: Int
    package let targets: Int
    package let edges: Int

    package init(features: Int, errors: Int, tokens: Int, targets: Int, edges: Int) {
        self.features = features
        self.errors = errors
        self.tokens = tokens
        self.targets = targets
        self.edges = edges
    }
}

extension AttributionGraph {
    /// How many edges are not zero.
    package var edgeCount: Int { edges.elements.reduce(0) { $0 + ($1 == 0 ? 0 : 1) } }

    /// Of its feature nodes, not of all active features.
    package var counts: GraphCounts {
        GraphCounts(
            features: index.features, errors: index.errors.count, tokens: index.tokens.count, targets: index.targets, edges: edgeCount)
    }

    /// The same of what a pruning of it keeps.
    package func counts(keeping pruning: Pruning) -> GraphCounts {
        func kept(_ nodes: Range<Int>) -> Int { nodes.count { pruning.nodes[$0] } }
        return GraphCounts(
            features: kept(0..<index.features), errors: kept(index.errors), tokens: kept(index.tokens),
            targets: kept(index.sources..<index.count), edges: pruning.edgeCount)
    }
}

extension Pruning {
    /// How many edges are kept.
    package var edgeCount: Int { edges.reduce(0) { $0 + ($1 ? 1 : 0) } }
}
