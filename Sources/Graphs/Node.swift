/// What a node of an attribution graph represents.
public enum Node: Hashable, Sendable {
    /// An active transcoder feature.
    case feature(FeatureSite)
    /// The part of one layer's MLP output at one position that the transcoders do not reproduce.
    case error(layer: Int, position: Int)
    /// The embedding of the prompt's token at a position.
    case token(position: Int)
    /// The target with this index in `AttributionGraph.targets`.
    case target(Int)
}

extension Node {
    /// The name that users see: `20/15589@9`, `error 3@9`, `token @9` or `logit`.
    package var name: String {
        switch self {
        case .feature(let site): "\(site)"
        case .error(let layer, let position): "error \(layer)@\(position)"
        case .token(let position): "token @\(position)"
        case .target: "logit"
        }
    }
}

/// The order of the nodes in the graph's matrices: selected features (layer, position, feature), errors (layer-major),
/// tokens, targets. It is the order of the reference, and only this type defines it.
public struct NodeIndex: Sendable, Equatable {
    /// Number of feature nodes.
    public let features: Int
    /// Number of layers, n_layers; each has an error node at each position.
    public let layers: Int
    /// Number of tokens in the prompt.
    public let positions: Int
    /// Number of targets.
    public let targets: Int

    /// Creates the index for these numbers of nodes.
    public init(features: Int, layers: Int, positions: Int, targets: Int) {
        self.features = features
        self.layers = layers
        self.positions = positions
        self.targets = targets
    }

    /// The error nodes.
    public var errors: Range<Int> { features..<features + layers * positions }
    /// The token nodes.
    public var tokens: Range<Int> { errors.upperBound..<errors.upperBound + positions }
    /// Number of nodes that can be a source: all except the targets.
    public var sources: Int { tokens.upperBound }
    /// Number of nodes.
    public var count: Int { sources + targets }

    /// The error node of a layer at a position.
    public func error(layer: Int, position: Int) -> Int { features + layer * positions + position }
    /// The token node at a position.
    public func token(position: Int) -> Int { errors.upperBound + position }
    /// The node of the target `index`.
    public func target(_ index: Int) -> Int { sources + index }

    /// The node of a row of `AttributionGraph.edges`, whose rows are features, then targets.
    public func node(ofRow row: Int) -> Int { row < features ? row : target(row - features) }

    /// The row in `AttributionGraph.edges` of a feature or target node.
    package func row(of node: Int) -> Int { node < features ? node : node - sources + features }
}
