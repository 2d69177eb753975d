internal import Graphs
package import Replacement
internal import Transformers

extension Session {
    /// Puts edits in force, all or none; one on the same feature and positions before is replaced.
    package func intervene(_ requests: [InterventionRequest]) throws -> InterventionsReport {
        try change(removing: [], clearing: false, setting: requests)
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
        var edits = state.edits.filter { !clearing && !removed.contains($0.selector) }
        var notices: [String] = []
        for request in requests {
            let selector = request.selector
            do { try replacement.check(selector.feature) } catch { throw SessionError("\(error)", word: "\(selector)") }
            let (positions, isOpenEnded) = try selector.resolved(count: local.record.positions, zeroed: replacement.zeroedPositions)
            edits.removeAll { $0.selector == selector }
            edits.append(request)
            if positions.contains(where: { $0 < replacement.zeroedPositions }) {
                notices.append("Position \(positions.lowerBound) is zeroed: features there count as 0 unless they are set.")
            }
            let isActive = positions.contains { local.activations[site(selector, $0)] != 0 }
            if !isActive && !positions.isEmpty {
                notices.append("\(selector) is not active on this prompt" + (request.edit.changesInactive ? "; it is switched on." : ", so this changes nothing."))
            } else if positions.isEmpty && !isOpenEnded {
                notices.append("\(selector) reaches no position of this prompt.")
            }
        }
        if edits != state.edits { change(to: edits) }
        return InterventionsReport(interventions: try rows(), notices: notices)
    }

    /// Takes an intervention out of force: one that was made with this selector, or on a position that it names.
    package func removeIntervention(_ selector: FeatureSelector) throws -> InterventionsReport {
        let count = try prompted().tokens.count
        let wanted = try selector.resolved(count: count, zeroed: zeroedPositions)
        let kept = state.edits.filter { edit in
            guard edit.selector.feature == selector.feature else { return true }
            let positions = (try? edit.selector.resolved(count: count, zeroed: zeroedPositions))?.positions
            return edit.selector != selector && positions != wanted.positions
        }
        guard kept.count < state.edits.count else {
            let same = state.edits.last { $0.selector.feature == selector.feature } ?? state.edits.last
            throw SessionError(
                "No intervention on \(selector) is in force." + (state.edits.isEmpty ? "" : " `interventions` lists those that are."),
                word: "\(selector)", suggestion: same.map { "\($0.selector)" })
        }
        change(to: kept)
        return InterventionsReport(interventions: try rows(), notices: [])
    }

    package func clearInterventions() -> InterventionsReport {
        let count = state.edits.count
        guard count > 0 else { return InterventionsReport(interventions: [], notices: ["There was no intervention to clear."]) }
        change(to: [])
        let cleared = count == 1 ? "1 intervention was cleared; `undo` brings it back." : "\(count) interventions were cleared; `undo` brings them back."
        return InterventionsReport(interventions: [], notices: [cleared])
    }

    /// Takes back the last change to the interventions.
    package func undo() throws -> InterventionsReport {
        guard let earlier = state.earlier.popLast() else { throw SessionError("There is no change to the interventions to take back.") }
        state.undone.append(state.edits)
        state.edits = earlier
        return try interventions()
    }

    /// Makes the change again that `undo` took back.
    package func redo() throws -> InterventionsReport {
        guard let later = state.undone.popLast() else { throw SessionError("There is no change to the interventions to make again.") }
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
            let (positions, isOpenEnded) = (try? edit.selector.resolved(count: prompt.tokens.count, zeroed: zeroedPositions)) ?? (0..<0, false)
            return InterventionRow(
                number: number + 1, selector: edit.selector, edit: edit.edit,
                changes: positions.map { position in
                    let old = activations[site(edit.selector, position)]
                    return InterventionRow.Change(
                        position: position, token: text(prompt.tokens[position]), old: old, new: edit.edit(old))
                }, isOpenEnded: isOpenEnded)
        }
    }

    private func site(_ selector: FeatureSelector, _ position: Int) -> FeatureSite {
        FeatureSite(layer: selector.feature.layer, position: position, index: selector.feature.index)
    }

    /// The interventions in force as the engine takes them, those that the current prompt is too short for left out.
    func engineInterventions() throws -> [Intervention] {
        let count = try prompted().tokens.count
        return state.edits.compactMap { edit in
            guard let (positions, isOpenEnded) = try? edit.selector.resolved(count: count, zeroed: zeroedPositions) else { return nil }
            return Intervention(feature: edit.selector.feature, positions: positions, isOpenEnded: isOpenEnded, edit: edit.edit)
        }
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
    package let changes: [Change]
    /// Also applies to generated tokens.
    package let isOpenEnded: Bool
}
