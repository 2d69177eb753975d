internal import Checkpoints
public import Foundation
public import Tensors

/// A decoder-only transformer: its description, its weights and its passes. It is immutable; the state of a pass is a separate
/// value.
public struct TransformerDecoder: Sendable {
    /// The shapes of its layers, and their norms, positions, gates and soft-caps.
    public let spec: DecoderSpec
    /// Its weights, mapped in their stored type.
    public let weights: DecoderWeights
    /// The folder it was loaded from.
    public let folder: URL
    /// Contradictions in its files, and how each was resolved.
    package let notices: [ModelNotice]

    /// Maps the checkpoint in a Hugging Face folder: `config.json`, and `model.safetensors` or its shards.
    public init(folder: URL) throws {
        if let adapter = OtherWeights.adapter(in: folder) { throw CheckpointError.noWeights(folder: folder, found: adapter) }
        let (family, config) = try DecoderFamily.of(JSONFile("config.json", in: folder).root)
        spec = try family.spec(config)
        weights = try DecoderWeights(TensorArchive(folder: folder), spec: spec, family: family, folder: folder)
        notices = try family.notices(config) + weights.notices
        self.folder = folder
    }

    /// n_layers.
    public var layerCount: Int { spec.layers.count }

    /// The attention of a layer.
    package func attention(_ layer: Int) -> Attention {
        Attention(spec: spec.layers[layer].attention, weights: weights.layers[layer])
    }

    // MARK: - The parts of a pass, in order

    /// Token vectors as they enter the residual stream, scaled and with learned positions if the family has them.
    /// `[n, d_model]`.
    ///
    /// - Parameter first: the position of the first token.
    package func embed(_ tokens: [Int], first: Int = 0) -> Matrix { embed(tokens, positions: Array(first..<first + tokens.count)) }

    /// The same of tokens at any positions.
    func embed(_ tokens: [Int], positions: [Int]) -> Matrix {
        var rows = weights.embedding.gather(rows: tokens)
        if spec.embedding.scale != 1 {
            for index in rows.elements.indices { rows.elements[index] *= spec.embedding.scale }
        }
        if let learned = weights.positions { rows.add(learned.gather(rows: positions)) }
        return rows
    }

    /// Runs one attention block on the rows that follow the cached positions.
    ///
    /// - Parameters:
    ///   - residual: the residual stream before the layer. `[n, d_model]`.
    ///   - cache: keys and values of the positions before; those of the rows are added.
    ///   - frozen: what to keep from another run instead of computing it, in all rows or in the first ones.
    package func attend(
        _ layer: Int, _ residual: Matrix, cache: inout KeyValueCache, frozen: FrozenAttention = FrozenAttention()
    ) throws -> AttentionOutcome {
        let first = cache.count(layer)
        let (attention, weights) = (attention(layer), weights.layers[layer])
        let denominators = weights.attentionNorm.denominators(of: residual, keeping: frozen.denominators)
        let normalized = weights.attentionNorm.apply(residual, over: denominators)
        cache.append(layer, keys: try attention.keys(normalized, first: first), values: try attention.values(normalized))
        let pattern =
            try frozen.pattern.flatMap { $0.queries == residual.rows ? $0 : nil }
            ?? attention.pattern(queries: attention.queries(normalized, first: first), keys: cache.keys(layer))
            .keeping(frozen.pattern)
        let (added, postDenominators) = afterNorm(
            weights.attentionPostNorm, try attention.output(pattern, values: cache.values(layer)), frozen.postDenominators)
        var residualMid = residual
        residualMid.add(added)
        return AttentionOutcome(
            residualMid: residualMid, pattern: pattern, denominators: denominators, postDenominators: postDenominators)
    }

    /// The norm before a layer's MLP: its denominators, `[n]`, and the normalised stream, `[n, d_model]`.
    ///
    /// - Parameter denominators: another run's, for all rows or for the first ones; nil for none.
    package func mlpInput(
        _ layer: Int, _ residualMid: Matrix, denominators: [Float]? = nil
    ) -> (denominators: [Float], normalized: Matrix) {
        let norm = weights.layers[layer].mlpNorm
        let denominators = norm.denominators(of: residualMid, keeping: denominators)
        return (denominators, norm.apply(residualMid, over: denominators))
    }

    /// Runs a layer's MLP. `[n, d_model] -> [n, d_model]`.
    package func mlp(_ layer: Int, _ normalized: Matrix) throws -> Matrix {
        try MLP(spec: spec.layers[layer].mlp, weights: weights.layers[layer].mlp).apply(normalized)
    }

    /// The MLP's contribution to the residual stream, after the post-MLP norm if there is one, and the norm's denominators.
    ///
    /// - Parameter denominators: another run's, for all rows or for the first ones; nil for none.
    package func mlpAdded(
        _ layer: Int, _ output: Matrix, denominators: [Float]? = nil
    ) -> (added: Matrix, denominators: [Float]) {
        afterNorm(weights.layers[layer].mlpPostNorm, output, denominators)
    }

    /// An attention block's contribution to the residual stream, after the norm after it if there is one.
    func attentionAdded(_ layer: Int, _ output: Matrix) -> Matrix { afterNorm(weights.layers[layer].attentionPostNorm, output, nil).added }

    /// A block's output after its norm, and the norm's denominators; without a norm, the output itself and no denominators.
    private func afterNorm(_ norm: Norm?, _ output: Matrix, _ denominators: [Float]?) -> (added: Matrix, denominators: [Float]) {
        guard let norm else { return (output, []) }
        let denominators = norm.denominators(of: output, keeping: denominators)
        return (norm.apply(output, over: denominators), denominators)
    }

    /// Applies the final norm and the unembedding. `[n, d_model] -> [n, vocabulary]`.
    ///
    /// - Parameter capped: whether to apply the soft-cap that some families have.
    public func logits(_ residual: Matrix, denominators: [Float]? = nil, capped: Bool = true) -> Matrix {
        let norm = weights.finalNorm
        var logits = norm.apply(residual, over: denominators ?? norm.denominators(of: residual))
            .multiplied(byTransposeOf: weights.unembedding)
        if capped, let cap = spec.logitSoftcap {
            logits.elements.withUnsafeMutableBufferPointer { all in
                // Threads write to parts that do not overlap.
                nonisolated(unsafe) let all = all
                inPieces(all.count, most: 1 << 14, isWorthThreads: all.count > 1 << 14) { UnsafeMutableBufferPointer(rebasing: all[$0]).cap(at: cap) }
            }
        }
        return logits
    }

    /// What vectors in the residual stream add to the logits, before division by the final norm's denominator.
    /// `[n, d_model] -> [n, vocabulary]`.
    package func logitDirections(_ vectors: Matrix) -> Matrix {
        finalDirections(vectors).multiplied(byTransposeOf: weights.unembedding)
    }

    /// What the unembedding reads of vectors in the residual stream, before division by the final norm's denominator. `[n, d_model]`.
    package func finalDirections(_ vectors: Matrix) -> Matrix {
        weights.finalNorm.applyLinear(vectors, over: Array(repeating: 1, count: vectors.rows))
    }

    /// Logits of a recorded run at some of its positions. `[positions.count, vocabulary]`.
    public func logits(of record: ForwardRecord, positions: Range<Int>, capped: Bool = true) -> Matrix {
        logits(
            record.finalResidual.rows(positions), denominators: Array(record.finalDenominators[positions]), capped: capped)
    }

    /// Logits of the next token. `[1, vocabulary]`.
    public func nextTokenLogits(_ record: ForwardRecord, capped: Bool = true) -> Matrix {
        logits(of: record, positions: record.positions - 1..<record.positions, capped: capped)
    }

    // MARK: - The pass

    /// Runs the model once over a prompt and records the pass.
    ///
    /// - Throws: `ModelError` for a prompt that cannot be run or weights that are not finite; `CancellationError`.
    public func forward(_ tokens: [Int]) throws -> ForwardRecord { try forward(tokens, continuing: nil) }

    /// As above, taking over what another run of this model has at the tokens with which both begin: only those after them are computed.
    package func forward(_ tokens: [Int], continuing known: ForwardRecord?) throws -> ForwardRecord {
        try check(tokens)
        let first = known?.sharedTokens(with: tokens) ?? 0
        let beginning = first > 0 ? known?.beginning(first) : nil
        if let beginning, first == tokens.count { return beginning }
        var residual = embed(Array(tokens[first...]), first: first)
        var cache = beginning.map { KeyValueCache($0, positions: first) } ?? KeyValueCache(layers: layerCount)
        var layers: [LayerRecord] = []
        for layer in 0..<layerCount {
            try Task.checkCancellation()
            let attended = try attend(layer, residual, cache: &cache)
            let (mlpDenominators, normalized) = mlpInput(layer, attended.residualMid)
            let mlpOutput = try mlp(layer, normalized)
            let (addedOutput, mlpPostDenominators) = mlpAdded(layer, mlpOutput)
            let computed = LayerRecord(
                attentionDenominators: attended.denominators, keys: cache.keys(layer), values: cache.values(layer),
                pattern: attended.pattern, attentionPostDenominators: attended.postDenominators,
                residualMid: attended.residualMid, mlpDenominators: mlpDenominators, mlpOutput: mlpOutput,
                mlpPostDenominators: mlpPostDenominators, addedOutput: addedOutput)
            layers.append(beginning?.layers[layer].continued(by: computed) ?? computed)
            residual = attended.residualMid
            residual.add(addedOutput)
        }
        guard residual.elements.areFinite else { throw try whyNotFinite() }
        let denominators = weights.finalNorm.denominators(of: residual)
        return ForwardRecord(
            tokens: tokens, layers: layers, finalResidual: beginning?.finalResidual.appending(residual) ?? residual,
            finalDenominators: (beginning?.finalDenominators ?? []) + denominators)
    }

    /// Runs more tokens after those in the cache, without recording anything else.
    ///
    /// - Returns: the residual stream after the last layer. `[tokens.count, d_model]`.
    package func advance(_ tokens: [Int], _ cache: inout KeyValueCache) throws -> Matrix {
        var residual = embed(tokens, first: cache.positions)
        for layer in 0..<layerCount {
            try Task.checkCancellation()
            residual = try attend(layer, residual, cache: &cache).residualMid
            residual.add(mlpAdded(layer, try mlp(layer, mlpInput(layer, residual).normalized)).added)
        }
        return residual
    }

    func check(_ tokens: [Int]) throws(ModelError) {
        if tokens.isEmpty { throw .emptyPrompt }
        if tokens.count > spec.context { throw .promptTooLong(tokens: tokens.count, context: spec.context) }
        if let id = tokens.first(where: { !(0..<spec.vocabulary).contains($0) }) {
            throw .tokenOutOfRange(id: id, vocabulary: spec.vocabulary)
        }
    }

    /// Why a pass or its logits are not finite. Reads every weight.
    package func whyNotFinite() throws -> ModelError {
        guard let tensor = try weights.firstNotFinite() else {
            return .inconsistent(
                file: folder.appending(path: "config.json"), fact: "the residual stream exceeds the range of 32-bit floats on this prompt")
        }
        return .notFinite(tensor: tensor.name, file: tensor.file)
    }
}

/// What an attention block keeps from another run, in all rows or in the first ones. What is nil is computed.
package struct FrozenAttention: Sendable {
    /// How much each row reads from each position.
    package var pattern: AttentionPattern?
    /// Denominators of the norm before attention.
    package var denominators: [Float]?
    /// Denominators of the norm after attention.
    package var postDenominators: [Float]?

    /// Creates the part to keep; the rest is computed.
    package init(pattern: AttentionPattern? = nil, denominators: [Float]? = nil, postDenominators: [Float]? = nil) {
        self.pattern = pattern
        self.denominators = denominators
        self.postDenominators = postDenominators
    }
}

/// The result of an attention block over `n` rows.
package struct AttentionOutcome: Sendable {
    /// The residual stream after attention was added. `[n, d_model]`.
    package let residualMid: Matrix
    /// How much each query read from each key.
    package let pattern: AttentionPattern
    /// Denominators of the norm before attention. `[n]`.
    package let denominators: [Float]
    /// Denominators of the norm after attention. `[n]`; empty if there is none.
    package let postDenominators: [Float]

    /// Creates an outcome from its parts.
    package init(residualMid: Matrix, pattern: AttentionPattern, denominators: [Float], postDenominators: [Float]) {
        self.residualMid = residualMid
        self.pattern = pattern
        self.denominators = denominators
        self.postDenominators = postDenominators
    }
}
