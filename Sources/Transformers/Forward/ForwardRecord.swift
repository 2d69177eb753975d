public import Tensors

/// Everything that one pass over a prompt of `P` tokens fixed: what is frozen for attribution, and what interventions
/// restart from. Vectors over positions are `[P]`, matrices `[P, d_model]` unless said otherwise.
public struct ForwardRecord: Sendable, Equatable {
    /// The prompt's ids.
    public let tokens: [Int]
    /// One record for each layer.
    public internal(set) var layers: [LayerRecord]
    /// The residual stream behind the last layer.
    public internal(set) var finalResidual: Matrix
    /// Denominators (`hook_scale`) of the final norm.
    public internal(set) var finalDenominators: [Float]

    /// A record of these parts.
    public init(tokens: [Int], layers: [LayerRecord], finalResidual: Matrix, finalDenominators: [Float]) {
        self.tokens = tokens
        self.layers = layers
        self.finalResidual = finalResidual
        self.finalDenominators = finalDenominators
    }

    /// `P`.
    public var positions: Int { tokens.count }

    /// The residual stream at the entry of a layer.
    public func residualPre(_ layer: Int, embedding: @autoclosure () -> Matrix) -> Matrix {
        guard layer > 0 else { return embedding() }
        var residual = layers[layer - 1].residualMid
        residual.add(layers[layer - 1].addedOutput)
        return residual
    }
}

/// What a pass fixed in one layer.
public struct LayerRecord: Sendable, Equatable {
    /// Denominators (`hook_scale`) of the norm before attention.
    public let attentionDenominators: [Float]
    /// `[P, n_kv_heads * d_head]`.
    public let keys: Matrix
    /// `[P, n_kv_heads * d_head]`.
    public let values: Matrix
    /// How much each position took from each before it.
    public let pattern: AttentionPattern
    /// Denominators (`hook_scale`) of the norm after attention; empty where there is none.
    public let attentionPostDenominators: [Float]
    /// The residual stream after attention was added.
    public let residualMid: Matrix
    /// Denominators (`hook_scale`) of the norm before the MLP.
    public let mlpDenominators: [Float]
    /// The MLP's own output.
    public let mlpOutput: Matrix
    /// Denominators (`hook_scale`) of the norm after the MLP; empty where there is none.
    public let mlpPostDenominators: [Float]
    /// What was added to the residual stream: the MLP's output behind its norm, or, where there is none, itself.
    public let addedOutput: Matrix

    /// A record of these parts.
    public init(
        attentionDenominators: [Float], keys: Matrix, values: Matrix, pattern: AttentionPattern,
        attentionPostDenominators: [Float], residualMid: Matrix, mlpDenominators: [Float], mlpOutput: Matrix,
        mlpPostDenominators: [Float], addedOutput: Matrix
    ) {
        self.attentionDenominators = attentionDenominators
        self.keys = keys
        self.values = values
        self.pattern = pattern
        self.attentionPostDenominators = attentionPostDenominators
        self.residualMid = residualMid
        self.mlpDenominators = mlpDenominators
        self.mlpOutput = mlpOutput
        self.mlpPostDenominators = mlpPostDenominators
        self.addedOutput = addedOutput
    }
}
