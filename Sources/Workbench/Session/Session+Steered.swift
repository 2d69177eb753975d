internal import Attribution
internal import Graphs
internal import Replacement
internal import Transformers

/// Steered runs as graphs explain them.
extension Session {
    /// The run of a prompt with the interventions in force and the options of the last `run`.
    ///
    /// - Parameter prompt: the current one, or its beginning.
    /// - Throws: `SessionError` where no intervention acts on it, so that its run is the plain one.
    func steered(_ prompt: PromptState) throws -> SteeredRun {
        let local = try local(of: prompt)
        if state.edits.isEmpty {
            throw SessionError(
                "No interventions are in force, so there is no steered run. `set`, `zero`, `scale`, `add` and `swap` make some; `attribute` without --steered explains the plain run."
            )
        }
        let options = state.runOptions
        let acting = try engineInterventions().filter { $0.positions.overlaps(prompt.tokens.indices) && options.reaches($0.feature.layer) }
        if acting.isEmpty {
            throw SessionError(
                "None of the interventions in force acts on what the graph would explain: they are about later tokens, or outside the constrained layers. `interventions` lists them, `run` says which layers are constrained; `attribute` without --steered explains the plain run."
            )
        }
        let isCurrent = prompt.tokens.count == state.prompt?.tokens.count
        let run = try isCurrent ? currentRun()!.run : local.intervened(acting, options: options)
        return SteeredRun(
            local: try run.localized(), logits: try loaded().nextTokenLogits(run.record, isSteered: true), steering: GraphSteering(acting, options))
    }

    /// The run that a saved graph describes, repeated on its prompt; nil where it cannot be.
    func repeated(_ steering: GraphSteering, on prompt: PromptState) throws -> LocalReplacementModel? {
        guard let interventions = steering.runnable, let local = prompt.local else { return nil }
        if let layers = steering.constrainedLayers, layers.isEmpty || layers.upperBound > local.record.layers.count { return nil }
        do {
            return try local.intervened(interventions, options: steering.options).localized()
        } catch let error as CancellationError {
            throw error
        } catch {
            return nil
        }
    }
}

/// A run with interventions, frozen.
struct SteeredRun {
    let local: LocalReplacementModel
    /// Next-token logits. `[vocabulary]`.
    let logits: [Float]
    let steering: GraphSteering
}
