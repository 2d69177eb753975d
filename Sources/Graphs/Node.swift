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

extension Node {
    /// As people read it: `20/15589@9`, `error 3@9`, `token @9`, `logit`.
    package var name: String {
        switch self {
        case .feature(let site): "\(site)"
        case .error(let layer, let position): "error \(layer)@\(position)"
        case .token(let position): "token @\(position)"
        case .target: "logit"
        }
    }
}

/// Where each node stands in the graph's matrices: selected features (layer, position, feature), errors (layer-major),
/// tokens, targets. This order is the reference's, and this is the only place that knows it.
public struct NodeIndex: Sendable, Equatable {
    /// How many features are nodes.
    public let features: Int
    /// n_layers; each has an error node at each position.
    public let layers: Int
    /// The prompt's tokens.
    public let positions: Int
    /// How many targets the graph has.
    public let targets: Int

    /// An index of so many nodes of each kind.
    public init(features: Int, layers: Int, positions: Int, targets: Int) {
        self.features = features
        self.layers = layers
        self.positions = positions
        self.targets = targets
    }

    /// The nodes of the errors.
    public var errors: Range<Int> { features..<features + layers * positions }
    /// The nodes of the tokens.
    public var tokens: Range<Int> { errors.upperBound..<errors.upperBound + positions }
    /// Nodes that can be a source: everything but the targets.
    public var sources: Int { tokens.upperBound }
    /// All nodes.
    public var count: Int { sources + targets }

    /// The node of a layer's error at a position.
    public func error(layer: Int, position: Int) -> Int { features + layer * positions + position }
    /// The node of the token at a position.
    public func token(position: Int) -> Int { errors.upperBound + position }
    /// The node of the target `index`.
    public func target(_ index: Int) -> Int { sources + index }

    /// The node that a row of `AttributionGraph.edges` stands for: features, then targets.
    public func node(ofRow row: Int) -> Int { row < features ? row : target(row - features) }

    /// The row of `AttributionGraph.edges` of a node that has inputs.
    package func row(of node: Int) -> Int { node < features ? node : node - sources + features }
}
