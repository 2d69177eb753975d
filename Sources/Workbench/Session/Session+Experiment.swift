internal import Graphs
package import Replacement

/// One thing that `do` does: features and what they are set to.
package struct ExperimentStep: Sendable {
    package let set: SetExpression
    /// nil for features that are only looked at.
    package let edit: FeatureEdit?
    /// The prompt whose activations are their baseline, and the positions there; nil for the current prompt.
    package let origin: (prompt: String, positions: PositionsTerm?)?
    /// The supernode whose place they take.
    package let replaced: String?

    package init(_ set: SetExpression, _ edit: FeatureEdit?, origin: (prompt: String, positions: PositionsTerm?)? = nil, replacing replaced: String? = nil) {
        self.set = set
        self.edit = edit
        self.origin = origin
        self.replaced = replaced
    }
}

/// What `do` made of the interventions in force, for as long as they are these.
struct Experiment {
    struct Part {
        let set: SetExpression
        /// What the activations are shares of.
        let baseline: [FeatureSite: Float]
        let edit: FeatureEdit?
        let replaced: String?

        /// The supernode that it is about, if its set is just that.
        var name: String? { if case .named(let name) = set { name } else { nil } }
    }
    let parts: [Part]
    let edits: [InterventionRequest]
}

extension Session {
    /// Puts the interventions of an experiment in force, in place of those before, and runs the prompt with them: the circuit says how each
    /// supernode fared. One step for `undo`.
    ///
    /// A multiple counts from the features' own baseline: `-2x` of another prompt's is minus twice their activation there.
    ///
    /// - Parameter options: how to run; nil for those of the last run.
    /// - Throws: `SessionError` for an empty set, and for a supernode to replace that is not there; then nothing is changed.
    package func perform(_ steps: [ExperimentStep], options: RunOptions? = nil) throws -> CircuitReport {
        if let options { try checkLayers(options) }
        let before = state
        do {
            let (context, replaced) = (try setContext(), state.edits.count)
            var notices: [String] = []
            var requests: [InterventionRequest] = []
            var parts: [Experiment.Part] = []
            for step in steps {
                let (part, own) = try part(step, context, notices: &notices)
                parts.append(part)
                requests += own
            }
            notices += try change(removing: [], clearing: true, setting: requests).notices
            if let options { state.runOptions = options }
            state.experiment = Experiment(parts: parts, edits: state.edits)
            if replaced > 0 {
                notices.append(
                    replaced == 1
                        ? "The intervention in force before is gone; `undo` restores it."
                        : "The \(replaced) interventions in force before are gone; `undo` restores them.")
            }
            let report = try circuit()
            return CircuitReport(figure: report.figure, features: report.features, notices: notices + report.notices)
        } catch {
            state = before
            throw error
        }
    }

    private func part(_ step: ExperimentStep, _ context: SetContext, notices: inout [String]) throws -> (Experiment.Part, [InterventionRequest]) {
        if let replaced = step.replaced { _ = try supernode(replaced) }
        let features = try context.features(step.set)
        if features.isEmpty { throw SessionError("\(step.set) is empty on this prompt, so there is nothing to do with it.", word: "\(step.set)") }
        guard let origin = step.origin else {
            notices += features.notices
            var sites: [FeatureSite] = []
            for selector in features.selectors { sites += try context.sites(selector) }
            let requests = step.edit.map { edit in features.selectors.map { InterventionRequest($0, edit) } } ?? []
            return (part(step, context.local.activations.baseline(of: sites)), requests)
        }
        let there = try context.requests(SetEdit(step.set, .from(prompt: origin.prompt, at: origin.positions, times: 1)), notices: &notices)
        var baseline: [FeatureSite: Float] = [:]
        for request in there {
            for site in try context.sites(request.selector) { baseline[site] = request.edit(0) }
        }
        let requests = step.edit.map { edit in there.map { InterventionRequest($0.selector, .set(edit($0.edit(0)))) } } ?? []
        return (part(step, baseline), requests)
    }

    private func part(_ step: ExperimentStep, _ baseline: [FeatureSite: Float]) -> Experiment.Part {
        Experiment.Part(set: step.set, baseline: baseline, edit: step.edit, replaced: step.replaced)
    }
}
