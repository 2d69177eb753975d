/// A decoder-only model as data: everything its arithmetic depends on besides the weights.
///
/// A family turns its `config.json` into one of these; the forward pass and its transpose read nothing else.
public struct DecoderSpec: Sendable, Equatable {
    /// The checkpoint's architecture name, `LlamaForCausalLM`.
    public let architecture: String
    /// d_model.
    public let width: Int
    /// Rows of the embedding and of the unembedding.
    public let vocabulary: Int
    /// The longest prompt it was trained for, in tokens.
    public let context: Int
    public let embedding: EmbeddingSpec
    public let layers: [LayerSpec]
    public let finalNorm: Normalization
    /// Whether the unembedding is the embedding.
    public let tiesEmbeddings: Bool
    /// Logits are capped: `c tanh(logit / c)`.
    public let logitSoftcap: Float?
}

/// How tokens enter the residual stream.
public struct EmbeddingSpec: Sendable, Equatable {
    /// Token vectors are multiplied by this.
    public let scale: Float
    /// Whether a learned vector of its position is added to each.
    public let learnsPositions: Bool

    static let plain = EmbeddingSpec(scale: 1, learnsPositions: false)
}

/// One layer: attention, then an MLP, each behind a norm and added to the residual stream.
public struct LayerSpec: Sendable, Equatable {
    public let attentionNorm: Normalization
    public let attention: AttentionSpec
    /// Of what attention is about to add to the stream; nil where a family has none.
    public let attentionPostNorm: Normalization?
    public let mlpNorm: Normalization
    public let mlp: MLPSpec
    /// Of what the MLP is about to add to the stream; nil where a family has none.
    public let mlpPostNorm: Normalization?
}

public enum Normalization: Sendable, Equatable {
    /// `x w / sqrt(mean(x²) + epsilon)`; checkpoints hold `w - weightOffset`.
    case rms(epsilon: Float, weightOffset: Float)
    /// `(x - mean(x)) w / sqrt(variance(x) + epsilon) + b`.
    case layer(epsilon: Float)
}

public struct AttentionSpec: Sendable, Equatable {
    /// n_heads.
    public let heads: Int
    /// Heads of keys and values; each serves `heads / keyValueHeads` query heads.
    public let keyValueHeads: Int
    /// d_head.
    public let headWidth: Int
    /// Scores are multiplied by this before the softmax.
    public let scoreScale: Float
    /// Scores are then capped: `c tanh(score / c)`.
    public let scoreSoftcap: Float?
    public let positions: PositionEncoding
    /// Of every head's queries and keys, before they are turned to their positions.
    public let queryKeyNorm: Normalization?
    public let window: AttentionWindow

    /// The key-value head that a query head reads.
    public func keyValueHead(of head: Int) -> Int { head / (heads / keyValueHeads) }
}

public enum PositionEncoding: Sendable, Equatable {
    case rotary(Rotary)
    /// Positions entered with the embedding.
    case learned
}

/// Which positions a query sees, its own included.
public enum AttentionWindow: Sendable, Equatable {
    /// All up to its own.
    case full
    /// The last so many.
    case sliding(Int)

    /// What a query at `position` sees.
    public func visible(from position: Int) -> ClosedRange<Int> {
        switch self {
        case .full: 0...position
        case .sliding(let width): max(0, position - width + 1)...position
        }
    }
}

public struct MLPSpec: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// `W_down (act(W_gate x) * W_up x)`.
        case gated(Nonlinearity)
        /// `W_down act(W_up x)`.
        case plain(Nonlinearity)
        /// A few of many, for each row others.
        case experts(ExpertsSpec)
    }

    public let kind: Kind
    /// d_mlp; of each expert, where there are several.
    public let width: Int
}

/// A mixture of experts: a row goes through those that a router scores highest, weighted by the softmax of these scores.
///
/// Of each expert `W_down ((up + 1) * gate / (1 + exp(-steepness gate))) + b`, where `gate` is capped at `limit` and `up` at
/// both `limit` and `-limit`.
public struct ExpertsSpec: Sendable, Equatable {
    public let count: Int
    /// How many a row goes through.
    public let chosen: Int
    public let steepness: Float
    public let limit: Float
}

public enum Nonlinearity: Sendable, Equatable {
    /// `x / (1 + exp(-x))`.
    case silu
    /// `x / 2 (1 + erf(x / sqrt(2)))`.
    case gelu
    /// `x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x³)))`.
    case geluTanh
}
