import Checkpoints
import Graphs
import Replacement
import Tensors
import TestSupport
import Testing
import Transformers

/// Every intervention of every golden case: the same logits and encoder readings as the reference's.
@Suite(.everyKernelSet) struct GoldenInterventionTests {
    @Test(arguments: GoldenCase.all + GoldenCase.gpt2)
    func `logits and activations after interventions`(_ golden: GoldenCase) throws {
        let (interventions, tensors) = (try #require(golden.runFacts().interventions), try golden.tensors())
        let local = try Fixtures.localized(golden)
        for (number, given) in interventions.enumerated() {
            let run = try local.intervened(given.features.map(intervention), options: given.options)
            let logits = local.model.decoder.logits(of: run.record, positions: 0..<run.record.positions)
            #expect(try difference(logits, tensors.matrix("i\(number).logits")) == nil, "intervention \(number)")
            let activations = try run.activations()
            #expect(try activations.sites == tensors.sites("i\(number).active_features"), "intervention \(number)")
            #expect(
                try difference(
                    activations.values, tensors.floats("i\(number).activation_values"), in: activations.sites.map(\.layer)) == nil,
                "intervention \(number)")
        }
    }

    @Test(arguments: GoldenCase.all) func `greedy generation under an open-ended intervention`(_ golden: GoldenCase) throws {
        let (facts, tensors) = (try golden.facts(), try golden.tensors())
        let local = try Fixtures.localized(golden)
        let given = facts.generation.intervention
        let intervention = Intervention(
            feature: FeatureID(layer: Int(given[0].number), index: Int(given[2].number)),
            positions: facts.generation.firstPosition..., edit: .set(given[3].number))
        let run = try local.intervened([intervention], options: RunOptions())
        let continuation = try local.model.decoder.continued(
            run.record, by: facts.generation.maxNewTokens, sampling: Sampling(),
            steering: Steering(model: local.model, interventions: [intervention]))
        let expected = try tensors.matrix("generate.logits")
        #expect(difference(continuation.logits, expected) == nil)
        #expect(continuation.tokens == (0..<expected.rows).map { expected.row($0).indicesOfLargest(1)[0] })
    }

    private func intervention(_ given: [Float]) -> Intervention {
        Intervention(
            feature: FeatureID(layer: Int(given[0]), index: Int(given[2])), positions: Int(given[1])..<Int(given[1]) + 1,
            edit: .set(given[3]))
    }
}

extension GoldenCase.InterventionCase {
    var options: RunOptions {
        RunOptions(freezeAttention: freezeAttention, constrainedLayers: constrained.map { $0[0]..<$0[1] })
    }
}
