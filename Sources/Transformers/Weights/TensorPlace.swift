/// A weight's place in the checkpoint.
struct TensorPlace: Sendable {
    let slot: WeightSlot
    let name: String
    /// As it must be stored.
    let shape: [Int]
    /// Which of the last dimension, where several weights share a tensor; nil for all of it.
    var part: Range<Int>?
    /// Whether it is stored `[in, out]`, the other way round than a linear layer reads.
    var isTransposed = false
}

/// A weight's place in the decoder.
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
    /// What the elements of its tensor are.
    enum Content: Sendable {
        case numbers
        /// Two four-bit numbers each.
        case mxfp4Blocks
        /// The scale of a block each.
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
