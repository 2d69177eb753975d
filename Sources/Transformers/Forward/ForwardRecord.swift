public import Tensors

/// The record of one pass over a prompt of `P` tokens: what attribution freezes, and what interventions
/// restart from. Vectors over positions are `[P]`, matrices `[P, d_model]` unless stated otherwise.
public struct ForwardRecord: Sendable, Equatable {
    /// The prompt's token ids.
    public let tokens: [Int]
    /// One record for each layer.
    public internal(set) var layers: [LayerRecord]
    /// The residual stream after the last layer.
    public internal(set) var finalResidual: Matrix
    /// Denominators (`hook_scale`) of the final norm.
    public internal(set) var finalDenominators: [Float]

    /// Creates a record from its parts.
    public init(tokens: [Int], layers: [LayerRecord], finalResidual: Matrix, finalDenominators: [Float]) {
        self.tokens = tokens
        self.layers = layers
        self.finalResidual = finalResidual
        self.finalDenominators = finalDenominators
    }

    /// The number of tokens, `P`.
    public var positions: Int { tokens.count }

    /// The residual stream before a layer.
    public func residualPre(_ layer: Int, embedding: @autoclosure () -> Matrix) -> Matrix {
        guard layer > 0 else { return embedding() }
        var residual = layers[layer - 1].residualMid
        residual.add(layers[layer - 1].addedOutput)
        return residual
    }
}

/// The record of one layer of a pass.
public struct LayerRecord: Sendable, Equatable {
    /// Denominators (`hook_scale`) of the norm before attention.
    public let attentionDenominators: [Float]
    /// Keys, rotated to their positions. `[P, n_kv_heads * d_head]`.
    public let keys: Matrix
    /// Values. `[P, n_kv_heads * d_head]`.
    public let values: Matrix
    /// How much each position read from each position up to its own.
    public let pattern: AttentionPattern
    /// Denominators (`hook_scale`) of the norm after attention; empty if there is none.
    public let attentionPostDenominators: [Float]
    /// The residual stream after attention was added.
    public let residualMid: Matrix
    /// Denominators (`hook_scale`) of the norm before the MLP.
    public let mlpDenominators: [Float]
    /// The MLP's output, before any norm.
    public let mlpOutput: Matrix
    /// Denominators (`hook_scale`) of the norm after the MLP; empty if there is none.
    public let mlpPostDenominators: [Float]
    /// The MLP's contribution to the residual stream: its output, after the post-MLP norm if there is one.
    public let addedOutput: Matrix

    /// Creates a record from its parts.
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
