internal import Checkpoints
internal import Foundation
public import Tensors

/// A decoder's weights: the large ones mapped and in their stored type, the norms widened.
public struct DecoderWeights: Sendable {
    /// W_E. `[vocabulary, d_model]`.
    public let embedding: StoredMatrix
    /// W_U. `[vocabulary, d_model]`; the embedding itself where the two are tied.
    public let unembedding: StoredMatrix
    /// `[d_model]`.
    public let finalNorm: [Float]
    public let layers: [LayerWeights]
    /// Every tensor in use, as it is called in its file.
    let tensors: [StoredTensor]

    /// How many numbers there are.
    public var parameterCount: Int { tensors.reduce(0) { $0 + $1.count } }

    /// The bytes they take as they are stored.
    public var byteCount: Int { tensors.reduce(0) { $0 + $1.byteCount } }

    /// The first tensor with a value that is not a number. Reads everything: for explaining a result that went wrong.
    func firstNotFinite() throws -> StoredTensor? {
        try tensors.first { try !$0.floats().areFinite }
    }
}

public struct LayerWeights: Sendable {
    /// `[d_model]`.
    public let attentionNorm: [Float]
    /// W_Q. `[n_heads * d_head, d_model]`.
    public let query: StoredMatrix
    /// W_K. `[n_kv_heads * d_head, d_model]`.
    public let key: StoredMatrix
    /// W_V. `[n_kv_heads * d_head, d_model]`.
    public let value: StoredMatrix
    /// W_O. `[d_model, n_heads * d_head]`.
    public let attentionOutput: StoredMatrix
    /// `[d_model]`.
    public let mlpNorm: [Float]
    /// W_gate. `[d_mlp, d_model]`.
    public let gate: StoredMatrix
    /// W_in. `[d_mlp, d_model]`.
    public let up: StoredMatrix
    /// W_out. `[d_model, d_mlp]`.
    public let down: StoredMatrix
}

extension DecoderWeights {
    /// Takes every tensor the family names from a checkpoint, and complains about those missing and those left over together.
    init(_ archive: TensorArchive, spec: DecoderSpec, family: DecoderFamily, folder: URL) throws {
        let places = family.tensors(spec)
        // Tied checkpoints may ship the unembedding all the same; it is the embedding again.
        let known = Set(places.map(\.name)).union(spec.tiesEmbeddings ? ["lm_head.weight"] : [])
        let missing = places.map(\.name).filter { archive[$0] == nil }
        // Older exports keep the rotary frequencies, which the config already says.
        let unused = archive.names.filter { !known.contains($0) && !$0.hasSuffix("rotary_emb.inv_freq") }
        guard missing.isEmpty && unused.isEmpty else {
            throw ModelError.tensors(folder: folder, missing: missing, unused: unused)
        }
        var tensors: [WeightSlot: StoredTensor] = [:]
        for place in places { tensors[place.slot] = try archive.tensor(place.name, shape: place.shape) }

        func matrix(_ slot: WeightSlot) throws -> StoredMatrix { try tensors[slot]!.matrix() }
        func norm(_ slot: WeightSlot) throws -> [Float] {
            let tensor = tensors[slot]!
            let values = try tensor.floats()
            guard values.areFinite else { throw ModelError.notFinite(tensor: tensor.name, file: tensor.file) }
            return values
        }
        embedding = try matrix(.embedding)
        unembedding = spec.tiesEmbeddings ? embedding : try matrix(.unembedding)
        finalNorm = try norm(.finalNorm)
        layers = try spec.layers.indices.map { layer in
            LayerWeights(
                attentionNorm: try norm(.layer(layer, .attentionNorm)), query: try matrix(.layer(layer, .query)),
                key: try matrix(.layer(layer, .key)), value: try matrix(.layer(layer, .value)),
                attentionOutput: try matrix(.layer(layer, .attentionOutput)), mlpNorm: try norm(.layer(layer, .mlpNorm)),
                gate: try matrix(.layer(layer, .gate)), up: try matrix(.layer(layer, .up)),
                down: try matrix(.layer(layer, .down)))
        }
        self.tensors = tensors.values.sorted { $0.name < $1.name }
    }
}
