internal import Tensors

/// The comparison of two attribution graphs of the same model and transcoder set: which nodes and edges they have in common,
/// and which differ.
///
/// A node is in both graphs if both have the same feature, error or token at the same position, or explain the same token.
/// Positions are counted from the end of each prompt, so that the last tokens before the answers correspond even if the prompts
/// differ in length.
public struct GraphComparison: Sendable {
    /// A node of one of the graphs, or of both.
    public struct NodePair: Hashable, Sendable {
        /// The node in the first graph; nil if it is not in it.
        public let before: Node?
        /// The node in the second graph, at its position there; nil if it is not in it.
        public let after: Node?
        /// Its influence in the first graph, for a target its weight; nil if it is not in it.
        public let influenceBefore: Float?
        /// Its influence in the second graph, for a target its weight; nil if it is not in it.
        public let influenceAfter: Float?

        /// The second graph's influence minus the first one's; a missing node counts as 0.
        public var influenceChange: Float { (influenceAfter ?? 0) - (influenceBefore ?? 0) }
    }

    /// How an edge differs between the graphs.
    public enum Fate: String, Sendable {
        /// In both graphs, with the same sign.
        case kept
        /// In both graphs, with different signs.
        case flipped
        /// In the first graph only.
        case gone
        /// In the second graph only.
        case new
    }

    /// An edge of one of the graphs, or of both.
    public struct EdgePair: Hashable, Sendable {
        /// The node that the edge starts at.
        public let source: NodePair
        /// The node that the edge ends at.
        public let target: NodePair
        /// Its weight in the first graph; 0 if it is not in it.
        public let before: Float
        /// Its weight in the second graph; 0 if it is not in it.
        public let after: Float

        /// The second graph's weight minus the first one's.
        public var change: Float { after - before }
        /// How it differs between the graphs.
        public var fate: Fate { before == 0 ? .new : after == 0 ? .gone : (before < 0) == (after < 0) ? .kept : .flipped }
    }

    /// An edge's weights in the graphs; 0 if it is not in a graph.
    typealias Weights = (before: Float, after: Float)

    /// The number of edges of each fate.
    public struct EdgeCounts: Hashable, Sendable {
        /// In both graphs, with the same sign.
        public internal(set) var kept = 0
        /// Those of them whose weights differ by more than one per cent of the larger.
        public internal(set) var changed = 0
        /// In both graphs, with different signs.
        public internal(set) var flipped = 0
        /// In the first graph only.
        public internal(set) var gone = 0
        /// In the second graph only.
        public internal(set) var new = 0

        package init(kept: Int = 0, changed: Int = 0, flipped: Int = 0, gone: Int = 0, new: Int = 0) {
            self.kept = kept
            self.changed = changed
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
    /// The numbers of nonzero edges of each fate.
    public let edges: EdgeCounts
    /// The edges whose weights changed most, up or down, the largest change first. A missing edge counts as 0.
    public let largestChanges: [EdgePair]

    /// Compares two graphs.
    ///
    /// - Parameters:
    ///   - before: the first graph.
    ///   - after: the second graph.
    ///   - influence: the influences of both graphs, if they are already known.
    ///   - changes: the number of `largestChanges` to keep.
    ///   - unlisted: features of either graph's prompt; edges that lead to them are counted, but are not among `largestChanges`.
    /// - Throws: `GraphMismatch` if the graphs cannot be of the same model.
    /// - Complexity: reads every edge of both graphs once.
    public init(
        _ before: AttributionGraph, _ after: AttributionGraph, influence: (before: GraphInfluence, after: GraphInfluence)? = nil, changes: Int = 10,
        notListing unlisted: (before: Set<FeatureSite>, after: Set<FeatureSite>) = ([], [])
    ) throws(GraphMismatch) {
        try GraphMismatch.check(before, after)
        let nodes = GraphAlignment(before, after, influence ?? (GraphInfluence(before), GraphInfluence(after)))
        func ordered(_ pairs: [NodePair]) -> [NodePair] { pairs.map { abs($0.influenceChange) }.indicesOfLargest(pairs.count).map { pairs[$0] } }
        kept = ordered(before.nodes.filter { nodes.partner[$0] != nil }.map(nodes.pair(ofFirst:)))
        gone = ordered(before.nodes.filter { nodes.partner[$0] == nil }.map(nodes.pair(ofFirst:)))
        new = ordered(after.nodes.filter { nodes.origin[$0] == nil }.map(nodes.pair(ofSecond:)))

        var counts = EdgeCounts()
        var largest = LargestChanges(count: min(max(changes, 0), before.edges.elements.count + after.edges.elements.count))
        let isUnlisted = nodes.membership(unlisted)
        nodes.forEachEdge { row, source, weights in
            counts.count(weights)
            if isUnlisted(row) { return }
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
        if weights.before == 0 {
            new += 1
        } else if weights.after == 0 {
            gone += 1
        } else if (weights.before < 0) == (weights.after < 0) {
            kept += 1
            let (smaller, larger) = (min(abs(weights.before), abs(weights.after)), max(abs(weights.before), abs(weights.after)))
            if larger - smaller > 0.01 * larger { changed += 1 }
        } else {
            flipped += 1
        }
    }
}
