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
    /// What enters the first layer.
    public let embedding: EmbeddingSpec
    /// In their order.
    public let layers: [LayerSpec]
    /// Of the stream before the unembedding.
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
    /// Of what attention reads.
    public let attentionNorm: Normalization
    /// What moves between positions.
    public let attention: AttentionSpec
    /// Of what attention is about to add to the stream; nil where a family has none.
    public let attentionPostNorm: Normalization?
    /// Of what the MLP reads.
    public let mlpNorm: Normalization
    /// What is computed at each position.
    public let mlp: MLPSpec
    /// Of what the MLP is about to add to the stream; nil where a family has none.
    public let mlpPostNorm: Normalization?
}

/// What makes a vector of a size that does not grow, with a gain for each element.
public enum Normalization: Sendable, Equatable {
    /// `x w / sqrt(mean(x²) + epsilon)`; checkpoints hold `w - weightOffset`.
    case rms(epsilon: Float, weightOffset: Float)
    /// `(x - mean(x)) w / sqrt(variance(x) + epsilon) + b`.
    case layer(epsilon: Float)
}

/// How one layer attends.
public struct AttentionSpec: Sendable, Equatable {
    /// Heads of queries, n_heads.
    public let heads: Int
    /// Heads of keys and values; each serves `heads / keyValueHeads` query heads.
    public let keyValueHeads: Int
    /// d_head.
    public let headWidth: Int
    /// Scores are multiplied by this before the softmax.
    public let scoreScale: Float
    /// Scores are then capped: `c tanh(score / c)`.
    public let scoreSoftcap: Float?
    /// How it knows where its tokens stand.
    public let positions: PositionEncoding
    /// Of every head's queries and keys, before they are turned to their positions.
    public let queryKeyNorm: Normalization?
    /// How far back it looks.
    public let window: AttentionWindow

    /// The key-value head that a query head reads.
    public func keyValueHead(of head: Int) -> Int { head / (heads / keyValueHeads) }
}

/// How attention knows where tokens stand.
public enum PositionEncoding: Sendable, Equatable {
    /// Queries and keys are turned by angles that grow with the position.
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

/// What one layer computes at each position.
public struct MLPSpec: Sendable, Equatable {
    /// How its matrices are put together.
    public enum Kind: Sendable, Equatable {
        /// `W_down (act(W_gate x) * W_up x)`.
        case gated(Nonlinearity)
        /// `W_down act(W_up x)`.
        case plain(Nonlinearity)
        /// A few of many, for each row others.
        case experts(ExpertsSpec)
    }

    /// How its matrices are put together.
    public let kind: Kind
    /// d_mlp; of each expert, where there are several.
    public let width: Int
}

/// A mixture of experts: a row goes through those that a router scores highest, weighted by the softmax of these scores.
///
/// Of each expert `W_down ((up + 1) * gate / (1 + exp(-steepness gate))) + b`, where `gate` is capped at `limit` and `up` at
/// both `limit` and `-limit`.
public struct ExpertsSpec: Sendable, Equatable {
    /// How many there are.
    public let count: Int
    /// How many a row goes through.
    public let chosen: Int
    /// Of the gate's sigmoid.
    public let steepness: Float
    /// What gate and up are capped at.
    public let limit: Float
}

/// What is applied to each element.
public enum Nonlinearity: Sendable, Equatable {
    /// `x / (1 + exp(-x))`.
    case silu
    /// `x / 2 (1 + erf(x / sqrt(2)))`.
    case gelu
    /// `x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x³)))`.
    case geluTanh
}
