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

    /// Runs the layers above `layer` of a run that is recorded up to its features, which write to its output again.
    ///
    /// - Parameter unwritten: the recorded value where they write, without what any edited feature wrote. `[P, d_model]`.
    /// - Returns: the outcome of `layer` and of each layer above it, and the residual stream after the last.
    mutating func run(
        fromOutputOf layer: Int, of record: ForwardRecord, unwritten: Matrix
    ) throws -> (layers: [LayerOutcome], residual: Matrix) {
        let rows = cache.positions..<record.positions
        var writes: [Int: Matrix] = [:]
        for below in edits.keys.sorted() where below <= layer && below + model.transcoders.layers[below].decoders.count > layer {
            let recorded = record.layers[below]
            let inputs = model.featureInputs(
                below, recorded.residualMid.rows(rows), denominators: Array(recorded.mlpDenominators[rows]))
            try write(below, inputs, rows: reachedRows(below, of: rows.count), into: &writes)
        }
        let first = rewritten(layer, record.layers[layer], unwritten: unwritten.rows(rows), written: writes[layer], rows: rows)
        let above = try run(fromLayer: layer + 1, first.residual, writes: &writes)
        return ([first] + above.layers, above.residual)
    }

    /// A layer of which only what features write has changed.
    private mutating func rewritten(
        _ layer: Int, _ recorded: LayerRecord, unwritten: Matrix, written: Matrix?, rows: Range<Int>
    ) -> LayerOutcome {
        cache.append(layer, keys: recorded.keys.rows(rows), values: recorded.values.rows(rows))
        let attended = AttentionOutcome(
            residualMid: recorded.residualMid.rows(rows), pattern: recorded.pattern.queries(from: rows.lowerBound),
            denominators: Array(recorded.attentionDenominators[rows]), postDenominators: Array(recorded.attentionPostDenominators.dropFirst(rows.lowerBound)))
        let denominators = Array(recorded.mlpDenominators[rows])
        let output = unwritten.adding(written)
        switch model.transcoders.outputHook {
        case .mlpOutput:
            let (added, postDenominators) = model.decoder.mlpAdded(layer, output, denominators: frozen?.mlpPostDenominators(layer))
            return LayerOutcome(
                attention: attended, mlpDenominators: denominators, mlpOutput: output, mlpPostDenominators: postDenominators, addedOutput: added,
                unwritten: unwritten, isWritten: written != nil)
        case .addedOutput:
            return LayerOutcome(
                attention: attended, mlpDenominators: denominators, mlpOutput: recorded.mlpOutput.rows(rows),
                mlpPostDenominators: Array(recorded.mlpPostDenominators.dropFirst(rows.lowerBound)), addedOutput: output,
                unwritten: unwritten, isWritten: written != nil)
        }
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
            let outcome = try mlp(
                layer, attended, mlpDenominators, normalized, kept: frozen?.output(layer, inputs: inputs),
                written: writes[layer]?.clearing(before: reached.lowerBound))
            outcomes.append(outcome)
            residual = outcome.residual
        }
        return (outcomes, residual)
    }

    /// The rows in which interventions have an effect in a layer: all, or, outside the constrained layers, the generated ones.
    private func reachedRows(_ layer: Int, of count: Int) -> Range<Int> {
        guard let frozen, !frozen.options.reaches(layer) else { return 0..<count }
        return frozen.rows..<count
    }

    /// The outcome of a layer: its MLP and the norm after it, with what features write at their hook.
    ///
    /// - Parameter kept: in a constrained layer, what takes the place of the run's own value at that hook in the first rows.
    private func mlp(
        _ layer: Int, _ attention: AttentionOutcome, _ mlpDenominators: [Float], _ normalized: Matrix, kept: Matrix?, written: Matrix?
    ) throws -> LayerOutcome {
        func outcome(_ output: Matrix, _ postDenominators: [Float], added: Matrix, unwritten: Matrix) -> LayerOutcome {
            LayerOutcome(
                attention: attention, mlpDenominators: mlpDenominators, mlpOutput: output, mlpPostDenominators: postDenominators,
                addedOutput: added, unwritten: unwritten, isWritten: written != nil)
        }
        switch (model.transcoders.outputHook, kept) {
        case (.mlpOutput, _):
            let unwritten = try kept.map { try mlp(layer, normalized, after: $0) } ?? model.decoder.mlp(layer, normalized)
            let output = unwritten.adding(written)
            let (added, denominators) = model.decoder.mlpAdded(
                layer, output, denominators: frozen?.mlpPostDenominators(layer))
            return outcome(output, denominators, added: added, unwritten: unwritten)
        case (.addedOutput, nil):
            let output = try model.decoder.mlp(layer, normalized)
            let (unwritten, denominators) = model.decoder.mlpAdded(layer, output)
            return outcome(output, denominators, added: unwritten.adding(written), unwritten: unwritten)
        case (.addedOutput, let kept?):
            // The MLP itself does not run in these rows; its part of the record is the original's.
            let recorded = frozen!.recorded(layer)
            let output = try mlp(layer, normalized, after: recorded.output)
            let own = model.decoder.mlpAdded(layer, output, denominators: recorded.postDenominators)
            let unwritten = kept.appending(own.added.rows(kept.rows..<output.rows))
            return outcome(output, own.denominators, added: unwritten.adding(written), unwritten: unwritten)
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
    /// The sum; nothing is added for nil.
    fileprivate func adding(_ written: Matrix?) -> Matrix {
        guard let written else { return self }
        var sum = self
        sum.add(written)
        return sum
    }

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
    /// The value where features write, without what edited ones write.
    let unwritten: Matrix
    /// Whether any write there.
    let isWritten: Bool

    /// The residual stream after the layer.
    var residual: Matrix { attention.residualMid.adding(addedOutput) }
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
