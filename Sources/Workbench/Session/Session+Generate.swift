package import Replacement
internal import Tokenization
internal import Transformers

extension Session {
    /// Continues the prompt without and with the interventions in force.
    package func generate(_ options: GenerationOptions = GenerationOptions(), progress: ProgressHandler? = nil) throws -> GenerationReport {
        let start = ContinuousClock.now
        let draw = try draws(options, count: 1, progress)[0]
        state.generation = draw
        return GenerationReport(
            prompt: try promptText(), before: side(draw.before), after: draw.after.map(side), sharedTokens: draw.sharedTokens,
            seconds: (ContinuousClock.now - start).inSeconds, notices: generationNotices(options))
    }

    /// Continues the prompt several times, each time with the next seed. Of these the first counts as the last generation.
    ///
    /// - Throws: `SessionError` where nothing is drawn, so that all would be the same.
    package func samples(_ options: GenerationOptions, count: Int, progress: ProgressHandler? = nil) throws -> SamplesReport {
        guard options.sampling.temperature > 0 else {
            throw SessionError("Without a temperature above 0 the most likely token is taken each time, so all samples would be the same.")
        }
        let start = ContinuousClock.now
        let draws = try draws(options, count: count, progress)
        state.generation = draws.first
        let interruption = draws.count < count ? ["Interrupted after \(draws.count) of \(count) samples."] : []
        return SamplesReport(
            prompt: try promptText(),
            samples: draws.enumerated().map { number, draw in
                SamplesReport.Sample(
                    seed: options.sampling.seed &+ UInt64(number), before: side(draw.before), after: draw.after.map(side),
                    sharedTokens: draw.sharedTokens)
            },
            seconds: (ContinuousClock.now - start).inSeconds, notices: generationNotices(options) + interruption)
    }

    /// Continuations of the prompt with consecutive seeds. The prompt is run once. Ctrl-C keeps those that are complete.
    private func draws(_ options: GenerationOptions, count: Int, _ progress: ProgressHandler?) throws -> [GenerationState] {
        let (model, prompt) = (try loaded(), try prompted())
        try checkLayers(options.run)
        let interventions = try engineInterventions()
        let run = state.edits.isEmpty ? nil : try intervenedRun(options.run)
        let total = options.newTokens * count * (run == nil ? 1 : 2)
        var done = 0
        func continued(
            _ record: ForwardRecord, logits: [Float]? = nil, _ interventions: [Intervention], _ options: GenerationOptions
        ) throws -> Continuation {
            let before = done
            defer { done = before + options.newTokens }
            return try model.continuation(record, logits: logits, options, interventions) {
                progress?(WorkProgress(phase: "generating", done: before + $0, total: total, unit: "tokens"))
            }
        }
        var draws: [GenerationState] = []
        for number in 0..<count {
            var options = options
            options.sampling.seed &+= UInt64(number)
            do {
                draws.append(
                    GenerationState(
                        before: try continued(prompt.record, logits: prompt.logits, [], options),
                        after: try run.map { try continued($0.record, interventions, options) }))
            } catch is CancellationError where !draws.isEmpty { break }
        }
        return draws
    }

    /// Greedy generation with the interventions in force, with the key-value cache and without it; tokens that end texts do
    /// not end it.
    package func checkCache(_ count: Int, progress: ProgressHandler? = nil) throws -> CacheReport {
        let (model, prompt) = (try loaded(), try prompted())
        func note(_ done: Int) { progress?(WorkProgress(phase: "computing without the cache", done: done, total: count, unit: "tokens")) }
        let comparison =
            if let local = prompt.local {
                try CacheComparison(local, engineInterventions(), options: state.runOptions, count: count, progress: note)
            } else {
                try CacheComparison(model.decoder, prompt.record, count: count, progress: note)
            }
        return CacheReport(
            interventions: state.edits.count, tolerance: CacheComparison.tolerance, agrees: comparison.agrees,
            steps: comparison.steps.map {
                CacheReport.Step(token: text($0.token), difference: $0.difference, scale: $0.scale, agrees: $0.agrees)
            })
    }

    private func side(_ continuation: Continuation) -> GenerationReport.Side {
        .init(tokens: continuation.tokens.map(text), text: state.model?.tokenizer.decode(continuation.tokens) ?? "")
    }

    private func promptText() throws -> String { try loaded().tokenizer.decode(prompted().tokens) }

    private func generationNotices(_ options: GenerationOptions) -> [String] {
        state.edits.isEmpty ? [] : runNotices(options.run, generating: true)
    }
}

extension GenerationState {
    /// New tokens that both sides begin with.
    fileprivate var sharedTokens: Int { zip(before.tokens, after?.tokens ?? before.tokens).prefix { $0 == $1 }.count }
}

package struct GenerationReport: Sendable {
    package struct Side: Sendable {
        package let tokens: [TokenText]
        /// The continuation's text.
        package let text: String
    }
    /// The decoded prompt.
    package let prompt: String
    package let before: Side
    /// nil when no interventions are in force.
    package let after: Side?
    /// New tokens that both sides begin with.
    package let sharedTokens: Int
    package let seconds: Double
    package let notices: [String]
}

/// Several continuations, drawn with seeds in a row.
package struct SamplesReport: Sendable {
    package struct Sample: Sendable {
        package let seed: UInt64
        package let before: GenerationReport.Side
        /// nil when no interventions are in force.
        package let after: GenerationReport.Side?
        /// New tokens that both sides begin with.
        package let sharedTokens: Int
    }
    /// The decoded prompt.
    package let prompt: String
    package let samples: [Sample]
    package let seconds: Double
    package let notices: [String]
}

/// A greedy continuation with the key-value cache, beside the same without it.
package struct CacheReport: Sendable {
    package struct Step: Sendable {
        package let token: TokenText
        /// The largest difference of a logit.
        package let difference: Float
        /// The largest magnitude of a logit.
        package let scale: Float
        package let agrees: Bool
    }
    /// How many were in force.
    package let interventions: Int
    /// What part of the scale a difference may be.
    package let tolerance: Float
    package let agrees: Bool
    package let steps: [Step]
}
