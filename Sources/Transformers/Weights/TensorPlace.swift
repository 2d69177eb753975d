/// Where a weight is stored in the checkpoint.
struct TensorPlace: Sendable {
    let slot: WeightSlot
    let name: String
    /// The shape that the stored tensor must have.
    let shape: [Int]
    /// The weight's range in the last dimension, if several weights share a tensor; nil for all of it.
    var part: Range<Int>?
    /// Whether it is stored as `[in, out]`, the transpose of what a linear layer reads.
    var isTransposed = false
}

/// The role of a weight in the decoder.
enum WeightSlot: Hashable, Sendable {
    case embedding
    case positions
    case unembedding
    case finalNorm
    case finalNormBias
    case layer(Int, LayerSlot)
}

enum LayerSlot: Hashable, Sendable {
    case attentionNorm, attentionNormBias
    case query, queryBias, key, keyBias, value, valueBias, attentionOutput, attentionOutputBias
    case sinks
    case queryNorm, keyNorm, attentionPostNorm
    case mlpNorm, mlpNormBias
    case gate, up, upBias, down, downBias
    case router, routerBias
    case gateUps, gateUpBlocks, gateUpScales, gateUpBiases, downs, downBlocks, downScales, downBiases
    case mlpPostNorm
}

extension WeightSlot {
    /// What an element of its tensor represents.
    enum Content: Sendable {
        case numbers
        /// Two four-bit numbers.
        case mxfp4Blocks
        /// The scale of a block.
        case mxfp4Scales
    }

    var content: Content {
        switch self {
        case .layer(_, .gateUpBlocks), .layer(_, .downBlocks): .mxfp4Blocks
        case .layer(_, .gateUpScales), .layer(_, .downScales): .mxfp4Scales
        default: .numbers
        }
    }
}
