internal import Checkpoints
public import Foundation
public import Tensors

/// A decoder-only transformer: what it is, its weights, and its passes. Immutable; a pass's state is its own value.
public struct Decoder: Sendable {
    public let spec: DecoderSpec
    public let weights: DecoderWeights
    /// The folder it was loaded from.
    public let folder: URL

    /// Maps the checkpoint in a Hugging Face folder: `config.json` and `model.safetensors` or its shards.
    public init(folder: URL) throws {
        let config = try JSONFile("config.json", in: folder).root
        let family = try DecoderFamily.of(config)
        spec = try family.spec(config)
        weights = try DecoderWeights(TensorArchive(folder: folder), spec: spec, family: family, folder: folder)
        self.folder = folder
    }

    public var layerCount: Int { spec.layers.count }

    public func attention(_ layer: Int) -> Attention {
        Attention(spec: spec.layers[layer].attention, weights: weights.layers[layer])
    }

    // MARK: - The parts of a pass, in its order

    /// Token vectors as they enter the residual stream. `[n, d_model]`.
    public func embed(_ tokens: [Int]) -> Matrix { weights.embedding.gather(rows: tokens) }

    /// One attention block, over the rows from position `first` on.
    ///
    /// - Parameters:
    ///   - residual: the stream at the layer's entry. `[n, d_model]`.
    ///   - cache: keys and values of the positions before; receives those of the rows.
    ///   - frozen: what to keep of another run instead of computing it.
    /// - Returns: the stream after attention was added, and what the block fixed.
    public func attend(
        _ layer: Int, _ residual: Matrix, cache: inout KeyValueCache, frozen: FrozenAttention = FrozenAttention()
    ) -> (residualMid: Matrix, pattern: AttentionPattern, denominators: [Float]) {
        let first = cache.count(layer)
        let norm = spec.layers[layer].attentionNorm
        let denominators = frozen.denominators ?? norm.denominators(of: residual)
        let normalized = norm.apply(residual, over: denominators, weight: weights.layers[layer].attentionNorm)
        let attention = attention(layer)
        cache.append(layer, keys: attention.keys(normalized, first: first), values: attention.values(normalized))
        let pattern =
            frozen.pattern
            ?? attention.pattern(queries: attention.queries(normalized, first: first), keys: cache.keys(layer))
        var residualMid = residual
        residualMid.add(attention.output(pattern, values: cache.values(layer)))
        return (residualMid, pattern, denominators)
    }

    /// The norm before a layer's MLP: its denominators, and the stream behind it. `[n]`, `[n, d_model]`.
    public func mlpInput(
        _ layer: Int, _ residualMid: Matrix, denominators: [Float]? = nil
    ) -> (denominators: [Float], normalized: Matrix) {
        let norm = spec.layers[layer].mlpNorm
        let denominators = denominators ?? norm.denominators(of: residualMid)
        return (denominators, norm.apply(residualMid, over: denominators, weight: weights.layers[layer].mlpNorm))
    }

    /// What a layer's MLP adds to the stream. `[n, d_model]`.
    public func mlp(_ layer: Int, _ normalized: Matrix) -> Matrix {
        MLP(spec: spec.layers[layer].mlp, weights: weights.layers[layer]).apply(normalized)
    }

    /// The final norm and the unembedding. `[n, d_model] -> [n, vocabulary]`.
    public func logits(_ residual: Matrix, denominators: [Float]? = nil) -> Matrix {
        let denominators = denominators ?? spec.finalNorm.denominators(of: residual)
        return spec.finalNorm.apply(residual, over: denominators, weight: weights.finalNorm)
            .multiplied(byTransposeOf: weights.unembedding)
    }

    /// Logits of a recorded run at some of its positions. `[positions.count, vocabulary]`.
    public func logits(of record: ForwardRecord, positions: Range<Int>) -> Matrix {
        logits(record.finalResidual.rows(positions), denominators: Array(record.finalDenominators[positions]))
    }

    /// What the next token is chosen from. `[1, vocabulary]`.
    public func nextTokenLogits(_ record: ForwardRecord) -> Matrix {
        logits(of: record, positions: record.positions - 1..<record.positions)
    }

    // MARK: - The pass

    /// Runs the model once over a prompt and keeps what the rest works from.
    ///
    /// - Throws: `ModelError` for a prompt that does not fit or weights that are not numbers; `CancellationError`.
    public func forward(_ tokens: [Int]) throws -> ForwardRecord {
        try check(tokens)
        var residual = embed(tokens)
        var cache = KeyValueCache(layers: layerCount)
        var layers: [LayerRecord] = []
        for layer in 0..<layerCount {
            try Task.checkCancellation()
            let (residualMid, pattern, attentionDenominators) = attend(layer, residual, cache: &cache)
            let (mlpDenominators, normalized) = mlpInput(layer, residualMid)
            let mlpOutput = mlp(layer, normalized)
            layers.append(
                LayerRecord(
                    attentionDenominators: attentionDenominators, keys: cache.keys(layer), values: cache.values(layer),
                    pattern: pattern, residualMid: residualMid, mlpDenominators: mlpDenominators, mlpOutput: mlpOutput))
            residual = residualMid
            residual.add(mlpOutput)
        }
        guard residual.elements.areFinite else { throw try whyNotFinite() }
        return ForwardRecord(
            tokens: tokens, layers: layers, finalResidual: residual,
            finalDenominators: spec.finalNorm.denominators(of: residual))
    }

    /// Runs more tokens behind those in the cache, recording nothing else.
    ///
    /// - Returns: the stream behind the last layer. `[tokens.count, d_model]`.
    public func advance(_ tokens: [Int], _ cache: inout KeyValueCache) throws -> Matrix {
        var residual = embed(tokens)
        for layer in 0..<layerCount {
            try Task.checkCancellation()
            residual = attend(layer, residual, cache: &cache).residualMid
            residual.add(mlp(layer, mlpInput(layer, residual).normalized))
        }
        return residual
    }

    private func check(_ tokens: [Int]) throws(ModelError) {
        if tokens.isEmpty { throw .emptyPrompt }
        if tokens.count > spec.context { throw .promptTooLong(tokens: tokens.count, context: spec.context) }
        if let id = tokens.first(where: { !(0..<spec.vocabulary).contains($0) }) {
            throw .tokenOutOfRange(id: id, vocabulary: spec.vocabulary)
        }
    }

    /// Why a pass, or its logits, came out as something that is not a number. Reads every weight.
    public func whyNotFinite() throws -> ModelError {
        guard let tensor = try weights.firstNotFinite() else {
            return .inconsistent(
                file: folder.appending(path: "config.json"), fact: "the residual stream grows beyond 32-bit floats on this prompt")
        }
        return .notFinite(tensor: tensor.name, file: tensor.file)
    }
}

/// What an attention block keeps of another run.
public struct FrozenAttention: Sendable {
    /// Of the rows that are computed; nil to compute it.
    public var pattern: AttentionPattern?
    /// Of the norm before attention; nil to compute them.
    public var denominators: [Float]?

    public init(pattern: AttentionPattern? = nil, denominators: [Float]? = nil) {
        self.pattern = pattern
        self.denominators = denominators
    }
}
