internal import Checkpoints
public import Foundation
public import Tensors

/// A decoder's weights: the large ones mapped in their stored type, norms and biases as 32-bit floats.
public struct DecoderWeights: Sendable {
    /// W_E. `[vocabulary, d_model]`.
    public let embedding: StoredMatrix
    /// Learned position vectors. `[context, d_model]`; nil if there are none.
    public let positions: StoredMatrix?
    /// W_U. `[vocabulary, d_model]`; the embedding itself if the two are tied.
    public let unembedding: StoredMatrix
    /// The norm between the last layer and the unembedding.
    public let finalNorm: Norm
    /// The layers, first to last.
    public let layers: [LayerWeights]
    /// The files that contain them.
    public let files: [URL]
    /// Contradictions in the files, and how each was resolved.
    let notices: [ModelNotice]
    /// Every tensor in use, under its name in the file.
    private let tensors: [(content: WeightSlot.Content, tensor: StoredTensor)]

    /// The number of parameters.
    public var parameterCount: Int {
        tensors.reduce(0) { sum, used in
            switch used.content {
            case .numbers: sum + used.tensor.count
            case .mxfp4Blocks: sum + 2 * used.tensor.count
            case .mxfp4Scales: sum
            }
        }
    }

    /// Their size in the files, in bytes.
    public var byteCount: Int { tensors.reduce(0) { $0 + $1.tensor.byteCount } }

    /// The first tensor with NaN or infinite values. It reads all weights, and so is only for explaining a failed result.
    func firstNotFinite() throws -> StoredTensor? {
        try tensors.first { content, tensor in
            switch content {
            case .numbers: try !tensor.floats().areFinite
            case .mxfp4Blocks: false
            case .mxfp4Scales: try tensor.integers().contains(255)
            }
        }?.tensor
    }
}

/// The weights of one layer. Shapes are `[out, in]`.
public struct LayerWeights: Sendable {
    /// The norm before attention.
    public let attentionNorm: Norm
    /// W_Q. `[n_heads * d_head, d_model]`.
    public let query: LinearLayer
    /// W_K. `[n_kv_heads * d_head, d_model]`.
    public let key: LinearLayer
    /// W_V. `[n_kv_heads * d_head, d_model]`.
    public let value: LinearLayer
    /// W_O. `[d_model, n_heads * d_head]`.
    public let attentionOutput: LinearLayer
    /// For each head, one score in addition to those of the positions: it takes its share of the softmax, and nothing is read for it.
    /// `[n_heads]`; nil if the family has none.
    public let sinks: [Float]?
    /// The norm of each head's queries, over d_head; the same for all heads. Nil if the family has none.
    public let queryNorm: Norm?
    /// The norm of each head's keys, over d_head; the same for all heads. Nil if the family has none.
    public let keyNorm: Norm?
    /// The norm after attention; nil if the family has none.
    public let attentionPostNorm: Norm?
    /// The norm before the MLP.
    public let mlpNorm: Norm
    /// The MLP's matrices.
    public let mlp: MLPWeights
    /// The norm after the MLP; nil if the family has none.
    public let mlpPostNorm: Norm?
}

/// W_gate and W_in, `[d_mlp, d_model]`, and W_out, `[d_model, d_mlp]`.
public enum MLPWeights: Sendable {
    /// Two input matrices, one of which gates the other.
    case gated(gate: LinearLayer, up: LinearLayer, down: LinearLayer)
    /// One input matrix.
    case plain(up: LinearLayer, down: LinearLayer)
    /// The router, `[experts, d_model]`; each expert's W_gate and W_in with alternating rows, `[2 d_mlp, d_model]`;
    /// each expert's W_out.
    case experts(router: LinearLayer, gateUp: ExpertLayers, down: ExpertLayers)
}

extension DecoderWeights {
    /// Takes every tensor of the family from a checkpoint. Missing tensors and those left over are reported together.
    init(_ archive: TensorArchive, spec: DecoderSpec, family: DecoderFamily, folder: URL) throws {
        let checkpoint = try CheckpointTensors(archive, spec: spec, family: family, folder: folder)
        let found = try FoundTensors(checkpoint)
        embedding = try found.matrix(.embedding)!
        positions = try found.matrix(.positions)
        unembedding = spec.tiesEmbeddings ? embedding : try found.matrix(.unembedding)!
        finalNorm = try found.norm(spec.finalNorm, .finalNorm, .finalNormBias)!
        layers = try spec.layers.enumerated().map { index, layer in
            func linear(_ weight: LayerSlot, _ bias: LayerSlot? = nil) throws -> LinearLayer? {
                try found.linear(.layer(index, weight), bias.map { .layer(index, $0) })
            }
            func norm(_ kind: Normalization?, _ weight: LayerSlot, _ bias: LayerSlot? = nil) throws -> Norm? {
                try kind.flatMap { try found.norm($0, .layer(index, weight), bias.map { .layer(index, $0) }) }
            }
            func mlp() throws -> MLPWeights {
                switch layer.mlp.kind {
                case .gated: .gated(gate: try linear(.gate)!, up: try linear(.up)!, down: try linear(.down)!)
                case .plain: .plain(up: try linear(.up, .upBias)!, down: try linear(.down, .downBias)!)
                case .experts:
                    .experts(
                        router: try linear(.router, .routerBias)!,
                        gateUp: try found.experts(index, .gateUps, .gateUpBlocks, .gateUpScales, .gateUpBiases, width: spec.width),
                        down: try found.experts(index, .downs, .downBlocks, .downScales, .downBiases, width: layer.mlp.width))
                }
            }
            return LayerWeights(
                attentionNorm: try norm(layer.attentionNorm, .attentionNorm, .attentionNormBias)!,
                query: try linear(.query, .queryBias)!, key: try linear(.key, .keyBias)!, value: try linear(.value, .valueBias)!,
                attentionOutput: try linear(.attentionOutput, .attentionOutputBias)!,
                sinks: try found.vector(.layer(index, .sinks)), queryNorm: try norm(layer.attention.queryKeyNorm, .queryNorm),
                keyNorm: try norm(layer.attention.queryKeyNorm, .keyNorm),
                attentionPostNorm: try norm(layer.attentionPostNorm, .attentionPostNorm),
                mlpNorm: try norm(layer.mlpNorm, .mlpNorm, .mlpNormBias)!,
                mlp: try mlp(), mlpPostNorm: try norm(layer.mlpPostNorm, .mlpPostNorm))
        }
        files = checkpoint.files
        notices = checkpoint.notices
        // Several weights may share a tensor.
        tensors = Dictionary(checkpoint.places.map { ($0.name, $0.slot.content) }) { first, _ in first }
            .sorted { $0.key < $1.key }.map { ($0.value, checkpoint[$0.key]) }
    }
}

/// The tensors of a checkpoint by slot; nil for slots that the family does not have.
private struct FoundTensors {
    private let places: [WeightSlot: (place: TensorPlace, tensor: StoredTensor)]

    init(_ checkpoint: CheckpointTensors) throws {
        places = try Dictionary(uniqueKeysWithValues: checkpoint.places.map { ($0.slot, ($0, try checkpoint.tensor($0))) })
    }

    func matrix(_ slot: WeightSlot) throws -> StoredMatrix? {
        try places[slot].map { place, tensor in
            let whole = try tensor.matrix()
            let matrix = place.part.map { whole.columns($0) } ?? whole
            return place.isTransposed ? matrix.transposed : matrix
        }
    }

    func linear(_ weight: WeightSlot, _ bias: WeightSlot?) throws -> LinearLayer? {
        try matrix(weight).map { LinearLayer(weight: $0, bias: try bias.flatMap(vector)) }
    }

    func norm(_ kind: Normalization, _ weight: WeightSlot, _ bias: WeightSlot?) throws -> Norm? {
        try vector(weight).map { Norm(kind, weight: $0, bias: try bias.flatMap(vector)) }
    }

    /// - Parameter width: the number of elements that an expert's matrix reads from a row.
    func experts(
        _ layer: Int, _ plain: LayerSlot, _ blocks: LayerSlot, _ scales: LayerSlot, _ biases: LayerSlot, width: Int
    ) throws -> ExpertLayers {
        let biases = try matrix(.layer(layer, biases))!
        if let plain = places[.layer(layer, plain)]?.tensor {
            return ExpertLayers(weights: .plain(try plain.matrices().map(\.transposed)), biases: biases)
        }
        let (blocks, scales) = (places[.layer(layer, blocks)]!.tensor, places[.layer(layer, scales)]!.tensor)
        guard width % MXFP4Matrix.blockLength == 0 else {
            throw ModelError.inconsistent(
                file: blocks.file,
                fact: "the config requires rows of \(width) in the tensor \(blocks.name), but MXFP4 rows must be multiples of "
                    + "\(MXFP4Matrix.blockLength)")
        }
        return ExpertLayers(weights: .mxfp4(try blocks.matrices(scaledBy: scales)), biases: biases)
    }

    func vector(_ slot: WeightSlot) throws -> [Float]? {
        try places[slot].map { place, tensor in
            let values = try tensor.floats()
            guard values.areFinite else { throw ModelError.notFinite(tensor: tensor.name, file: tensor.file) }
            return place.part.map { Array(values[$0]) } ?? values
        }
    }
}
