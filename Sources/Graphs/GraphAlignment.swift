internal import Tensors

/// Which nodes of two graphs correspond.
struct GraphAlignment {
    /// A node of either graph: the first graph's node if it has one, otherwise the second graph's.
    enum Place {
        case first(Int)
        case second(Int)
    }

    let before: AttributionGraph
    let after: AttributionGraph
    let influence: (before: [Float], after: [Float])
    /// For each node of the first graph, the corresponding node of the second one.
    let partner: [Int?]
    /// For each node of the second graph, the corresponding node of the first one.
    let origin: [Int?]

    /// What identifies a node. Positions are counted from the end of the prompt.
    private enum Identity: Hashable {
        case feature(FeatureID, fromEnd: Int)
        case error(layer: Int, fromEnd: Int)
        case token(fromEnd: Int)
        /// A direction's id is only its index among the targets, so its name is needed too.
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

    func pair(ofFirst node: Int) -> GraphComparison.NodePair {
        GraphComparison.NodePair(
            before: before.node(at: node), after: partner[node].map(after.node), influenceBefore: influence.before[node],
            influenceAfter: partner[node].map { influence.after[$0] })
    }

    /// The pair of a node that is not in the first graph.
    func pair(ofSecond node: Int) -> GraphComparison.NodePair {
        GraphComparison.NodePair(before: nil, after: after.node(at: node), influenceBefore: nil, influenceAfter: influence.after[node])
    }

    func pair(_ place: Place) -> GraphComparison.NodePair {
        switch place {
        case .first(let node): pair(ofFirst: node)
        case .second(let node): pair(ofSecond: node)
        }
    }

    /// Calls `body` once for every edge that is not zero in at least one of the graphs.
    func forEachEdge(_ body: (_ row: Place, _ source: Place, GraphComparison.Weights) -> Void) {
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

    /// Whether a place is one of some features of either graph, which stand for the same features in the other one.
    func membership(_ features: (before: Set<FeatureSite>, after: Set<FeatureSite>)) -> (Place) -> Bool {
        if features.before.isEmpty, features.after.isEmpty { return { _ in false } }
        let shift = after.tokens.count - before.tokens.count
        func moved(_ sites: Set<FeatureSite>, by shift: Int) -> Set<FeatureSite> {
            Set(sites.map { FeatureSite(layer: $0.layer, position: $0.position + shift, index: $0.index) })
        }
        func members(_ graph: AttributionGraph, _ sites: Set<FeatureSite>) -> [Bool] {
            graph.selectedFeatures.indices.map { sites.contains(graph.site(ofFeatureNode: $0)) }
        }
        let first = members(before, features.before.union(moved(features.after, by: -shift)))
        let second = members(after, features.after.union(moved(features.before, by: shift)))
        return { place in
            switch place {
            case .first(let node): node < first.count && first[node]
            case .second(let node): node < second.count && second[node]
            }
        }
    }

    private func place(ofSecond node: Int) -> Place { origin[node].map(Place.first) ?? .second(node) }
}

extension AttributionGraph {
    var nodes: Range<Int> { 0..<index.count }
}
