internal import Evidence
internal import GraphFiles
internal import Graphs
internal import Replacement
internal import Tensors

/// Labels that a rule suggests, until a person accepts them or gives others.
extension Session {
    /// How many features are looked at where none are named.
    package static let mostSuggested = 500
    /// For how many features logits are in memory at a time.
    private static let suggestedAtOnce = 32

    /// Labels features by `LabelRule`, from the texts on which they fire and the tokens that they raise. What a person has labelled stays.
    ///
    /// - Parameters:
    ///   - set: nil for the graph's most influential features, or without a graph those that are strongest on the prompt.
    ///   - progress: also of making the bundled model's index, the first time.
    /// - Throws: `CancellationError`; then nothing was labelled.
    package func suggestLabels(of set: SetExpression? = nil, progress: @escaping ProgressHandler = { _ in }) throws -> SuggestionsReport {
        let scan = try expectLabelledSet()
        let isOfLoaded = state.model?.replacement != nil && state.model?.origin.scan == scan
        var notices: [String] = []
        let features = if let set { try self.features(of: set) } else { try suggestedFeatures(&notices) }
        if isOfLoaded { try indexBundledCorpus(progress: progress) }
        let known = try labels.labels(of: scan)
        let unnamed = features.filter { known[$0]?.isSuggested ?? true }
        var (suggested, withExamples, faults) = ([FeatureID: FeatureLabel](), 0, [String]())
        for start in stride(from: 0, to: unnamed.count, by: Self.suggestedAtOnce) {
            if Task.isCancelled { throw CancellationError() }
            progress(WorkProgress(phase: "suggesting", done: start, total: unnamed.count, unit: "features"))
            let some = Array(unnamed[start..<min(start + Self.suggestedAtOnce, unnamed.count)])
            let logits = isOfLoaded ? try replacement().logits(of: some) : nil
            for (row, feature) in some.enumerated() {
                let answer = evidence.evidence(for: feature, scan: scan, graphs: evidenceBesideGraphs)
                for fault in answer.faults where !faults.contains(fault) && faults.count < 3 { faults.append(fault) }
                let examples = answer.evidence?.quantiles.first?.examples ?? []
                if !examples.isEmpty { withExamples += 1 }
                let raised = logits.map { logits in
                    let logits = logits.row(row)
                    return logits.indicesOfLargest(LabelRule.raisedTokens).map { FeatureReport.OutputToken(token: text($0), logit: logits[$0]) }
                }
                // A token may be longer than a label.
                guard let text = LabelRule.label(examples: examples, raised: raised ?? []), FeatureLabel.fault(in: text) == nil else { continue }
                suggested[feature] = FeatureLabel(text, isSuggested: true)
            }
        }
        try labels.change(scan, suggested)
        if !suggested.isEmpty { published.noteChange() }
        if withExamples == 0, !unnamed.isEmpty {
            notices.append("No examples of these features are here, so labels only say what they raise. `index CORPUS` makes examples.")
        }
        return SuggestionsReport(
            labels: LabelsReport(suggested), labelled: features.count - unnamed.count, unclear: unnamed.count - suggested.count, notices: notices + faults)
    }

    /// The features of the graph, or without one those of the prompt, the first of them.
    private func suggestedFeatures(_ notices: inout [String]) throws -> [FeatureID] {
        let (sites, order): ([FeatureSite], String)
        if let made = state.graph {
            (sites, order) = (made.graph.features(by: .influence, influence: made.influence).map(made.graph.site), "most influential")
        } else {
            let activations = try local().activations
            (sites, order) = (activations.values.indicesOfLargest(activations.count).map { activations.sites[$0] }, "strongest")
        }
        var seen: Set<FeatureID> = []
        let features = sites.map(\.feature).filter { seen.insert($0).inserted }
        if features.count > Self.mostSuggested {
            notices.append("These are for the \(Self.mostSuggested) \(order) of \(features.count) features. `suggest labels SET` takes others.")
        }
        return Array(features.prefix(Self.mostSuggested))
    }
}

package struct SuggestionsReport: Sendable {
    /// Those that were suggested now.
    package let labels: LabelsReport
    /// How many features were left alone, since a person has labelled them.
    package let labelled: Int
    /// For how many the rule has no words.
    package let unclear: Int
    package let notices: [String]
}
