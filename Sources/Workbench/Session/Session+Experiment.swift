internal import GraphFiles
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
    /// Where they are set; nil for their own positions.
    package let positions: PositionsTerm?

    package init(
        _ set: SetExpression, at positions: PositionsTerm? = nil, _ edit: FeatureEdit?, origin: (prompt: String, positions: PositionsTerm?)? = nil,
        replacing replaced: String? = nil
    ) {
        self.set = set
        self.positions = positions
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
        /// The prompt of the baseline; nil for the current one.
        let origin: String?
        let replaced: String?

        /// The supernode that it is about, if its set is just that.
        var name: String? { if case .named(let name) = set { name } else { nil } }
    }
    let parts: [Part]
    let edits: [InterventionRequest]

    /// What the activations of a set are shares of, where the experiment says that.
    func baseline(of set: SetExpression) -> [FeatureSite: Float]? { parts.first { $0.set == set }?.baseline }
}

extension Session {
    /// The last `do`, unless the interventions in force are others now.
    var experimentInForce: Experiment? { state.experiment.flatMap { $0.edits == state.edits ? $0 : nil } }

    /// Puts the interventions of an experiment in force, in place of those before, and runs the prompt with them: the circuit says how each
    /// supernode fared. One step for `undo`.
    ///
    /// A multiple counts from the features' own baseline: `-2x` of another prompt's is minus twice their activation there. A name that this
    /// prompt's supernodes do not have is looked for among those of that prompt.
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
        if let positions = step.positions { return try part(step, at: positions, context, notices: &notices) }
        let context = try step.origin.map { try setContext(withSupernodesOf: $0.prompt) } ?? context
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

    /// Features that are set at other positions than their own, generated tokens included, each to what its mean over its own makes. With another
    /// prompt, the set is read on that one.
    private func part(
        _ step: ExperimentStep, at positions: PositionsTerm, _ context: SetContext, notices: inout [String]
    ) throws -> (Experiment.Part, [InterventionRequest]) {
        let source = try step.origin.map { try setContext(on: $0.prompt) } ?? context
        let features = try source.features(step.set)
        if features.isEmpty { throw SessionError("\(step.set) is empty, so there is nothing to do with it.", word: "\(step.set)") }
        var means: [FeatureID: [Float]] = [:]
        let named = try step.origin?.positions?.numbers(
            in: source.tokens, ofOther: true, zeroed: source.local.model.zeroedPositions, notices: &notices)
        for selector in features.selectors {
            let places = try named ?? source.resolved(selector).clamped(to: source.tokens.indices)
            means[selector.feature, default: []] += places.map {
                source.activation(of: FeatureSite(layer: selector.feature.layer, position: $0, index: selector.feature.index))
            }
        }
        let selector = try positions.selector(in: context.tokens, notices: &notices)
        var baseline: [FeatureSite: Float] = [:]
        var requests: [InterventionRequest] = []
        for (feature, values) in means.sorted(by: { $0.key < $1.key }) {
            let mean = values.reduce(0, +) / Float(max(values.count, 1))
            let here = FeatureSelector(feature: feature, positions: selector)
            for site in try context.sites(here) { baseline[site] = mean }
            if let edit = step.edit { requests.append(InterventionRequest(here, .set(edit(mean)))) }
        }
        return (part(step, baseline), requests)
    }

    /// What sets are about on another prompt.
    private func setContext(on prompt: String) throws -> SetContext {
        let run = try recorded(loaded().tokens(ofPrompt: prompt))
        return try setContext(local: local(of: run), supernodes: state.annotations[run.tokens]?.supernodeList ?? [])
    }

    /// With the supernodes of another prompt under names that this one does not have, at the positions as far from the end.
    private func setContext(withSupernodesOf prompt: String) throws -> SetContext {
        let (own, tokens) = (try annotations().supernodeList, try loaded().tokens(ofPrompt: prompt))
        let offset = try prompted().tokens.count - tokens.count
        let others = (state.annotations[tokens]?.supernodeList ?? []).filter { other in !own.contains { $0.name == other.name } }
        return try setContext(supernodes: own + others.map { $0.moved(by: offset) })
    }

    private func part(_ step: ExperimentStep, _ baseline: [FeatureSite: Float]) -> Experiment.Part {
        Experiment.Part(set: step.set, baseline: baseline, edit: step.edit, origin: step.origin?.prompt, replaced: step.replaced)
    }
}
