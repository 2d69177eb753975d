/// What an attribution graph's node stands for.
public enum Node: Hashable, Sendable {
    /// An active transcoder feature.
    case feature(FeatureSite)
    /// What the transcoders leave of one layer's MLP output at one position.
    case error(layer: Int, position: Int)
    /// The embedding of the prompt's token at a position.
    case token(position: Int)
    /// The target with this index in `AttributionGraph.targets`.
    case target(Int)
}

/// Where each node stands in the graph's matrices: selected features (layer, position, feature), errors (layer-major),
/// tokens, targets. This order is the reference's, and this is the only place that knows it.
public struct NodeIndex: Sendable, Equatable {
    public let features: Int
    public let layers: Int
    public let positions: Int
    public let targets: Int

    public init(features: Int, layers: Int, positions: Int, targets: Int) {
        self.features = features
        self.layers = layers
        self.positions = positions
        self.targets = targets
    }

    public var errors: Range<Int> { features..<features + layers * positions }
    public var tokens: Range<Int> { errors.upperBound..<errors.upperBound + positions }
    /// Nodes that can be a source: everything but the targets.
    public var sources: Int { tokens.upperBound }
    public var count: Int { sources + targets }

    public func error(layer: Int, position: Int) -> Int { features + layer * positions + position }
    public func token(position: Int) -> Int { errors.upperBound + position }
    public func target(_ index: Int) -> Int { sources + index }
}
