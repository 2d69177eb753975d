public import Graphs

/// What an intervention does to a feature's activation.
public enum FeatureEdit: Hashable, Sendable {
    /// To this value.
    case set(Float)
    /// To 0.
    case zero
    /// To this many times its own activation.
    case scale(Float)
    /// To its own activation plus this.
    case add(Float)

    /// The wanted activation, given the feature's own.
    public func callAsFunction(_ own: Float) -> Float {
        switch self {
        case .set(let value): value
        case .zero: 0
        case .scale(let factor): own * factor
        case .add(let amount): own + amount
        }
    }
}

/// A feature to set, where, and to what (docs/method.md, section 7).
public struct Intervention: Hashable, Sendable {
    /// The feature that is set.
    public let feature: FeatureID
    /// Counted from the prompt's first token on; those after its last are generated tokens. `Int.max` where it does not end.
    public let positions: Range<Int>
    /// What becomes of its activation.
    public let edit: FeatureEdit

    /// An intervention that ends: on tokens of the prompt, generated ones, or both.
    public init(feature: FeatureID, positions: Range<Int>, edit: FeatureEdit) {
        self.feature = feature
        self.positions = positions
        self.edit = edit
    }

    /// One that does not end: it acts on every generated token from there on, too.
    public init(feature: FeatureID, positions: PartialRangeFrom<Int>, edit: FeatureEdit) {
        self.init(feature: feature, positions: positions.lowerBound..<Int.max, edit: edit)
    }

    /// Whether it acts for as long as tokens are generated.
    public var isOpenEnded: Bool { positions.upperBound == Int.max }
}

extension Intervention {
    /// An edit of one feature at one position.
    public init(_ site: FeatureSite, _ edit: FeatureEdit) {
        self.init(feature: site.feature, positions: site.position..<site.position + 1, edit: edit)
    }
}

/// How much of the model may react to the interventions (docs/method.md, section 7).
public struct RunOptions: Hashable, Sendable {
    /// Attention patterns stay those of the original run.
    public var freezeAttention: Bool
    /// Layers whose MLP outputs stay those of the original run; half open. Interventions land only in them, attention is
    /// frozen too, and with all layers the norms' denominators as well: direct effects, the graph's edges.
    public var constrainedLayers: Range<Int>?

    /// Options as the properties say.
    public init(freezeAttention: Bool = true, constrainedLayers: Range<Int>? = nil) {
        self.freezeAttention = freezeAttention
        self.constrainedLayers = constrainedLayers
    }
}
