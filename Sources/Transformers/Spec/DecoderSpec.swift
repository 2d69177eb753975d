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
    public let layers: [LayerSpec]
    public let finalNorm: Normalization
    /// Whether the unembedding is the embedding.
    public let tiesEmbeddings: Bool
}

/// One layer: attention, then an MLP, each behind a norm and added to the residual stream.
public struct LayerSpec: Sendable, Equatable {
    public let attentionNorm: Normalization
    public let attention: AttentionSpec
    public let mlpNorm: Normalization
    public let mlp: MLPSpec
}

public enum Normalization: Sendable, Equatable {
    /// `x w / sqrt(mean(x²) + epsilon)`.
    case rms(epsilon: Float)
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
    public let positions: PositionEncoding

    /// The key-value head that a query head reads.
    public func keyValueHead(of head: Int) -> Int { head / (heads / keyValueHeads) }
}

public enum PositionEncoding: Sendable, Equatable {
    case rotary(Rotary)
}

public struct MLPSpec: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// `W_down (act(W_gate x) * W_up x)`.
        case gated(Nonlinearity)
    }

    public let kind: Kind
    /// d_mlp.
    public let width: Int
}

public enum Nonlinearity: Sendable, Equatable {
    /// `x / (1 + exp(-x))`.
    case silu
}
