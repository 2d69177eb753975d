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
        let free = RunOptions(freezeAttention: false)
        for interventions in Self.steerings(local) {
            let continuation = try Self.steered(local, interventions, free)
            for count in 0..<continuation.tokens.count {
                let whole = try model.localized(prompt + continuation.tokens.prefix(count))
                let logits = model.decoder.nextTokenLogits(try whole.intervened(interventions, options: free).record)
                #expect(rowDifference(continuation.logits, row: count, logits) == nil, "token \(count)")
            }
        }
    }

    /// Whatever is frozen in the prompt's rows: the cache gives what one pass over all rows gives.
    @Test(.everyKernelSet, arguments: TestModel.all)
    func `a steered continuation is the same without the cache`(_ test: TestModel) throws {
        let local = try test.local()
        let layers = local.model.decoder.layerCount
        for options in [
            RunOptions(freezeAttention: false), RunOptions(), RunOptions(constrainedLayers: 1..<layers), RunOptions(constrainedLayers: 0..<1),
            RunOptions(constrainedLayers: 0..<layers),
        ] {
            for interventions in Self.steerings(local) + [[]] {
                let continuation = try Self.steered(local, interventions, options)
                for count in 0..<continuation.tokens.count {
                    let logits = try local.nextTokenLogits(
                        after: Array(continuation.tokens.prefix(count)), interventions, options: options)
                    #expect(rowDifference(continuation.logits, row: count, logits) == nil, "token \(count), \(options)")
                }
            }
        }
        let comparison = try CacheComparison(local, Self.steerings(local)[0], count: Self.newTokens)
        #expect(comparison.agrees && comparison.steps.count == Self.newTokens)
        #expect(try comparison.steps.map(\.token) == Self.steered(local, Self.steerings(local)[0], RunOptions()).tokens)
    }

    /// Open-ended from within the prompt, from a later token on, until some token, and all of these at once.
    private static func steerings(_ local: LocalReplacementModel) -> [[Intervention]] {
        let (sites, count) = (local.activations.sites, local.record.positions)
        func feature(_ part: Int) -> FeatureID { sites[sites.count * part / 5].feature }
        let open = Intervention(feature: feature(2), positions: 1..., edit: .set(3))
        let later = Intervention(feature: feature(1), positions: (count + 1)..., edit: .add(2))
        let crossing = Intervention(feature: feature(3), positions: count - 2..<count + 1, edit: .scale(2))
        let once = Intervention(feature: feature(4), positions: count + 2..<count + 3, edit: .set(4))
        return [[open], [later, once], [open, later, crossing, once]]
    }

    private static let newTokens = 5

    private static func steered(
        _ local: LocalReplacementModel, _ interventions: [Intervention], _ options: RunOptions
    ) throws -> Continuation {
        try local.model.decoder.continued(
            local.intervened(interventions, options: options).record, by: newTokens, sampling: Sampling(),
            steering: Steering(model: local.model, interventions: interventions))
    }

    private func rowDifference(_ found: Matrix, row: Int, _ expected: Matrix) -> String? {
        difference(found.row(row), expected.elements)
    }

    /// The token at position 9 takes part in the choice of the one at position 10 and of none before.
    @Test(arguments: TestModel.all) func `an intervention acts from its first token on, and no longer than it says`(_ test: TestModel) throws {
        let local = try test.local()
        let (decoder, count) = (local.model.decoder, local.record.positions)
        let site = try #require(local.activations.sites.last)
        func steered(_ positions: Range<Int>) throws -> Continuation {
            try Self.steered(local, [Intervention(feature: site.feature, positions: positions, edit: .add(50))], RunOptions())
        }
        let plain = try decoder.continued(local.record, by: Self.newTokens, sampling: Sampling())
        let (once, open) = (try steered(count + 1..<count + 2), try steered(count + 1..<Int.max))
        for continuation in [once, open] {
            #expect(continuation.logits.rows(0..<2) == plain.logits.rows(0..<2))
            #expect(continuation.logits.row(2) != plain.logits.row(2))
        }
        #expect(once.logits.row(2) == open.logits.row(2))
        if once.tokens[2] == open.tokens[2] { #expect(once.logits.row(3) != open.logits.row(3)) }
        #expect(try steered(count + Self.newTokens..<Int.max) == plain, "no token is chosen after those that it acts on")
    }

    @Test func `a recompute of other interventions is found out`() throws {
        let local = try TestModel.all[0].local()
        let interventions = Self.steerings(local)[0]
        let continuation = try Self.steered(local, interventions, RunOptions())
        let whole = try local.nextTokenLogits(after: Array(continuation.tokens.prefix(2)), interventions, options: RunOptions())
        let free = try local.nextTokenLogits(
            after: Array(continuation.tokens.prefix(2)), interventions, options: RunOptions(freezeAttention: false))
        let plain = try local.nextTokenLogits(after: Array(continuation.tokens.prefix(2)), [])
        #expect(rowDifference(continuation.logits, row: 2, whole) == nil)
        #expect(rowDifference(continuation.logits, row: 2, free) != nil)
        #expect(rowDifference(continuation.logits, row: 2, plain) != nil)
        #expect(!CacheComparison.Step(token: 0, difference: 0.02, scale: 10).agrees)
        #expect(throws: ModelError.continuationTooLong(prompt: 8, new: 1020, context: 1024)) {
            try local.nextTokenLogits(after: Array(repeating: 1, count: 1020), [])
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
        let zeroing = Intervention(feature: site.feature, positions: site.position..<site.position + 1, edit: .zero)
        let run = try local.intervened([zeroing], options: RunOptions(constrainedLayers: 0..<3))
        #expect(run.record == local.record)
        #expect(try run.activations() == local.activations)
    }
}
