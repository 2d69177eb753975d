public import Graphs
internal import Tensors
internal import Transcoders
public import Transformers

/// A prompt's run with interventions in force.
public struct IntervenedRun: Sendable {
    /// As a plain run would have been recorded; what the interventions cannot reach is taken over from the original.
    public let record: ForwardRecord
    let original: LocalReplacementModel
    let firstLayer: Int
    let firstPosition: Int
    /// Layers whose outputs were kept.
    let constrainedLayers: Range<Int>
    /// What the interventions set, with the values wanted.
    let wanted: [FeatureSite: Float]

    /// Encoder readings of this run: a feature that was set shows what its encoder reads, not the value it was set to.
    ///
    /// - Throws: `TranscoderError` where an encoder gives what is not a finite number; `CancellationError`.
    public func activations() throws -> FeatureActivations {
        try original.model.activations(
            of: record, sameAs: original.activations, fromLayer: firstLayer, fromPosition: firstPosition)
    }

    /// The model frozen on this run, for its attribution graph (docs/method.md, section 9).
    ///
    /// A feature that was set is active at the value it was set to, and fixed. The others are as the encoders read them, in constrained
    /// layers as in the original run: their outputs are the original's, so that other readings would turn up in the errors.
    ///
    /// - Throws: as `activations()`.
    public func localized() throws -> LocalReplacementModel {
        let readings = try original.model.activations(
            of: record, sameAs: original.activations, fromLayer: firstLayer, fromPosition: firstPosition, and: constrainedLayers)
        return LocalReplacementModel(
            model: original.model, record: record, activations: readings.setting(wanted), fixed: original.fixed.union(wanted.keys))
    }
}

extension LocalReplacementModel {
    /// Reruns the prompt with features set to other values (docs/method.md, section 7).
    ///
    /// Only the layers from the lowest intervention up and the positions from the first one on are computed.
    ///
    /// - Parameter interventions: where two are about the same feature and position, the later one holds; what they do to
    ///   tokens after the prompt's last is not part of this run.
    /// - Throws: `ReplacementError` for a feature that is not there and for values too large; `CancellationError`.
    public func intervened(_ interventions: [Intervention], options: RunOptions = RunOptions()) throws -> IntervenedRun {
        for intervention in interventions { try model.check(intervention.feature) }
        let prompt = 0..<record.positions
        let effective = interventions.filter { $0.positions.overlaps(prompt) && options.reaches($0.feature.layer) }
        guard let firstLayer = effective.map(\.feature.layer).min(),
            let first = effective.map({ $0.positions.clamped(to: prompt).lowerBound }).min()
        else {
            return IntervenedRun(
                record: record, original: self, firstLayer: model.decoder.layerCount, firstPosition: record.positions,
                constrainedLayers: options.constrainedLayers ?? 0..<0, wanted: [:])
        }
        let frozen = FrozenParts(original: self, options: options, first: first)
        var pass = InterventionPass(
            model: model, edits: InterventionPass.edits(effective, on: first..<record.positions), frozen: frozen,
            cache: KeyValueCache(record, positions: first))
        let entry = record.residualPre(firstLayer, embedding: model.decoder.embed(record.tokens))
        let (outcomes, residual) = try pass.run(fromLayer: firstLayer, entry.rows(first..<record.positions))

        var layers = record.layers
        for (offset, outcome) in outcomes.enumerated() {
            let layer = firstLayer + offset
            layers[layer] = record.layers[layer].replacing(
                from: first, by: outcome, keys: pass.cache.keys(layer), values: pass.cache.values(layer))
        }
        let finalResidual = record.finalResidual.rows(0..<first).appending(residual)
        // A denominator is finite where the stream and its squares are.
        let finalDenominators = model.decoder.weights.finalNorm.denominators(of: finalResidual)
        guard finalDenominators.areFinite else { throw ReplacementError.overflow }
        return IntervenedRun(
            record: ForwardRecord(
                tokens: record.tokens, layers: layers, finalResidual: finalResidual,
                finalDenominators: frozen.freezesNorms ? record.finalDenominators : finalDenominators),
            original: self, firstLayer: firstLayer, firstPosition: first, constrainedLayers: options.constrainedLayers ?? 0..<0,
            wanted: Dictionary(
                uniqueKeysWithValues: InterventionPass.sites(effective, on: prompt).map { site, edit in (site, edit(activations[site])) }))
    }
}

extension ReplacementModel {
    /// - Throws: `.unknownFeature` where the set has no such feature.
    public func check(_ feature: FeatureID) throws(ReplacementError) {
        guard (0..<decoder.layerCount).contains(feature.layer), (0..<transcoders.featuresPerLayer).contains(feature.index) else {
            throw .unknownFeature(feature, layers: decoder.layerCount, featuresPerLayer: transcoders.featuresPerLayer)
        }
    }
}

extension InterventionPass {
    /// Interventions as edits of a pass over some positions.
    static func edits(
        _ interventions: [Intervention], on positions: Range<Int>
    ) -> [Int: [(row: Int, feature: Int, edit: FeatureEdit)]] {
        grouped(sites(interventions, on: positions), first: positions.lowerBound)
    }

    /// What is asked of each feature at each of these positions.
    static func sites(_ interventions: [Intervention], on positions: Range<Int>) -> [FeatureSite: FeatureEdit] {
        var wanted: [FeatureSite: FeatureEdit] = [:]
        for intervention in interventions {
            for position in intervention.positions.clamped(to: positions) {
                let site = FeatureSite(
                    layer: intervention.feature.layer, position: position, index: intervention.feature.index)
                wanted[site] = intervention.edit
            }
        }
        return wanted
    }

    /// Edits by layer; in order, so that sums come out the same every time.
    private static func grouped(
        _ wanted: [FeatureSite: FeatureEdit], first: Int
    ) -> [Int: [(row: Int, feature: Int, edit: FeatureEdit)]] {
        Dictionary(
            grouping: wanted.sorted { $0.key < $1.key }.map { ($0.key.layer, (row: $0.key.position - first, feature: $0.key.index, edit: $0.value)) },
            by: \.0
        ).mapValues { $0.map(\.1) }
    }
}

extension LayerRecord {
    /// The record with the rows from position `first` on taken from a pass.
    ///
    /// - Parameters:
    ///   - keys: of all positions.
    ///   - values: of all positions.
    func replacing(from first: Int, by outcome: LayerOutcome, keys: Matrix, values: Matrix) -> LayerRecord {
        LayerRecord(
            attentionDenominators: attentionDenominators[..<first] + outcome.attention.denominators,
            keys: keys, values: values, pattern: pattern.replacing(from: first, by: outcome.attention.pattern),
            attentionPostDenominators: attentionPostDenominators.prefix(first) + outcome.attention.postDenominators,
            residualMid: residualMid.rows(0..<first).appending(outcome.attention.residualMid),
            mlpDenominators: mlpDenominators[..<first] + outcome.mlpDenominators,
            mlpOutput: mlpOutput.rows(0..<first).appending(outcome.mlpOutput),
            mlpPostDenominators: mlpPostDenominators.prefix(first) + outcome.mlpPostDenominators,
            addedOutput: addedOutput.rows(0..<first).appending(outcome.addedOutput))
    }
}
