internal import Tensors

/// How a graph's features are ranked.
public enum FeatureOrder: String, Sendable, CaseIterable {
    /// By the share of all influence on the targets.
    case influence
    /// By how strongly they fire.
    case activation
    /// By the size of the direct effect on the top target's logit.
    case direct
}

extension AttributionGraph {
    /// What each feature node adds to the top target, directly. Targets are sorted by probability, so the first is the top one.
    /// `[selected features]`.
    public var directEffects: [Float] { Array(edges.row(index.features).prefix(index.features)) }

    /// The feature nodes at the sites that are wanted, or all, the first of the order first.
    ///
    /// - Parameter influence: the graph's.
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
