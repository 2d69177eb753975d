internal import Tensors

/// Two attribution graphs of one model and transcoder set, node by node and edge by edge: what they have in
/// common, and what differs.
///
/// A node is in both graphs where they have the same feature, error or token at the same position, or explain the same token.
/// Where the prompts differ in length, positions are counted from the end, so that what is read just before the answers stands
/// beside each other.
public struct GraphComparison: Sendable {
    /// A node of one of the graphs, or of both.
    public struct NodePair: Hashable, Sendable {
        /// As the first graph has it; nil where it is not in it.
        public let before: Node?
        /// As the second graph has it, at its own position; nil where it is not in it.
        public let after: Node?
        /// Its influence in the first graph, a target's weight; nil where it is not in it.
        public let influenceBefore: Float?
        /// Its influence in the second graph.
        public let influenceAfter: Float?

        /// What the second graph's is larger by; a node that is not there has none.
        public var influenceChange: Float { (influenceAfter ?? 0) - (influenceBefore ?? 0) }
    }

    /// What became of an edge.
    public enum Fate: String, Sendable {
        /// In both graphs, with the same sign.
        case kept
        /// In both, with another sign.
        case flipped
        /// In the first graph only.
        case gone
        /// In the second graph only.
        case new
    }

    /// An edge of one of the graphs, or of both.
    public struct EdgePair: Hashable, Sendable {
        /// Where it comes from.
        public let source: NodePair
        /// Where it leads.
        public let target: NodePair
        /// Its weight in the first graph; 0 where it is not in it.
        public let before: Float
        /// Its weight in the second graph.
        public let after: Float

        /// What the second graph's weight is larger by.
        public var change: Float { after - before }
        /// What became of it.
        public var fate: Fate { before == 0 ? .new : after == 0 ? .gone : (before < 0) == (after < 0) ? .kept : .flipped }
    }

    /// An edge's weights in the graphs; 0 where it is not in one.
    typealias Weights = (before: Float, after: Float)

    /// How many edges there are of each fate.
    public struct EdgeCounts: Hashable, Sendable {
        /// In both graphs, with the same sign.
        public internal(set) var kept = 0
        /// In both, with another sign.
        public internal(set) var flipped = 0
        /// In the first graph only.
        public internal(set) var gone = 0
        /// In the second graph only.
        public internal(set) var new = 0

        package init(kept: Int = 0, flipped: Int = 0, gone: Int = 0, new: Int = 0) {
            self.kept = kept
            self.flipped = flipped
            self.gone = gone
            self.new = new
        }
    }

    /// Nodes of both graphs, the largest change of influence first.
    public let kept: [NodePair]
    /// Nodes of the first graph only, the most influential first.
    public let gone: [NodePair]
    /// Nodes of the second graph only, the most influential first.
    public let new: [NodePair]
    /// How the edges that are not zero fared.
    public let edges: EdgeCounts
    /// The edges whose weights changed most, either way, the largest change first; an edge that is not there weighs nothing.
    public let largestChanges: [EdgePair]

    /// - Parameters:
    ///   - before: the first graph.
    ///   - after: the second one.
    ///   - influence: of each, where it is at hand.
    ///   - changes: how many of the largest changes of edges to keep.
    /// - Throws: `GraphMismatch` where the graphs cannot be of one model.
    /// - Complexity: reads every edge of both once.
    public init(
        _ before: AttributionGraph, _ after: AttributionGraph, influence: (before: GraphInfluence, after: GraphInfluence)? = nil, changes: Int = 10
    ) throws(GraphMismatch) {
        try GraphMismatch.check(before, after)
        let nodes = GraphAlignment(before, after, influence ?? (GraphInfluence(before), GraphInfluence(after)))
        func ordered(_ pairs: [NodePair]) -> [NodePair] { pairs.map { abs($0.influenceChange) }.indicesOfLargest(pairs.count).map { pairs[$0] } }
        kept = ordered(before.nodes.filter { nodes.partner[$0] != nil }.map(nodes.pair(ofFirst:)))
        gone = ordered(before.nodes.filter { nodes.partner[$0] == nil }.map(nodes.pair(ofFirst:)))
        new = ordered(after.nodes.filter { nodes.origin[$0] == nil }.map(nodes.pair(ofSecond:)))

        var counts = EdgeCounts()
        var largest = LargestChanges(count: min(max(changes, 0), before.edges.elements.count + after.edges.elements.count))
        nodes.forEachEdge { row, source, weights in
            counts.count(weights)
            largest.take(abs(weights.after - weights.before), row: row, source: source, weights)
        }
        edges = counts
        largestChanges = largest.sorted.map { change in
            EdgePair(
                source: nodes.pair(change.source), target: nodes.pair(change.row), before: change.weights.before, after: change.weights.after)
        }
    }
}

extension GraphComparison.EdgeCounts {
    fileprivate mutating func count(_ weights: GraphComparison.Weights) {
        if weights.before == 0 { new += 1 } else if weights.after == 0 { gone += 1 } else if (weights.before < 0) == (weights.after < 0) { kept += 1 } else { flipped += 1 }
    }
}
