public import Graphs

/// A feature of a graph, with its influence on the graph's targets.
public struct GraphFeature: Hashable, Sendable, CustomStringConvertible {
    /// The feature and its position.
    public let site: FeatureSite
    /// Its activation at that position.
    public let activation: Float
    /// Its share of all influence on the targets, over paths of any length (docs/method.md, section 6). 0 to 1.
    public let influence: Float

    /// Text such as `3/412@9: activation 4.2, influence 0.03`.
    public var description: String { "\(site): activation \(activation), influence \(influence)" }
}

extension AttributionGraph {
    /// The `count` most influential features, the most influential first.
    public func features(_ count: Int) -> [GraphFeature] {
        let influence = GraphInfluence(self)
        return features(by: .influence, influence: influence).prefix(max(count, 0)).map { node in
            GraphFeature(site: site(ofFeatureNode: node), activation: activation(ofFeatureNode: node), influence: influence.sources[node])
        }
    }
}
