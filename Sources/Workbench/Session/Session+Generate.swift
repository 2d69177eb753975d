package import Replacement
internal import Tokenization
internal import Transformers

extension Session {
    /// Continues the prompt without and with the interventions in force.
    package func generate(_ options: GenerationOptions = GenerationOptions(), progress: ProgressHandler? = nil) throws -> GenerationReport {
        let start = ContinuousClock.now
        let (model, prompt) = (try loaded(), try prompted())
        try checkLayers(options.run)
        func continued(_ phase: String, _ record: ForwardRecord, _ interventions: [Intervention]) throws -> Continuation {
            try model.continuation(record, options, interventions) {
                progress?(WorkProgress(phase: phase, done: $0, total: options.newTokens, unit: "tokens"))
            }
        }
        let before = try continued("generating", prompt.record, [])
        var after: Continuation?
        if !state.edits.isEmpty {
            let interventions = try engineInterventions()
            let run = try local().intervened(interventions, options: options.run)
            after = try continued("generating with interventions", run.record, interventions)
        }
        state.generation = GenerationState(before: before, after: after)
        func side(_ continuation: Continuation) -> GenerationReport.Side {
            .init(tokens: continuation.tokens.map(text), text: model.tokenizer.decode(continuation.tokens))
        }
        return GenerationReport(
            prompt: model.tokenizer.decode(prompt.tokens), before: side(before), after: after.map(side),
            sharedTokens: zip(before.tokens, after?.tokens ?? before.tokens).prefix { $0 == $1 }.count,
            seconds: (ContinuousClock.now - start).inSeconds, notices: state.edits.isEmpty ? [] : runNotices(options.run))
    }
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
