import Graphs
import Replacement
import Tensors
import TestSupport
import Testing
import Transformers

/// What a run has in common with another is taken over, and the rest is what a run from the beginning gives.
@Suite struct TakenOverTests {
    @Test(.everyKernelSet, arguments: TestModel.all) func `of a prompt that begins alike, only the other tokens are computed`(_ test: TestModel) throws {
        let known = try test.local()
        let model = known.model
        let own = known.record.tokens
        for (tokens, shared) in [(Array(own[..<5]) + [2, 7, 11], 5), (own + [6, 8], own.count), ([own[0], 9, 9], 1)] {
            let fresh = try CountedProducts.count { try model.localized(tokens) }
            let continued = try CountedProducts.count {
                let record = try model.decoder.forward(tokens, continuing: known.record)
                return LocalReplacementModel(
                    model: model, record: record, activations: try model.activations(of: record, beginningAs: known.activations, count: shared))
            }
            #expect(continued.multiplications * tokens.count == fresh.multiplications * (tokens.count - shared))
            expectSame(continued.result, fresh.result)
        }
    }

    @Test(arguments: TestModel.all) func `the beginning of a prompt is not computed`(_ test: TestModel) throws {
        let known = try test.local()
        let model = known.model
        for count in [1, 4, known.record.positions] {
            let tokens = Array(known.record.tokens[..<count])
            let taken = try CountedProducts.count {
                let record = try model.decoder.forward(tokens, continuing: known.record)
                return LocalReplacementModel(
                    model: model, record: record, activations: try model.activations(of: record, beginningAs: known.activations, count: count))
            }
            #expect(taken.multiplications == 0)
            expectSame(taken.result, try model.localized(tokens))
        }
        let other = try model.decoder.forward([known.record.tokens[0] + 1, 5], continuing: known.record)
        #expect(try other == model.decoder.forward([known.record.tokens[0] + 1, 5]), "nothing is shared")
    }

    @Test(arguments: TestModel.families) func `a long prompt continues another, and begins as one`(_ test: TestModel) throws {
        let model = try test.model()
        func localized(_ count: Int, after known: LocalReplacementModel? = nil) throws -> LocalReplacementModel {
            let record = try model.decoder.forward(TestModel.tokens(count), continuing: known?.record)
            return LocalReplacementModel(model: model, record: record, activations: try model.activations(of: record))
        }
        let whole = try localized(300)
        for count in [1, 128, 129, 200] {
            let beginning = try localized(count)
            expectSame(try localized(300, after: beginning), whole)
            expectSame(try localized(count, after: whole), beginning)
        }
    }

    @Test(arguments: TestModel.families) func `an intervention in a long prompt changes what follows it as in a run from its start`(_ test: TestModel) throws {
        let model = try test.model()
        let local = try model.localized(TestModel.tokens(300))
        let late = [Intervention(FeatureSite(layer: 0, position: 170, index: 1), .set(3))]
        // Adds nothing, but makes the run begin at the first position.
        let early = Intervention(FeatureSite(layer: 0, position: 1, index: 1), .add(0))
        for options in [RunOptions(), RunOptions(freezeAttention: false), RunOptions(constrainedLayers: 0..<model.decoder.layerCount)] {
            let run = try local.intervened(late, options: options)
            try expectSame(run, local.intervened(late + [early], options: options), "\(options)")
            #expect(run.record.layers[1].residualMid.rows(0..<170) == local.record.layers[1].residualMid.rows(0..<170))
            #expect(run.record != local.record)
        }
    }

    @Test(.everyKernelSet, arguments: TestModel.all)
    func `another intervention computes what is above it, and reads the features there`(_ test: TestModel) throws {
        let local = try test.local()
        let layers = local.model.decoder.layerCount
        let last = local.record.positions - 1
        let low = Intervention(FeatureSite(layer: 0, position: 2, index: 1), .set(3))
        let open = Intervention(feature: FeatureID(layer: 0, index: 2), positions: 3..., edit: .add(2))
        for upper in Set([layers - 1, layers - 2]) {
            let high = Intervention(FeatureSite(layer: upper, position: last - 1, index: 3), .set(5))
            let higher = Intervention(FeatureSite(layer: upper, position: last - 1, index: 3), .set(-4))
            for options in [
                RunOptions(), RunOptions(freezeAttention: false), RunOptions(constrainedLayers: 0..<layers), RunOptions(constrainedLayers: upper..<layers),
                RunOptions(constrainedLayers: layers - 1..<layers),
            ] {
                func run(_ interventions: [Intervention], after earlier: IntervenedRun? = nil) throws -> (multiplications: Int, result: IntervenedRun) {
                    try CountedProducts.count {
                        let run = try local.intervened(interventions, options: options, after: earlier)
                        _ = try run.activations()
                        return run
                    }
                }
                let first = try run([low, open]).result
                let alone = try run([high]).multiplications
                #expect((alone > 0) == (upper < layers - 1 && options.reaches(upper)), "the layer itself is not run again, \(options)")
                let added = try run([low, open, high], after: first)
                let changed = try run([low, open, higher], after: added.result)
                let removed = try run([low, open], after: changed.result)
                #expect(added.multiplications == alone && changed.multiplications == alone, "\(options)")
                #expect(removed.multiplications == (options.reaches(0) ? alone : 0), "without effect nothing is computed, \(options)")
                for (taken, interventions) in [(added, [low, open, high]), (changed, [low, open, higher]), (removed, [low, open])] {
                    try expectSame(taken.result, run(interventions).result, "\(options)")
                }
                let again = try run([low, open], after: removed.result)
                #expect(again.multiplications == 0 && again.result.record == removed.result.record)
                // A change below one that is in force: what that one wrote is not in what is taken over.
                let lowered = Intervention(FeatureSite(layer: 0, position: last, index: 1), .set(2))
                try expectSame(run([low, open, higher, lowered], after: changed.result).result, run([low, open, higher, lowered]).result, "\(options)")
                try expectSame(run([low, higher], after: changed.result).result, run([low, higher]).result, "\(options)")
                // Other options share nothing.
                let other = RunOptions(freezeAttention: !options.freezeAttention)
                #expect(try local.intervened([low], options: other, after: first).record == local.intervened([low], options: other).record)
            }
        }
    }

    private func expectSame(_ taken: LocalReplacementModel, _ fresh: LocalReplacementModel) {
        #expect(recordDifference(taken.record, fresh.record) == nil)
        #expect(taken.activations.sites == fresh.activations.sites)
        #expect(difference(taken.activations.values, fresh.activations.values, in: fresh.activations.sites.map(\.layer)) == nil)
    }

    private func expectSame(_ taken: IntervenedRun, _ fresh: IntervenedRun, _ comment: Comment) throws {
        #expect(recordDifference(taken.record, fresh.record) == nil, comment)
        let (readings, expected) = (try taken.activations(), try fresh.activations())
        #expect(readings.sites == expected.sites, comment)
        #expect(difference(readings.values, expected.values, in: expected.sites.map(\.layer)) == nil, comment)
    }

    /// The first part of two records that differs by more than rounding.
    private func recordDifference(_ found: ForwardRecord, _ expected: ForwardRecord) -> String? {
        guard found.tokens == expected.tokens else { return "other tokens" }
        for (layer, (a, b)) in zip(found.layers, expected.layers).enumerated() {
            let matrices = [
                (a.keys, b.keys), (a.values, b.values), (a.residualMid, b.residualMid), (a.mlpOutput, b.mlpOutput), (a.addedOutput, b.addedOutput),
            ]
            let vectors = [
                (a.attentionDenominators, b.attentionDenominators), (a.attentionPostDenominators, b.attentionPostDenominators),
                (a.mlpDenominators, b.mlpDenominators), (a.mlpPostDenominators, b.mlpPostDenominators), (a.pattern.weights, b.pattern.weights),
            ]
            guard (a.pattern.heads, a.pattern.queries, a.pattern.keys) == (b.pattern.heads, b.pattern.queries, b.pattern.keys) else {
                return "layer \(layer): a pattern of another shape"
            }
            if let found = matrices.lazy.compactMap({ difference($0, $1) }).first ?? vectors.lazy.compactMap({ difference($0, $1) }).first {
                return "layer \(layer): \(found)"
            }
        }
        return difference(found.finalResidual, expected.finalResidual) ?? difference(found.finalDenominators, expected.finalDenominators)
    }
}
