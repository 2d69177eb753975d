/// A decoder-only model as data: everything that its arithmetic depends on, except the weights.
///
/// A family turns its `config.json` into a spec; the forward pass and its transpose read nothing else.
public struct DecoderSpec: Sendable, Equatable {
    /// The checkpoint's architecture name, for example `LlamaForCausalLM`.
    public let architecture: String
    /// Width of the residual stream, d_model.
    public let width: Int
    /// Number of rows of the embedding and of the unembedding.
    public let vocabulary: Int
    /// The longest prompt that it was trained for, in tokens.
    public let context: Int
    /// How tokens enter the residual stream.
    public let embedding: EmbeddingSpec
    /// The layers, first to last.
    public let layers: [LayerSpec]
    /// The norm between the last layer and the unembedding.
    public let finalNorm: Normalization
    /// Whether the unembedding is the embedding.
    public let tiesEmbeddings: Bool
    /// The soft-cap c of the logits, `c tanh(logit / c)`; nil for none.
    public let logitSoftcap: Float?
}

/// How tokens enter the residual stream.
public struct EmbeddingSpec: Sendable, Equatable {
    /// The factor that token vectors are multiplied by.
    public let scale: Float
    /// Whether a learned vector of its position is added to each token.
    public let learnsPositions: Bool

    static let plain = EmbeddingSpec(scale: 1, learnsPositions: false)
}

/// One layer: attention, then an MLP. Each reads the residual stream through a norm and adds its output to the stream.
public struct LayerSpec: Sendable, Equatable {
    /// The norm before attention.
    public let attentionNorm: Normalization
    /// How the layer attends.
    public let attention: AttentionSpec
    /// The norm after attention, before its output is added to the stream; nil if the family has none.
    public let attentionPostNorm: Normalization?
    /// The norm before the MLP.
    public let mlpNorm: Normalization
    /// The layer's MLP.
    public let mlp: MLPSpec
    /// The norm after the MLP, before its output is added to the stream; nil if the family has none.
    public let mlpPostNorm: Normalization?
}

/// Scales a vector to a fixed size, then multiplies each element by its own weight.
public enum Normalization: Sendable, Equatable {
    /// `x w / sqrt(mean(x²) + epsilon)`; checkpoints store `w - weightOffset`.
    case rms(epsilon: Float, weightOffset: Float)
    /// `(x - mean(x)) w / sqrt(variance(x) + epsilon) + b`.
    case layer(epsilon: Float)
}

/// How one layer attends.
public struct AttentionSpec: Sendable, Equatable {
    /// Number of query heads, n_heads.
    public let heads: Int
    /// Number of key and value heads, n_kv_heads; each serves `heads / keyValueHeads` query heads.
    public let keyValueHeads: Int
    /// Width of a head, d_head.
    public let headWidth: Int
    /// The factor that scores are multiplied by before the softmax.
    public let scoreScale: Float
    /// The soft-cap c of the scaled scores, `c tanh(score / c)`; nil for none.
    public let scoreSoftcap: Float?
    /// How positions enter the scores.
    public let positions: PositionEncoding
    /// The norm of every head's queries and keys, before they are rotated to their positions; nil for none.
    public let queryKeyNorm: Normalization?
    /// Which positions a query sees.
    public let window: AttentionWindow

    /// The key-value head that a query head reads.
    public func keyValueHead(of head: Int) -> Int { head / (heads / keyValueHeads) }
}

/// How a model encodes the positions of tokens.
public enum PositionEncoding: Sendable, Equatable {
    /// Queries and keys are rotated by angles that grow with the position.
    case rotary(Rotary)
    /// A learned vector for each position is added to the embedding.
    case learned
}

/// Which positions a query sees, including its own.
public enum AttentionWindow: Sendable, Equatable {
    /// All positions up to its own.
    case full
    /// This number of positions, up to its own.
    case sliding(Int)

    /// The positions that a query at `position` sees.
    public func visible(from position: Int) -> ClosedRange<Int> {
        switch self {
        case .full: 0...position
        case .sliding(let width): max(0, position - width + 1)...position
        }
    }
}

/// The MLP of one layer, which acts on each position separately.
public struct MLPSpec: Sendable, Equatable {
    /// How the MLP combines its matrices.
    public enum Kind: Sendable, Equatable {
        /// `W_down (act(W_gate x) * W_up x)`.
        case gated(Nonlinearity)
        /// `W_down act(W_up x)`.
        case plain(Nonlinearity)
        /// A few of many experts, chosen for each row.
        case experts(ExpertsSpec)
    }

    /// How the MLP combines its matrices.
    public let kind: Kind
    /// Hidden width, d_mlp; with experts, that of each expert.
    public let width: Int
}

/// A mixture of experts: each row goes through the experts that the router scores highest, weighted by the softmax of these scores.
///
/// Each expert computes `W_down ((up + 1) * gate / (1 + exp(-steepness gate))) + b`, where `gate` is at most `limit` and `up` is
/// between `-limit` and `limit`.
public struct ExpertsSpec: Sendable, Equatable {
    /// Number of experts.
    public let count: Int
    /// Number of experts that a row goes through.
    public let chosen: Int
    /// The factor of the gate inside its sigmoid.
    public let steepness: Float
    /// The limit of gate and up.
    public let limit: Float
}

/// An activation function, applied to each element.
public enum Nonlinearity: Sendable, Equatable {
    /// `x / (1 + exp(-x))`.
    case silu
    /// `x / 2 (1 + erf(x / sqrt(2)))`.
    case gelu
    /// `x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x³)))`.
    case geluTanh
}
