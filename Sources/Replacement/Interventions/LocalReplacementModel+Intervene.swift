public import Graphs
internal import Synchronization
internal import Tensors
internal import Transcoders
public import Transformers

/// A prompt's run with interventions in force.
public struct IntervenedRun: Sendable {
    /// As a plain run would have been recorded; what the interventions cannot reach is taken over from the original.
    public let record: ForwardRecord
    /// For layers to which edited features write, the value there without what they write. `[P, d_model]`.
    let unwritten: [Int: Matrix]
    let original: LocalReplacementModel
    let options: RunOptions
    /// What the interventions do to the prompt's features.
    let edits: [FeatureSite: FeatureEdit]
    /// Where this run may differ from the original.
    let reach: Reach
    /// A run whose readings are known, and where this one may differ from it.
    let known: (readings: FeatureActivations, reach: Reach)
    private let readings = KnownReadings()

    init(
        record: ForwardRecord, unwritten: [Int: Matrix] = [:], original: LocalReplacementModel, options: RunOptions,
        edits: [FeatureSite: FeatureEdit], reach: Reach, known: (readings: FeatureActivations, reach: Reach)? = nil
    ) {
        self.record = record
        self.unwritten = unwritten
        self.original = original
        self.options = options
        self.edits = edits
        self.reach = reach
        self.known = known ?? (original.activations, reach)
    }

    /// What the interventions set, with the values wanted.
    private var wanted: [FeatureSite: Float] {
        Dictionary(uniqueKeysWithValues: edits.map { site, edit in (site, edit(original.activations[site])) })
    }

    /// The readings, where they have been asked for.
    var knownReadings: FeatureActivations? { readings.value.withLock { $0 } }

    /// Encoder readings of this run: a feature that was set shows what its encoder reads, not the value it was set to.
    ///
    /// They are kept: only the first call encodes.
    ///
    /// - Throws: `TranscoderError` where an encoder gives what is not a finite number; `CancellationError`.
    public func activations() throws -> FeatureActivations {
        if let knownReadings { return knownReadings }
        let read = try original.model.activations(
            of: record, sameAs: known.readings, fromLayer: known.reach.firstRerun, fromPosition: known.reach.position)
        readings.value.withLock { $0 = read }
        return read
    }

    /// The model frozen on this run, for its attribution graph (docs/method.md, section 9).
    ///
    /// A feature that was set is active at the value it was set to, and fixed. The others are as the encoders read them, in constrained
    /// layers as in the original run: their outputs are the original's, so that other readings would turn up in the errors.
    ///
    /// - Throws: as `activations()`.
    public func localized() throws -> LocalReplacementModel {
        let constrained = options.constrainedLayers ?? 0..<0
        let readings =
            constrained.isEmpty
            ? try activations()
            : try original.model.activations(
                of: record, sameAs: original.activations, fromLayer: reach.firstRerun, fromPosition: reach.position, and: constrained)
        return LocalReplacementModel(
            model: original.model, record: record, activations: readings.setting(wanted), fixed: original.fixed.union(wanted.keys))
    }
}

extension LocalReplacementModel {
    /// Reruns the prompt with features set to other values (docs/method.md, section 7).
    ///
    /// Only the layers above the lowest intervention and the positions from the first one on are computed.
    ///
    /// - Parameter interventions: where two are about the same feature and position, the later one holds; what they do to
    ///   tokens after the prompt's last is not part of this run.
    /// - Throws: `ReplacementError` for a feature that is not there and for values too large; `CancellationError`.
    public func intervened(_ interventions: [Intervention], options: RunOptions = RunOptions()) throws -> IntervenedRun {
        try intervened(interventions, options: options, after: nil)
    }

    /// As above, from another run of this prompt on: only the layers above the first intervention that they do not have in common, and the
    /// positions from it on, are computed.
    ///
    /// - Parameter earlier: used if it had the same options, and if that leaves less to compute.
    package func intervened(_ interventions: [Intervention], options: RunOptions, after earlier: IntervenedRun?) throws -> IntervenedRun {
        for intervention in interventions { try model.check(intervention.feature) }
        let prompt = 0..<record.positions
        let edits = InterventionPass.sites(interventions.filter { options.reaches($0.feature.layer) }, on: prompt)
        guard let reach = Reach(of: edits.keys) else {
            let nowhere = Reach(layer: model.decoder.layerCount, position: record.positions)
            return IntervenedRun(record: record, original: self, options: options, edits: [:], reach: nowhere)
        }
        var (start, unwritten, change, known) = (record, [Int: Matrix](), reach, (activations, reach))
        if let earlier, earlier.options == options {
            let sites = Set(edits.keys).union(earlier.edits.keys).filter { edits[$0] != earlier.edits[$0] }
            guard let fromEarlier = Reach(of: sites) else { return earlier }
            if computed(fromEarlier) < computed(reach) {
                (start, unwritten, change) = (earlier.record, earlier.unwritten, fromEarlier)
                if let readings = earlier.knownReadings { known = (readings, fromEarlier) }
            }
        }
        let first = change.position
        let frozen = FrozenParts(original: self, options: options, first: first)
        var pass = InterventionPass(
            model: model, edits: InterventionPass.grouped(edits.filter { $0.key.position >= first }, first: first), frozen: frozen,
            cache: KeyValueCache(start, positions: first))
        let (outcomes, residual) = try pass.run(
            fromOutputOf: change.layer, of: start, unwritten: unwritten[change.layer] ?? model.featureOutput(start.layers[change.layer]))

        var layers = start.layers
        for (offset, outcome) in outcomes.enumerated() {
            let layer = change.layer + offset
            if outcome.isWritten || unwritten[layer] != nil {
                let before = unwritten[layer] ?? model.featureOutput(start.layers[layer])
                unwritten[layer] = before.rows(0..<first).appending(outcome.unwritten)
            }
            layers[layer] = start.layers[layer].replacing(
                from: first, by: outcome, keys: pass.cache.keys(layer), values: pass.cache.values(layer))
        }
        let finalResidual = start.finalResidual.rows(0..<first).appending(residual)
        // A denominator is finite where the stream and its squares are.
        let finalDenominators = model.decoder.weights.finalNorm.denominators(of: finalResidual)
        guard finalDenominators.areFinite else { throw ReplacementError.overflow }
        return IntervenedRun(
            record: ForwardRecord(
                tokens: record.tokens, layers: layers, finalResidual: finalResidual,
                finalDenominators: frozen.freezesNorms ? record.finalDenominators : finalDenominators),
            unwritten: unwritten, original: self, options: options, edits: edits, reach: reach, known: known)
    }

    /// How many layers are computed, counted once for each position.
    private func computed(_ reach: Reach) -> Int { (model.decoder.layerCount - reach.firstRerun) * (record.positions - reach.position) }
}

/// Where a run may differ from another: in the output of a layer and in the layers above, at the positions from one on.
struct Reach: Sendable {
    let layer: Int
    let position: Int

    /// The first layer that is run again and whose readings may differ: features are read before those of their layer write.
    var firstRerun: Int { layer + 1 }

    init(layer: Int, position: Int) {
        self.layer = layer
        self.position = position
    }

    /// Of what is done at some sites; nil if there are none.
    init?(of sites: some Collection<FeatureSite>) {
        guard let layer = sites.map(\.layer).min(), let position = sites.map(\.position).min() else { return nil }
        self.init(layer: layer, position: position)
    }
}

/// The readings of a run, once they have been made.
private final class KnownReadings: Sendable {
    let value = Mutex<FeatureActivations?>(nil)
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
    static func grouped(
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
