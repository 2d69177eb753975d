internal import Tensors

/// A ranking of a graph's features.
public enum FeatureOrder: String, Sendable, CaseIterable {
    /// By their share of all influence on the targets.
    case influence
    /// By activation.
    case activation
    /// By the size of their direct effect on the top target's logit.
    case direct
}

extension AttributionGraph {
    /// The direct contribution of each feature node to the top target, which is the first: targets are sorted by probability.
    /// `[selected features]`.
    public var directEffects: [Float] { Array(edges.row(index.features).prefix(index.features)) }

    /// All feature nodes, or those at the sites that are wanted, in the given order.
    ///
    /// - Parameter influence: the influences of this graph.
    public func features(
        by order: FeatureOrder, influence: GraphInfluence, where isWanted: (FeatureSite) -> Bool = { _ in true }
    ) -> [Int] {
        let nodes = selectedFeatures.indices.filter { isWanted(site(ofFeatureNode: $0)) }
        let direct = order == .direct ? directEffects : []
        let sizes = nodes.map { node in
            switch order {
            case .influence: influence.sources[node]
            case .activation: activation(ofFeatureNode: node)
            case .direct: abs(direct[node])
            }
        }
        return sizes.indicesOfLargest(sizes.count).map { nodes[$0] }
    }
}
