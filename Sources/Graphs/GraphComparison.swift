internal import Tensors

/// Two attribution graphs of one model and transcoder set, node by node and edge by edge: what an answer has in common with
/// another, and what not.
///
/// A node is in both graphs where they have the same feature, error or token at the same position, or explain the same token.
/// Where the prompts differ in length, positions are counted from the end, so that what is read just before the answers stands
/// beside each other.
public struct GraphComparison: Sendable {
    /// A node of one of the graphs, or of both.
    public struct NodePair: Hashable, Sendable {
        /// As the first graph has it; nil where it has not.
        public let before: Node?
        /// As the second graph has it, at its own position; nil where it has not.
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
        let nodes = Alignment(before, after, influence ?? (GraphInfluence(before), GraphInfluence(after)))
        func ordered(_ pairs: [NodePair]) -> [NodePair] { pairs.map { abs($0.influenceChange) }.indicesOfLargest(pairs.count).map { pairs[$0] } }
        kept = ordered(before.nodes.filter { nodes.partner[$0] != nil }.map(nodes.pair(ofFirst:)))
        gone = ordered(before.nodes.filter { nodes.partner[$0] == nil }.map(nodes.pair(ofFirst:)))
        new = ordered(after.nodes.filter { nodes.origin[$0] == nil }.map(nodes.pair(ofSecond:)))

        var counts = EdgeCounts()
        var largest = LargestChanges(count: changes)
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

/// Why two graphs cannot be compared.
public enum GraphMismatch: Error, Equatable, CustomStringConvertible {
    /// The models have other numbers of layers.
    case layers(Int, Int)
    /// They have other widths.
    case widths(Int, Int)
    /// They have other vocabularies.
    case vocabularies(Int, Int)

    /// A sentence.
    public var description: String {
        switch self {
        case .layers(let a, let b): "The graphs are of different models: one has \(a) layers, the other \(b)."
        case .widths(let a, let b): "The graphs are of different models: one is \(a) numbers wide, the other \(b)."
        case .vocabularies(let a, let b): "The graphs are of different models: one has \(a) tokens, the other \(b)."
        }
    }

    /// A file need not say how wide its model is, nor how many tokens there are.
    fileprivate static func check(_ a: AttributionGraph, _ b: AttributionGraph) throws(GraphMismatch) {
        let (a, b) = (a.origin, b.origin)
        if a.layers != b.layers { throw .layers(a.layers, b.layers) }
        if a.width > 0, b.width > 0, a.width != b.width { throw .widths(a.width, b.width) }
        if a.vocabulary > 0, b.vocabulary > 0, a.vocabulary != b.vocabulary { throw .vocabularies(a.vocabulary, b.vocabulary) }
    }
}

extension GraphComparison {
    typealias Weights = (before: Float, after: Float)

    /// A node of either graph: as the first one has it, where it does.
    private enum Place {
        case first(Int)
        case second(Int)
    }

    /// Which node of one graph is which of the other.
    private struct Alignment {
        let before: AttributionGraph
        let after: AttributionGraph
        let influence: (before: [Float], after: [Float])
        /// Of each node of the first graph the second one's.
        let partner: [Int?]
        /// The other way round.
        let origin: [Int?]

        /// What a node is, wherever its prompt begins.
        private enum Identity: Hashable {
            case feature(FeatureID, fromEnd: Int)
            case error(layer: Int, fromEnd: Int)
            case token(fromEnd: Int)
            /// A direction's id says only which of the targets it is.
            case target(Int, direction: String?)

            init(_ node: Node, of graph: AttributionGraph) {
                switch node {
                case .feature(let site): self = .feature(site.feature, fromEnd: graph.tokens.count - site.position)
                case .error(let layer, let position): self = .error(layer: layer, fromEnd: graph.tokens.count - position)
                case .token(let position): self = .token(fromEnd: graph.tokens.count - position)
                case .target(let index):
                    let target = graph.targets[index]
                    self = .target(target.id, direction: graph.origin.isToken(target) ? nil : target.text)
                }
            }
        }

        init(_ before: AttributionGraph, _ after: AttributionGraph, _ influence: (before: GraphInfluence, after: GraphInfluence)) {
            self.before = before
            self.after = after
            self.influence = (influence.before.sources + before.targets.map(\.weight), influence.after.sources + after.targets.map(\.weight))
            var unmatched: [Identity: Int] = [:]
            for node in after.nodes { unmatched[Identity(after.node(at: node), of: after)] = node }
            var (partner, origin) = ([Int?](repeating: nil, count: before.nodes.count), [Int?](repeating: nil, count: after.nodes.count))
            for node in before.nodes {
                guard let other = unmatched.removeValue(forKey: Identity(before.node(at: node), of: before)) else { continue }
                partner[node] = other
                origin[other] = node
            }
            self.partner = partner
            self.origin = origin
        }

        func pair(ofFirst node: Int) -> NodePair {
            NodePair(
                before: before.node(at: node), after: partner[node].map(after.node), influenceBefore: influence.before[node],
                influenceAfter: partner[node].map { influence.after[$0] })
        }

        /// Of one that the first graph has not.
        func pair(ofSecond node: Int) -> NodePair {
            NodePair(before: nil, after: after.node(at: node), influenceBefore: nil, influenceAfter: influence.after[node])
        }

        func pair(_ place: Place) -> NodePair {
            switch place {
            case .first(let node): pair(ofFirst: node)
            case .second(let node): pair(ofSecond: node)
            }
        }

        /// Every edge that is not zero in one of the graphs, once.
        func forEachEdge(_ body: (_ row: Place, _ source: Place, Weights) -> Void) {
            before.edges.elements.withUnsafeBufferPointer { first in
                after.edges.elements.withUnsafeBufferPointer { second in
                    for row in 0..<before.edges.rows {
                        let node = before.index.node(ofRow: row)
                        let other = partner[node].map { after.index.row(of: $0) * after.edges.columns }
                        for source in 0..<before.edges.columns {
                            let weight = first[row * before.edges.columns + source]
                            let otherWeight = other.flatMap { start in partner[source].map { second[start + $0] } } ?? 0
                            if weight != 0 || otherWeight != 0 { body(.first(node), .first(source), (weight, otherWeight)) }
                        }
                    }
                    for row in 0..<after.edges.rows {
                        let node = after.index.node(ofRow: row)
                        for source in 0..<after.edges.columns where origin[node] == nil || origin[source] == nil {
                            let weight = second[row * after.edges.columns + source]
                            if weight != 0 { body(place(ofSecond: node), place(ofSecond: source), (0, weight)) }
                        }
                    }
                }
            }
        }

        private func place(ofSecond node: Int) -> Place { origin[node].map(Place.first) ?? .second(node) }
    }

    /// The largest of many changes, without keeping them all.
    private struct LargestChanges {
        struct Change {
            let size: Float
            let row: Place
            let source: Place
            let weights: Weights
        }

        let count: Int
        private var changes: [Change] = []
        /// What a change must exceed to count, once there are enough.
        private var least: Float = -1

        init(count: Int) { self.count = count }

        mutating func take(_ size: Float, row: Place, source: Place, _ weights: Weights) {
            guard size > least, count > 0 else { return }
            changes.append(Change(size: size, row: row, source: source, weights: weights))
            if changes.count >= 2 * count + 1000 { trim() }
        }

        var sorted: [Change] {
            var all = self
            all.trim()
            return all.changes
        }

        /// Changes of one size stay in the order in which they came.
        private mutating func trim() {
            changes = changes.map(\.size).indicesOfLargest(count).map { changes[$0] }
            if count > 0, changes.count == count { least = changes[count - 1].size }
        }
    }
}

extension GraphComparison.EdgeCounts {
    fileprivate mutating func count(_ weights: GraphComparison.Weights) {
        if weights.before == 0 { new += 1 } else if weights.after == 0 { gone += 1 } else if (weights.before < 0) == (weights.after < 0) { kept += 1 } else { flipped += 1 }
    }
}

extension AttributionGraph {
    fileprivate var nodes: Range<Int> { 0..<index.count }
}
