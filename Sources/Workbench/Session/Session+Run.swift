internal import Graphs
public import Replacement
internal import Tensors
internal import Tokenization
internal import Transformers

extension Session {
    /// Reruns the prompt with the interventions in force.
    public func run(_ options: RunOptions, count: Int, progress: ProgressHandler? = nil) throws -> RunReport {
        let start = ContinuousClock.now
        let prompt = try prompted()
        try checkLayers(options)
        let after = try intervened(options)
        state.runOptions = options
        state.run = after
        return RunReport(
            before: topScores(prompt.logits, count), after: topScores(after.logits, count), options: options,
            interventions: state.edits.count, seconds: (ContinuousClock.now - start).inSeconds, notices: runNotices(options))
    }

    private func checkLayers(_ options: RunOptions) throws {
        let layers = try loaded().decoder.layerCount
        guard let range = options.constrainedLayers, range.isEmpty || range.lowerBound < 0 || range.upperBound > layers else { return }
        throw SessionError(
            "\(range.lowerBound):\(range.upperBound) is no range of the model's layers 0 to \(layers - 1); the end is not included.",
            word: "\(range.lowerBound):\(range.upperBound)")
    }

    private func runNotices(_ options: RunOptions) -> [String] {
        if state.edits.isEmpty { return ["No interventions are in force; nothing changes. `set`, `zero`, `scale` and `add` make some."] }
        let outside = state.edits.filter { !options.reaches($0.selector.feature.layer) }
        return outside.isEmpty ? [] : [
            "Outside the constrained layers and so without effect: \(outside.map { "\($0.selector)" }.joined(separator: ", "))."
        ]
    }

    private func intervened(_ options: RunOptions) throws -> RunState {
        let local = try local()
        let run = try local.intervened(engineInterventions(), options: options)
        let logits = local.model.decoder.nextTokenLogits(run.record).elements
        guard logits.areFinite else { throw ReplacementError.overflow }
        return RunState(edits: state.edits, options: options, run: run, logits: logits)
    }

    /// The run with the interventions in force, made anew where they have changed since; nil where there are none.
    func currentRun() throws -> RunState? {
        guard !state.edits.isEmpty else { return nil }
        if let run = state.run, run.edits == state.edits, run.options == state.runOptions { return run }
        let run = try intervened(state.runOptions)
        state.run = run
        return run
    }

    private func requiredRun() throws -> RunState {
        guard let run = try currentRun() else {
            _ = try prompted()
            throw SessionError("No interventions are in force, so there is nothing to compare. `set`, `zero`, `scale` and `add` make some.")
        }
        return run
    }

    /// What the interventions changed: logits, probabilities, features.
    public func diff(_ count: Int) throws -> DiffReport {
        let (prompt, run) = (try prompted(), try requiredRun())
        let comparison = RunComparison(
            before: prompt.logits, after: run.logits, features: (prompt.activations!, try run.run.activations()))
        func changes(_ tokens: [Int]) -> [DiffReport.TokenChange] {
            zip(scores(prompt.logits, of: tokens), scores(run.logits, of: tokens)).map { DiffReport.TokenChange(before: $0, after: $1) }
        }
        func feature(_ site: FeatureSite, _ before: Float, _ after: Float) -> DiffReport.FeatureChange {
            .init(site: site, token: text(prompt.tokens[site.position]), before: before, after: after)
        }
        return DiffReport(
            logits: changes(comparison.tokensByLogitChange(count)), probabilities: changes(comparison.tokensByProbabilityChange(count)),
            divergence: comparison.divergence, switchedOn: comparison.switchedOn.prefix(count).map { feature($0.site, 0, $0.activation) },
            switchedOff: comparison.switchedOff.prefix(count).map { feature($0.site, $0.activation, 0) },
            switchedOnCount: comparison.switchedOn.count, switchedOffCount: comparison.switchedOff.count)
    }

    /// Continues the prompt without and with the interventions in force.
    public func generate(_ options: GenerationOptions, progress: ProgressHandler? = nil) throws -> GenerationReport {
        let start = ContinuousClock.now
        let (model, prompt) = (try loaded(), try prompted())
        try checkLayers(options.run)
        var sampling = Sampling()
        sampling.temperature = options.temperature
        sampling.topK = options.topK
        sampling.topP = options.topP
        sampling.seed = options.seed
        func continued(_ phase: String, _ record: ForwardRecord, _ interventions: [Intervention]) throws -> Continuation {
            try model.decoder.continued(
                record, by: options.newTokens, sampling: sampling, endTokens: model.endTokens,
                steering: model.replacement.map { Steering(model: $0, interventions: interventions) }
            ) { progress?(Progress(phase: phase, done: $0, total: options.newTokens, unit: "tokens")) }
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
