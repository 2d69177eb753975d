internal import Graphs
internal import Tensors
internal import Transcoders
internal import Transformers

/// One pass over the last rows of a sequence with interventions in force; the positions before are in the cache.
///
/// The true MLPs run, so what the transcoders leave unexplained is kept. Each intervention adds (wanted - current
/// activation) times the feature's decoder rows wherever the feature writes.
struct InterventionPass {
    let model: ReplacementModel
    /// By layer: a row of the pass, a feature of the layer, and its edit; a feature at most once a row.
    let edits: [Int: [(row: Int, feature: Int, edit: FeatureEdit)]]
    /// What stays as in the original run, in the rows that it has; in generated ones after them nothing does. nil if all
    /// are generated.
    let frozen: FrozenParts?
    var cache: KeyValueCache

    /// Runs the layers from `firstLayer` up.
    ///
    /// - Parameter residual: the stream at that layer's entry. `[n, d_model]`.
    /// - Returns: the outcome of each layer, and the residual stream after the last.
    mutating func run(fromLayer firstLayer: Int, _ residual: Matrix) throws -> (layers: [LayerOutcome], residual: Matrix) {
        var writes: [Int: Matrix] = [:]
        return try run(fromLayer: firstLayer, residual, writes: &writes)
    }

    /// Runs the layers from `firstLayer` up of a run that is recorded below them, with all edits below them in force.
    mutating func run(fromLayer firstLayer: Int, of record: ForwardRecord) throws -> (layers: [LayerOutcome], residual: Matrix) {
        let rows = cache.positions..<record.positions
        var writes: [Int: Matrix] = [:]
        for layer in edits.keys.sorted() where layer < firstLayer && layer + model.transcoders.layers[layer].decoders.count > firstLayer {
            let recorded = record.layers[layer]
            let inputs = model.featureInputs(
                layer, recorded.residualMid.rows(rows), denominators: Array(recorded.mlpDenominators[rows]))
            try write(layer, inputs, rows: reachedRows(layer, of: rows.count), into: &writes)
        }
        let entry = record.residualPre(firstLayer, embedding: model.decoder.embed(record.tokens))
        return try run(fromLayer: firstLayer, entry.rows(rows), writes: &writes)
    }

    /// - Parameter writes: what features below add to the outputs of the layers still to come.
    private mutating func run(
        fromLayer firstLayer: Int, _ residual: Matrix, writes: inout [Int: Matrix]
    ) throws -> (layers: [LayerOutcome], residual: Matrix) {
        var residual = residual
        var outcomes: [LayerOutcome] = []
        for layer in firstLayer..<model.decoder.layerCount {
            try Task.checkCancellation()
            let attended = try model.decoder.attend(
                layer, residual, cache: &cache, frozen: frozen?.attention(layer) ?? FrozenAttention())
            let (mlpDenominators, normalized) = model.decoder.mlpInput(
                layer, attended.residualMid, denominators: frozen?.mlpDenominators(layer))
            let inputs = model.featureInputs(layer, attended.residualMid, denominators: mlpDenominators)
            let reached = reachedRows(layer, of: inputs.rows)
            try write(layer, inputs, rows: reached, into: &writes)
            let mlp = try mlp(
                layer, normalized, kept: frozen?.output(layer, inputs: inputs), written: writes[layer]?.clearing(before: reached.lowerBound))
            outcomes.append(
                LayerOutcome(
                    attention: attended, mlpDenominators: mlpDenominators, mlpOutput: mlp.output,
                    mlpPostDenominators: mlp.postDenominators, addedOutput: mlp.added))
            residual = attended.residualMid
            residual.add(mlp.added)
        }
        return (outcomes, residual)
    }

    /// The rows in which interventions have an effect in a layer: all, or, outside the constrained layers, the generated ones.
    private func reachedRows(_ layer: Int, of count: Int) -> Range<Int> {
        guard let frozen, !frozen.options.reaches(layer) else { return 0..<count }
        return frozen.rows..<count
    }

    /// A layer's MLP and the norm after it, with what features write at their hook.
    ///
    /// - Parameter kept: in a constrained layer, what takes the place of the run's own value at that hook in the first rows.
    private func mlp(
        _ layer: Int, _ normalized: Matrix, kept: Matrix?, written: Matrix?
    ) throws -> (output: Matrix, postDenominators: [Float], added: Matrix) {
        switch (model.transcoders.outputHook, kept) {
        case (.mlpOutput, _):
            var output = try kept.map { try mlp(layer, normalized, after: $0) } ?? model.decoder.mlp(layer, normalized)
            if let written { output.add(written) }
            let (added, denominators) = model.decoder.mlpAdded(
                layer, output, denominators: frozen?.mlpPostDenominators(layer))
            return (output, denominators, added)
        case (.addedOutput, nil):
            let output = try model.decoder.mlp(layer, normalized)
            var (added, denominators) = model.decoder.mlpAdded(layer, output)
            if let written { added.add(written) }
            return (output, denominators, added)
        case (.addedOutput, let kept?):
            // The MLP itself does not run in these rows; its part of the record is the original's.
            let recorded = frozen!.recorded(layer)
            let output = try mlp(layer, normalized, after: recorded.output)
            let own = model.decoder.mlpAdded(layer, output, denominators: recorded.postDenominators)
            var added = kept.appending(own.added.rows(kept.rows..<output.rows))
            if let written { added.add(written) }
            return (output, own.denominators, added)
        }
    }

    /// A layer's MLP in the rows after those whose output is kept.
    private func mlp(_ layer: Int, _ normalized: Matrix, after kept: Matrix) throws -> Matrix {
        if kept.rows == normalized.rows { return kept }
        return kept.appending(try model.decoder.mlp(layer, normalized.rows(kept.rows..<normalized.rows)))
    }

    /// Adds what this layer's edited features write, here and in later layers, to `writes`.
    ///
    /// - Throws: `TranscoderError.notFinite` for a decoder row that is not made of numbers.
    private func write(_ layer: Int, _ inputs: Matrix, rows: Range<Int>, into writes: inout [Int: Matrix]) throws {
        let transcoder = model.transcoders.layers[layer]
        for (row, feature, edit) in edits[layer] ?? [] where rows.contains(row) {
            let original = frozen?.originalActivation(layer, row: row, feature: feature)
            let current =
                frozen?.currentActivation(layer, row: row, original: original)
                ?? transcoder.activation(of: feature, on: inputs.row(row))
            let delta = edit(original ?? current) - current
            guard delta != 0 else { continue }
            for (offset, decoder) in transcoder.decoders.enumerated() {
                let vector = decoder.row(feature)
                guard vector.areFinite else { throw TranscoderError.notFinite(tensor: "W_dec", file: transcoder.file) }
                writes[layer + offset, default: Matrix(rows: inputs.rows, columns: inputs.columns)]
                    .addToRow(row, vector, scale: delta)
            }
        }
    }
}

extension Matrix {
    /// The same with zeros in the rows before one.
    fileprivate func clearing(before row: Int) -> Matrix {
        var cleared = self
        for row in 0..<row { cleared.clearRow(row) }
        return cleared
    }
}

/// What a layer of a pass came to; rows are those of the pass.
struct LayerOutcome {
    let attention: AttentionOutcome
    let mlpDenominators: [Float]
    let mlpOutput: Matrix
    let mlpPostDenominators: [Float]
    let addedOutput: Matrix
}

/// The parts of the original run that a pass from position `first` on keeps: those of the pass's first `rows` rows.
struct FrozenParts {
    let original: LocalReplacementModel
    let options: RunOptions
    let first: Int

    private var record: ForwardRecord { original.record }

    /// How many rows of the pass the original run has; those after them are generated.
    var rows: Int { record.positions - first }

    /// All layers constrained: only direct effects get through, so the norms must not react either.
    var freezesNorms: Bool { options.constrainedLayers.map { $0.contains(0) && $0.upperBound >= record.layers.count } ?? false }

    func attention(_ layer: Int) -> FrozenAttention {
        let freezesPattern = options.freezeAttention || options.constrainedLayers != nil
        let recorded = record.layers[layer]
        return FrozenAttention(
            pattern: freezesPattern ? recorded.pattern.queries(from: first) : nil,
            denominators: freezesNorms ? Array(recorded.attentionDenominators.dropFirst(first)) : nil,
            postDenominators: freezesNorms ? Array(recorded.attentionPostDenominators.dropFirst(first)) : nil)
    }

    func mlpDenominators(_ layer: Int) -> [Float]? {
        freezesNorms ? Array(record.layers[layer].mlpDenominators.dropFirst(first)) : nil
    }

    func mlpPostDenominators(_ layer: Int) -> [Float]? { freezesNorms ? recorded(layer).postDenominators : nil }

    /// The original run's MLP output and the denominators of the norm after it.
    func recorded(_ layer: Int) -> (output: Matrix, postDenominators: [Float]) {
        let recorded = record.layers[layer]
        return (recorded.mlpOutput.rows(first..<record.positions), Array(recorded.mlpPostDenominators.dropFirst(first)))
    }

    /// In a constrained layer the original value where features write, plus the skip of the change in its
    /// input; else nil.
    func output(_ layer: Int, inputs: Matrix) -> Matrix? {
        guard options.constrainedLayers?.contains(layer) ?? false else { return nil }
        let recorded = record.layers[layer]
        let positions = first..<record.positions
        var output = original.model.featureOutput(recorded).rows(positions)
        if let skip = original.model.transcoders.layers[layer].skip {
            var change = inputs.rows(0..<rows)
            change.add(
                original.model.featureInputs(
                    layer, recorded.residualMid.rows(positions), denominators: Array(recorded.mlpDenominators[first...])),
                scale: -1)
            output.add(change.multiplied(byTransposeOf: skip))
        }
        return output
    }

    /// nil in a generated row.
    func originalActivation(_ layer: Int, row: Int, feature: Int) -> Float? {
        guard row < rows else { return nil }
        return original.activations[FeatureSite(layer: layer, position: first + row, index: feature)]
    }

    /// The activation to move away from, where it is not to be read from the current run: at zeroed positions it is that of the original
    /// run, 0 unless it was set there, and with constrained layers likewise. In a generated row it always is.
    func currentActivation(_ layer: Int, row: Int, original value: Float?) -> Float? {
        guard row < rows else { return nil }
        if first + row < original.model.zeroedPositions { return value }
        return options.constrainedLayers == nil ? nil : value
    }
}

extension RunOptions {
    /// Whether interventions in a layer have an effect.
    public func reaches(_ layer: Int) -> Bool { constrainedLayers?.contains(layer) ?? true }
}
