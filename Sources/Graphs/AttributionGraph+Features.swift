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

    /// The feature nodes of one layer or position, or all, the first of the order first.
    ///
    /// - Parameter influence: the graph's.
    public func features(
        by order: FeatureOrder, influence: GraphInfluence, layer: Int? = nil, position: Int? = nil
    ) -> [Int] {
        let places = selectedFeatures.indices.filter { place in
            let site = site(ofFeatureNode: place)
            return (layer ?? site.layer) == site.layer && (position ?? site.position) == site.position
        }
        let direct = order == .direct ? directEffects : []
        let sizes = places.map { place in
            switch order {
            case .influence: influence.sources[place]
            case .activation: activation(ofFeatureNode: place)
            case .direct: abs(direct[place])
            }
        }
        return sizes.indicesOfLargest(sizes.count).map { places[$0] }
    }
}
