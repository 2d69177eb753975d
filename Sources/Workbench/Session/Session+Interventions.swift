internal import Graphs
package import Replacement
internal import Transformers

extension Session {
    /// Puts edits in force, all or none; one on the same feature and positions before is replaced.
    package func intervene(_ requests: [InterventionRequest]) throws -> InterventionsReport {
        try change(removing: [], clearing: false, setting: requests)
    }

    /// The same for sets of features.
    ///
    /// - Parameter progress: of making the bundled model's index, where that is needed for the first time.
    package func intervene(_ edits: [SetEdit], progress: @escaping ProgressHandler = { _ in }) throws -> InterventionsReport {
        if edits.needEvidence { try indexBundledCorpus(progress: progress) }
        let context = try setContext()
        var notices: [String] = []
        let requests = try edits.flatMap { try context.requests($0, notices: &notices) }
        let report = try change(removing: [], clearing: false, setting: requests)
        return InterventionsReport(interventions: report.interventions, notices: notices + report.notices)
    }

    /// Several changes at once, all or none, and one step for `undo`: takes some interventions out of force, then puts others in.
    ///
    /// - Parameters:
    ///   - removed: those not in force are ignored.
    ///   - clearing: whether all go.
    @discardableResult package func change(
        removing removed: [FeatureSelector], clearing: Bool, setting requests: [InterventionRequest]
    ) throws -> InterventionsReport {
        let (replacement, local) = (try replacement(), try local())
        let gone = Set(removed).union(requests.map(\.selector))
        var edits = state.edits.filter { !clearing && !gone.contains($0.selector) }
        // Of several on one selector the last holds.
        let last = Dictionary(requests.enumerated().map { ($1.selector, $0) }, uniquingKeysWith: { $1 })
        edits += requests.enumerated().filter { last[$1.selector] == $0 }.map(\.element)
        var (switchedOn, unchanged, unreached, later) = ([FeatureSelector](), [FeatureSelector](), [FeatureSelector](), [FeatureSelector]())
        var zeroed = Set<Int>()
        for request in requests {
            let selector = request.selector
            do { try replacement.check(selector.feature) } catch { throw SessionError("\(error)", word: "\(selector)") }
            let reached = try self.positions(selector, on: local.record.tokens)
            let positions = reached.clamped(to: local.record.tokens.indices)
            if positions.contains(where: { $0 < replacement.zeroedPositions }) { zeroed.insert(positions.lowerBound) }
            let isActive = positions.contains { local.activations[site(selector, $0)] != 0 }
            if !isActive && !positions.isEmpty {
                if request.edit.changesInactive { switchedOn.append(selector) } else { unchanged.append(selector) }
            } else if reached.isEmpty {
                unreached.append(selector)
            } else if positions.isEmpty {
                later.append(selector)
            }
        }
        if edits != state.edits { change(to: edits) }
        return InterventionsReport(
            interventions: try rows(),
            notices: zeroed.sorted().map { "Position \($0) is zeroed: features there count as 0 unless they are set." }
                + [
                    notice(switchedOn, "is not active on this prompt; it is switched on.", "are not active on this prompt; they are switched on."),
                    notice(
                        unchanged, "is not active on this prompt, so this changes nothing.", "are not active on this prompt; for them this changes nothing."),
                    notice(unreached, "reaches only zeroed positions, which ranges skip.", "reach only zeroed positions, which ranges skip."),
                    notice(
                        later, "acts only on tokens generated after the prompt: `generate` shows what it does, `run` and `diff` do not.",
                        "act only on tokens generated after the prompt: `generate` shows what they do, `run` and `diff` do not."),
                ].compactMap(\.self))
    }

    /// One sentence about some features, however many they are; nil if there are none.
    private func notice(_ selectors: [FeatureSelector], _ one: String, _ many: String) -> String? {
        switch selectors.count {
        case 0: nil
        case 1: "\(selectors[0]) \(one)"
        case let count: "\(count) features \(many)"
        }
    }

    /// Takes the interventions on a set's features out of force: those made on these positions, or on some of them.
    package func removeInterventions(_ set: SetExpression) throws -> InterventionsReport {
        let plain = try setContext()
        let context = try setContext(switchedOn: Set(state.edits.flatMap { (try? plain.sites($0.selector)) ?? [] }))
        let features = try context.features(set)
        let named = try features.selectors.map { (feature: $0.feature, positions: try context.resolved($0)) }
        let sites = try features.selectors.reduce(into: Set<FeatureSite>()) { sites, selector in sites.formUnion(try context.sites(selector)) }
        let kept = state.edits.filter { edit in
            let own = (try? context.sites(edit.selector)) ?? []
            let positions = try? context.resolved(edit.selector)
            let isNamed = named.contains { $0.feature == edit.selector.feature && $0.positions == positions }
            return !isNamed && (own.isEmpty || !sites.isSuperset(of: own))
        }
        guard kept.count < state.edits.count else {
            let same = state.edits.last { edit in named.contains { $0.feature == edit.selector.feature } } ?? state.edits.last
            throw SessionError(
                "No intervention on \(set) is in force." + (state.edits.isEmpty ? "" : " `interventions` lists those that are."),
                word: "\(set)", suggestion: same.map { "\($0.selector)" })
        }
        change(to: kept)
        return InterventionsReport(interventions: try rows(), notices: features.notices)
    }

    /// Takes interventions out of force by their numbers in the list.
    package func removeInterventions(numbers: [Int]) throws -> InterventionsReport {
        for number in numbers where !(1...max(state.edits.count, 1)).contains(number) || state.edits.isEmpty {
            throw SessionError(
                state.edits.isEmpty ? "No interventions are in force." : "There is no intervention \(number); they have the numbers 1 to \(state.edits.count).",
                word: "\(number)")
        }
        change(to: state.edits.indices.filter { !numbers.contains($0 + 1) }.map { state.edits[$0] })
        return try interventions()
    }

    package func clearInterventions() -> InterventionsReport {
        let count = state.edits.count
        guard count > 0 else { return InterventionsReport(interventions: [], notices: []) }
        change(to: [])
        let cleared = count == 1 ? "1 intervention was removed; `undo` restores it." : "\(count) interventions were removed; `undo` restores them."
        return InterventionsReport(interventions: [], notices: [cleared])
    }

    /// Undoes the last change to the interventions.
    package func undo() throws -> InterventionsReport {
        guard let earlier = state.earlier.popLast() else { throw SessionError("There is no change to the interventions to undo.") }
        state.undone.append(state.edits)
        state.edits = earlier
        return try interventions()
    }

    /// Reapplies the change that `undo` undid.
    package func redo() throws -> InterventionsReport {
        guard let later = state.undone.popLast() else { throw SessionError("There is no undone change to reapply.") }
        state.earlier.append(state.edits)
        state.edits = later
        return try interventions()
    }

    package func interventions() throws -> InterventionsReport {
        InterventionsReport(interventions: try rows(), notices: [])
    }

    private func change(to edits: [InterventionRequest]) {
        state.earlier.append(state.edits)
        state.undone = []
        state.edits = edits
    }

    /// The list in force with old and new values on the current prompt.
    private func rows() throws -> [InterventionRow] {
        guard let prompt = state.prompt, let activations = prompt.activations else { return [] }
        return state.edits.enumerated().map { number, edit in
            let positions = (try? positions(edit.selector, on: prompt.tokens)) ?? 0..<0
            return InterventionRow(
                number: number + 1, selector: edit.selector, edit: edit.edit, positions: positions,
                changes: positions.clamped(to: prompt.tokens.indices).map { position in
                    let old = activations[site(edit.selector, position)]
                    return InterventionRow.Change(
                        position: position, token: text(prompt.tokens[position]), old: old, new: edit.edit(old))
                })
        }
    }

    /// The positions of prompt and generated tokens that a selector names.
    private func positions(_ selector: FeatureSelector, on tokens: [Int]) throws -> Range<Int> {
        try selector.resolved(count: tokens.count, zeroed: zeroedPositions, context: loaded().decoder.spec.context)
    }

    private func site(_ selector: FeatureSelector, _ position: Int) -> FeatureSite {
        FeatureSite(layer: selector.feature.layer, position: position, index: selector.feature.index)
    }

    /// The interventions in force as the engine takes them, those that count from the end of a longer prompt left out.
    func engineInterventions() throws -> [Intervention] { try engineInterventions(state.edits) }

    /// The same of others.
    func engineInterventions(_ edits: [InterventionRequest]) throws -> [Intervention] {
        let tokens = try prompted().tokens
        return edits.compactMap { edit in
            guard let positions = try? positions(edit.selector, on: tokens) else { return nil }
            return Intervention(feature: edit.selector.feature, positions: positions, edit: edit.edit)
        }
    }

    /// What to say where interventions are in force and none of them acts on the prompt itself.
    func laterNotices() throws -> [String] {
        let (interventions, tokens) = (try engineInterventions(), try prompted().tokens)
        let acting = interventions.filter { !$0.positions.isEmpty }
        guard !acting.isEmpty, !acting.contains(where: { $0.positions.overlaps(tokens.indices) }) else { return [] }
        return ["The interventions in force act only on tokens generated after the prompt, so nothing changes here. `generate` shows what they do."]
    }
}

extension FeatureEdit {
    /// Whether it does anything to a feature that is not active.
    var changesInactive: Bool { self(0) != 0 }
}

package struct InterventionsReport: Sendable {
    package let interventions: [InterventionRow]
    /// For example that a feature is not active there.
    package let notices: [String]
}

package struct InterventionRow: Sendable {
    /// One for each prompt position that it reaches.
    package struct Change: Sendable {
        package let position: Int
        package let token: TokenText
        package let old: Float
        package let new: Float
    }

    /// 1-based place in the list in force.
    package let number: Int
    package let selector: FeatureSelector
    package let edit: FeatureEdit
    /// Where it acts, generated tokens included, whose positions follow the prompt's; `Int.max` is an open end. Empty where
    /// it does nothing.
    package let positions: Range<Int>
    package let changes: [Change]

    /// Whether it acts on every generated token from its first position on.
    package var isOpenEnded: Bool { positions.upperBound == .max }
}
