import Graphs
import Replacement
import Tensors
import TestSupport
import Testing
import Transformers

@Suite struct GenerationTests {
    /// With the key-value cache or from the beginning each time: the same logits.
    @Test(arguments: TestModel.all) func `the cache changes nothing`(_ test: TestModel) throws {
        let local = try test.local()
        let decoder = local.model.decoder
        let continuation = try decoder.continued(local.record, by: 6, sampling: Sampling())
        for count in 0..<6 {
            let whole = try decoder.forward(local.record.tokens + continuation.tokens.prefix(count))
            let logits = decoder.logits(whole.finalResidual.rows(whole.positions - 1..<whole.positions))
            #expect(difference(continuation.logits.row(count), logits.elements) == nil, "token \(count)")
        }
    }

    /// A steered continuation without its cache: prompt and new tokens as one prompt, everything free, the same edits.
    @Test(arguments: TestModel.all) func `steering through the cache is steering the whole`(_ test: TestModel) throws {
        let local = try test.local()
        let (model, prompt) = (local.model, local.record.tokens)
        let site = local.activations.sites[local.activations.count / 2]
        func steering(_ positions: Range<Int>) -> Intervention {
            Intervention(feature: site.feature, positions: positions, isOpenEnded: true, edit: .set(3))
        }
        let free = RunOptions(freezeAttention: false)
        let run = try local.intervened([steering(1..<prompt.count)], options: free)
        let continuation = try model.decoder.continued(
            run.record, by: 4, sampling: Sampling(), steering: Steering(model: model, interventions: [steering(1..<prompt.count)]))
        for count in 0..<4 {
            let whole = try model.localized(prompt + continuation.tokens.prefix(count))
            let steered = try whole.intervened([steering(1..<prompt.count + count)], options: free)
            let last = steered.record.positions - 1
            let logits = model.decoder.logits(of: steered.record, positions: last..<last + 1)
            #expect(difference(continuation.logits.row(count), logits.elements) == nil, "token \(count)")
        }
    }

    @Test func `sampling keeps to its seed and to its limits`() throws {
        let local = try TestModel.all[0].local()
        var sampling = Sampling()
        (sampling.temperature, sampling.topK, sampling.seed) = (2, 3, 5)
        let one = try local.model.decoder.continued(local.record, by: 12, sampling: sampling)
        let same = try local.model.decoder.continued(local.record, by: 12, sampling: sampling)
        #expect(one == same)
        for (row, token) in one.tokens.enumerated() { #expect(one.logits.row(row).indicesOfLargest(3).contains(token)) }
        let others = try (6..<12).map { (seed: UInt64) in
            sampling.seed = seed
            return try local.model.decoder.continued(local.record, by: 12, sampling: sampling).tokens
        }
        #expect(Set(others).count > 1)
        // The smallest set that has any probability at all is the likeliest token alone.
        (sampling.topK, sampling.topP) = (nil, 1e-6)
        let greedy = try local.model.decoder.continued(local.record, by: 5, sampling: Sampling())
        #expect(try local.model.decoder.continued(local.record, by: 5, sampling: sampling).tokens == greedy.tokens)
    }

    @Test func `a continuation beyond the context is refused`() throws {
        let local = try TestModel.all[0].local()
        #expect(throws: ModelError.continuationTooLong(prompt: 8, new: 1020, context: 1024)) {
            try local.model.decoder.continued(local.record, by: 1020, sampling: Sampling())
        }
    }

    @Test func `an intervention outside the constrained layers does nothing`() throws {
        let local = try TestModel.all[0].local()
        let site = try #require(local.activations.sites.last { $0.layer == 3 })
        let zeroing = Intervention(feature: site.feature, positions: site.position..<site.position + 1, isOpenEnded: false, edit: .zero)
        let run = try local.intervened([zeroing], options: RunOptions(constrainedLayers: 0..<3))
        #expect(run.record == local.record)
        #expect(try run.activations() == local.activations)
    }
}
