internal import Tensors

/// The numbers of nodes of each kind and of edges, in a graph or in what a pruning keeps of it.
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
    /// The number of nonzero edges.
    package var edgeCount: Int { edges.elements.reduce(0) { $0 + ($1 == 0 ? 0 : 1) } }

    /// The graph's numbers. `features` counts feature nodes, not all active features.
    package var counts: GraphCounts {
        GraphCounts(
            features: index.features, errors: index.errors.count, tokens: index.tokens.count, targets: index.targets, edges: edgeCount)
    }

    /// The numbers of nodes and edges that a pruning of the graph keeps.
    package func counts(keeping pruning: Pruning) -> GraphCounts {
        func kept(_ nodes: Range<Int>) -> Int { nodes.count { pruning.nodes[$0] } }
        return GraphCounts(
            features: kept(0..<index.features), errors: kept(index.errors), tokens: kept(index.tokens),
            targets: kept(index.sources..<index.count), edges: pruning.edgeCount)
    }
}

extension Pruning {
    /// The number of kept edges.
    package var edgeCount: Int { edges.reduce(0) { $0 + ($1 ? 1 : 0) } }
}
