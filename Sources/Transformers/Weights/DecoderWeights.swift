internal import Checkpoints
public import Foundation
public import Tensors

/// A decoder's weights: the large ones mapped and in their stored type, norms and biases widened.
public struct DecoderWeights: Sendable {
    /// W_E. `[vocabulary, d_model]`.
    public let embedding: StoredMatrix
    /// Learned position vectors. `[context, d_model]`; nil where there are none.
    public let positions: StoredMatrix?
    /// W_U. `[vocabulary, d_model]`; the embedding itself where the two are tied.
    public let unembedding: StoredMatrix
    /// Of the stream before the unembedding.
    public let finalNorm: Norm
    /// In their order.
    public let layers: [LayerWeights]
    /// The files they lie in.
    public let files: [URL]
    /// What is odd about them and was settled.
    let notices: [ModelNotice]
    /// Every tensor in use, as it is called in its file.
    private let tensors: [(content: WeightSlot.Content, tensor: StoredTensor)]

    /// How many numbers there are.
    public var parameterCount: Int {
        tensors.reduce(0) { sum, used in
            switch used.content {
            case .numbers: sum + used.tensor.count
            case .mxfp4Blocks: sum + 2 * used.tensor.count
            case .mxfp4Scales: sum
            }
        }
    }

    /// The bytes they take as they are stored.
    public var byteCount: Int { tensors.reduce(0) { $0 + $1.tensor.byteCount } }

    /// The first tensor with a value that is not a number. Reads everything: for explaining a result that went wrong.
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
    /// Of what attention reads.
    public let attentionNorm: Norm
    /// W_Q. `[n_heads * d_head, d_model]`.
    public let query: LinearLayer
    /// W_K. `[n_kv_heads * d_head, d_model]`.
    public let key: LinearLayer
    /// W_V. `[n_kv_heads * d_head, d_model]`.
    public let value: LinearLayer
    /// W_O. `[d_model, n_heads * d_head]`.
    public let attentionOutput: LinearLayer
    /// Of each head, one more score beside those of the positions, which takes its share of the softmax and leads nowhere.
    /// `[n_heads]`; nil where a family has none.
    public let sinks: [Float]?
    /// Over d_head, one for all heads.
    public let queryNorm: Norm?
    /// Over d_head, one for all heads.
    public let keyNorm: Norm?
    /// Of what attention adds; nil where a family has none.
    public let attentionPostNorm: Norm?
    /// Of what the MLP reads.
    public let mlpNorm: Norm
    /// The MLP's matrices.
    public let mlp: MLPWeights
    /// Of what the MLP adds; nil where a family has none.
    public let mlpPostNorm: Norm?
}

/// W_gate and W_in, `[d_mlp, d_model]`, and W_out, `[d_model, d_mlp]`.
public enum MLPWeights: Sendable {
    /// Two ways in, of which one gates the other.
    case gated(gate: LinearLayer, up: LinearLayer, down: LinearLayer)
    /// One way in.
    case plain(up: LinearLayer, down: LinearLayer)
    /// The router's scores, `[experts, d_model]`; each expert's W_gate and W_in, their rows in turn, `[2 d_mlp, d_model]`;
    /// each expert's W_out.
    case experts(router: LinearLayer, gateUp: ExpertLayers, down: ExpertLayers)
}

extension DecoderWeights {
    /// Takes every tensor the family names from a checkpoint, and complains about those missing and those left over together.
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
        // Weights that share a tensor name it several times.
        tensors = Dictionary(checkpoint.places.map { ($0.name, $0.slot.content) }) { first, _ in first }
            .sorted { $0.key < $1.key }.map { ($0.value, checkpoint[$0.key]) }
    }
}

/// The tensors of a checkpoint by what they are; nil where the family names none.
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

    /// - Parameter width: of what the experts read.
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
                fact: "the tensor \(blocks.name) is MXFP4, whose rows are multiples of \(MXFP4Matrix.blockLength), "
                    + "and the config wants rows of \(width)")
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
