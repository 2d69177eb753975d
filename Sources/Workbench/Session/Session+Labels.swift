internal import Checkpoints
internal import Foundation
package import GraphFiles
package import Graphs
internal import Replacement
internal import Tensors

/// What people call features. A label belongs to a feature of a transcoder set, wherever it is shown.
extension Session {
    /// The labels of these features, of the set that is loaded, or of the graph's where that is another.
    package func labels(of features: some Sequence<FeatureID>) throws -> [FeatureID: FeatureLabel] {
        guard let scan = labelledSet else { return [:] }
        let all = try labels.labels(of: scan)
        if all.isEmpty { return [:] }
        return Dictionary(features.compactMap { feature in all[feature].map { (feature, $0) } }, uniquingKeysWith: { first, _ in first })
    }

    /// What to call these features: by their labels, or by what they raise where they are of the loaded set and few.
    ///
    /// - Parameter provisional: whether what they raise is wanted.
    ///
    /// A label that cannot be read is a matter for `labels`; nothing else fails for it.
    package func names(of features: Set<FeatureID>, provisional: Bool = true) throws -> [FeatureID: FeatureName] {
        let labels = (try? labels(of: features)) ?? [:]
        let unnamed = features.filter { labels[$0] == nil }
        let isKnown = state.model?.replacement != nil && state.graph?.isOfLoaded ?? true
        let raised = provisional && isKnown && unnamed.count <= Self.mostNamedAtOnce ? try raisedTokens(of: unnamed.sorted()) : [:]
        return Dictionary(uniqueKeysWithValues: features.map { ($0, FeatureName(label: labels[$0], raises: raised[$0] ?? [])) })
    }

    /// A larger table would take longer to name than to compute.
    private static let mostNamedAtOnce = 60

    /// The tokens that features raise most, three each; what is known is not computed again.
    package func raisedTokens(of features: [FeatureID]) throws -> [FeatureID: [TokenText]] {
        let unknown = features.filter { self.raised[$0] == nil }
        if !unknown.isEmpty {
            let logits = try replacement().logits(of: unknown)
            for (row, feature) in unknown.enumerated() { self.raised[feature] = logits.row(row).indicesOfLargest(3).map(text) }
        }
        return Dictionary(features.map { ($0, self.raised[$0]!) }, uniquingKeysWith: { first, _ in first })
    }

    /// Labels features of a set; those that it has at that moment.
    ///
    /// - Parameter isSuggested: whether somebody is yet to accept the label, which then does not replace what a person wrote.
    /// - Throws: `SessionError` for an empty set, and for a text that cannot be a label.
    package func label(_ set: SetExpression, as text: String, isSuggested: Bool = false) throws -> LabelsReport {
        if let fault = FeatureLabel.fault(in: text) { throw SessionError(fault) }
        if text.allSatisfy(\.isWhitespace) { throw SessionError("A label needs a text. `label delete \(set)` takes labels away.") }
        return try changeLabels { features in
            let known = isSuggested ? try self.labels(of: features).filter { !$0.value.isSuggested } : [:]
            return Dictionary(uniqueKeysWithValues: features.filter { known[$0] == nil }.map { ($0, FeatureLabel(text, isSuggested: isSuggested)) })
        } of: {
            try self.features(of: set)
        }
    }

    /// Takes the labels of a set's features away.
    package func deleteLabels(of set: SetExpression) throws -> LabelsReport {
        try changeLabels { features in
            let labelled = Set(try self.labels(of: features).keys).union(try self.labelledByGraph().intersection(features))
            if labelled.isEmpty { throw SessionError("No feature of \(set) has a label.", word: "\(set)") }
            return Dictionary(uniqueKeysWithValues: labelled.map { ($0, FeatureLabel("")) })
        } of: {
            try self.features(of: set)
        }
    }

    /// Makes suggested labels the user's own.
    ///
    /// - Parameter set: nil for all of the transcoder set.
    package func acceptLabels(of set: SetExpression?) throws -> LabelsReport {
        try changeLabels { features in
            let suggested = try self.labels(of: features).filter(\.value.isSuggested)
            if suggested.isEmpty { throw SessionError("There are no suggested labels \(set.map { "in \($0)" } ?? "of this set").", word: set.map { "\($0)" }) }
            return suggested.mapValues { FeatureLabel($0.text) }
        } of: {
            if let set { return try self.features(of: set) }
            return try self.labels.labels(of: self.expectLabelledSet()).keys.sorted()
        }
    }

    /// The labels of a set's features; nil for all of the transcoder set.
    package func labelList(_ set: SetExpression? = nil) throws -> LabelsReport {
        let all = try labels.labels(of: expectLabelledSet())
        guard let set else { return LabelsReport(all) }
        return LabelsReport(try labels(of: features(of: set)))
    }

    /// Adds the labels of a file: tab-separated, JSON lines, or a graph's.
    ///
    /// - Throws: `LabelFileError`, `CheckpointError`; then nothing is changed.
    package func importLabels(from path: String) throws -> LabelsReport {
        let scan = try expectLabelledSet()
        let url = urlToRead(path)
        let file = try LabelFile(reading: url, scan: scan)
        if file.labels.isEmpty { throw SessionError("\(path) has no labels of \(scan).", word: path) }
        if let model = state.model?.replacement, scan == state.model?.origin.scan,
            let beyond = file.labels.keys.sorted().first(where: { (try? model.check($0)) == nil })
        {
            throw SessionError("\(path) has a label of \(beyond), a feature that \(scan) does not have.", word: path)
        }
        // What a rule suggests does not replace what a person wrote.
        let own = try labels.labels(of: scan)
        let taken = file.labels.filter { feature, label in !label.isSuggested || own[feature]?.isSuggested ?? true }
        try change(scan, taken)
        return LabelsReport(taken)
    }

    /// Writes all labels of the transcoder set to a file.
    package func exportLabels(to path: String) throws -> SavedReport {
        let all = try labels.labels(of: expectLabelledSet())
        if all.isEmpty { throw SessionError("There are no labels to write yet. `label SET TEXT` makes one.") }
        let url = try urlToWrite(path)
        try LabelFile(all).write(to: url)
        return SavedReport(path: url.path, bytes: try FileIdentity(of: url).size, notices: [])
    }

    // MARK: - In saved sessions

    /// The labels of features that the session is about: those of the graph, of interventions and of supernodes.
    func mentionedLabels(_ annotations: QueryParameters) -> [FeatureID: FeatureLabel] {
        let nodes = state.graph.map { graph in graph.graph.selectedFeatures.map { graph.graph.activeFeatures[$0].feature } } ?? []
        let grouped = (annotations.supernodes.flatMap { $0.dropFirst() } + annotations.pinnedIDs).compactMap { SharedNode(id: $0)?.site?.feature }
        return (try? labels(of: nodes + grouped + state.edits.map(\.selector.feature))) ?? [:]
    }

    /// Takes a label that a saved session has; it is shown, and not written, where its user has given none.
    package func restore(_ text: String, isSuggested: Bool, of feature: FeatureID) throws {
        _ = try expectLabelledSet()
        if let fault = FeatureLabel.fault(in: text) { throw SessionError(fault) }
        if text.allSatisfy(\.isWhitespace) { throw SessionError("A label needs a text.") }
        if state.graph?.isOfLoaded ?? true { try replacement().check(feature) }
        state.lentLabels[feature] = FeatureLabel(text, isSuggested: isSuggested)
    }

    /// Shows the labels that came with a saved session.
    func lendLabels() throws -> (taken: Int, kept: Int) {
        guard let scan = labelledSet else { return (0, 0) }
        return try labels.lend(state.lentLabels, to: scan)
    }

    // MARK: - Parts

    /// The transcoder set whose labels are shown; nil if there is none.
    private var labelledSet: String? {
        if let graph = state.graph, !graph.isOfLoaded { return graph.graph.origin.scan }
        return state.model.flatMap { $0.replacement == nil ? nil : $0.origin.scan }
    }

    func expectLabelledSet() throws(SessionError) -> String {
        if let labelledSet { return labelledSet }
        throw SessionError("Labels belong to the features of a transcoder set, and none is loaded.")
    }

    /// The features of a set. One feature that is named needs no prompt.
    func features(of set: SetExpression) throws -> [FeatureID] {
        if case .sites(let term) = set, let feature = term.feature {
            if let graph = state.graph, !graph.isOfLoaded { return [feature] }
            try replacement().check(feature)
            return [feature]
        }
        if let graph = state.graph, !graph.isOfLoaded {
            throw SessionError(
                "The graph is of \(graph.graph.origin.scan ?? "another set"), which is not loaded: name its features, such as 3/412.", word: "\(set)")
        }
        let distinct = try setContext().features(set).features
        if distinct.isEmpty { throw SessionError("\(set) has no features on this prompt.", word: "\(set)") }
        return distinct
    }

    /// The features to which the current graph gives labels that nothing else was decided about.
    private func labelledByGraph() throws -> Set<FeatureID> {
        let decided = Set(try labels.decided(of: expectLabelledSet()).keys)
        let document = try state.graph?.published.map { try published.document($0.slug, in: $0.folder) } ?? state.graph?.document
        var labelled = Set(try annotations().labels.filter { !$0.text.isEmpty }.compactMap { SharedNode(id: $0.id)?.site?.feature })
        for node in document?.nodes ?? [] where !node.label.isEmpty {
            if case .feature(let site) = node.node { labelled.insert(site.feature) }
        }
        return labelled.subtracting(decided)
    }

    /// Takes labels that people gave to features in the current graph away: others have just been given, which these would hide.
    private func forgetOwnLabels(_ changes: [FeatureID: FeatureLabel]) throws {
        @Sendable func isOutdated(_ label: NodeLabel) -> Bool {
            SharedNode(id: label.id)?.site.flatMap { changes[$0.feature] }.map { $0.text != label.text } ?? false
        }
        guard let own = try? annotations().labels, own.contains(where: isOutdated) else { return }
        try annotate { $0.labels.removeAll(where: isOutdated) }
    }

    private func changeLabels(
        _ changes: ([FeatureID]) throws -> [FeatureID: FeatureLabel], of features: () throws -> [FeatureID]
    ) throws -> LabelsReport {
        let scan = try expectLabelledSet()
        let changes = try changes(features())
        try change(scan, changes)
        return LabelsReport(changes.filter { !$0.value.text.isEmpty }, removed: changes.count { $0.value.text.isEmpty })
    }

    private func change(_ scan: String, _ changes: [FeatureID: FeatureLabel]) throws {
        try labels.change(scan, changes)
        try forgetOwnLabels(changes)
        published.noteChange()
    }
}

/// How a feature is called where it is listed.
package struct FeatureName: Sendable, Hashable {
    package let label: FeatureLabel?
    /// The tokens that it raises most; empty where that is not known.
    package let raises: [TokenText]

    /// For as long as nobody has labelled it: `→ Louisiana, LA, Texas`.
    package var provisional: String? { Self.provisional(raises.map(\.text)) }

    /// - Parameter raised: the texts of the tokens.
    package static func provisional(_ raised: [String]) -> String? {
        let texts = raised.map { $0.trimmingCharacters(in: .whitespaces) }.map { $0.isEmpty ? "␣" : $0 }
        return texts.isEmpty ? nil : "→ " + texts.joined(separator: ", ")
    }
}

extension FeatureLabel {
    /// In tables: what nobody has accepted yet is in parentheses.
    package var shown: String { isSuggested ? "(\(text))" : text }
}

package struct LabelsReport: Sendable {
    package struct Row: Sendable {
        package let feature: FeatureID
        package let label: FeatureLabel
    }
    /// In the order of the features.
    package let rows: [Row]
    /// How many were taken away.
    package let removed: Int

    package init(_ labels: [FeatureID: FeatureLabel], removed: Int = 0) {
        rows = labels.sorted { $0.key < $1.key }.map { Row(feature: $0.key, label: $0.value) }
        self.removed = removed
    }
}
