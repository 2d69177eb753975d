internal import Attribution
internal import Evidence
internal import FeatureIndex
internal import Foundation
internal import GraphFiles
package import Graphs
internal import Replacement
internal import Tensors
internal import Tokenization
internal import Transcoders
internal import Transformers

/// Features found by words: of their labels, of texts on which they fire, of tokens that they raise.
extension Session {
    /// The features that have to do with words, those that are about nothing else first.
    ///
    /// - Parameter progress: of making the bundled model's index and of reading examples, the first time.
    package func search(_ text: String, count: Int, progress: @escaping ProgressHandler = { _ in }) throws -> SearchReport {
        let words = try SearchWords(text)
        let finder = try featureFinder(words, among: nil, progress: progress)
        let found = try finder.all(count: count)
        return SearchReport(
            text: text, hasExamples: !finder.places.isEmpty,
            rows: found.map { found in
                let site = finder.active[found.feature]
                return SearchReport.Row(found: found, site: site, activation: site.flatMap { state.prompt?.activations?[$0] })
            }, notices: finder.faults)
    }

    /// Which of these features have to do with words.
    ///
    /// - Parameter withContexts: whether words count that are only near those on which features fire.
    package func found(_ text: String, among features: Set<FeatureID>, withContexts: Bool) throws -> [FoundFeature] {
        try featureFinder(SearchWords(text), among: features, progress: { _ in }).all(among: features, withContexts: withContexts)
    }

    private func featureFinder(_ words: SearchWords, among wanted: Set<FeatureID>?, progress: @escaping ProgressHandler) throws -> FeatureFinder {
        let (model, replacement) = (try loaded(), try replacement())
        try indexBundledCorpus(progress: progress)
        var (places, faults) = ([ExamplePlace](), [String]())
        // What a replay writes goes with it.
        let folder = { try self.confinement?.url(for: "words") ?? self.environment.indexes }
        for (source, file) in try evidence.searched(scan: model.origin.scan, graphs: evidenceBesideGraphs, folder: folder) {
            do {
                guard let place = try examplePlace(source, file, of: model, replacement, among: wanted, progress: progress) else { continue }
                places.append(place)
                if let fault = place.words?.fault { faults.append(fault) }
            } catch let error as CancellationError {
                throw error
            } catch {
                faults.append("Examples are not searched: \(error)")
            }
        }
        return FeatureFinder(
            words: words, model: model, replacement: replacement, labels: try labels.labels(of: model.origin.scan ?? ""), places: places,
            unembedding: unembedding(model), active: strongestSites(), faults: faults)
    }

    /// Of how many features the words are found in a moment, so that nobody need ask for it.
    private static let mostFoundAtOnce = 20_000

    /// A place whose examples are searched by their words: those of all features, or where these are many and no search has found their words yet, of
    /// the features that are wanted only.
    ///
    /// - Returns: nil for a place without examples.
    private func examplePlace(
        _ source: any EvidenceSource, _ file: URL, of model: LoadedModel, _ replacement: ReplacementModel, among wanted: Set<FeatureID>?,
        progress: @escaping ProgressHandler
    ) throws -> ExamplePlace? {
        let set = replacement.transcoders
        let shape = ExampleWords.Shape(layers: set.layers.count, featuresPerLayer: set.featuresPerLayer)
        let omitted = Set([model.tokenizer.specialTokens.beginning].compactMap(\.self).map { model.text($0).text })
        func place(_ words: ExampleWords?) -> ExamplePlace { ExamplePlace(source: source, words: words, omitted: omitted) }
        let features = try source.features()
        guard features.contains(where: shape.contains) else { return nil }
        if wanted != nil, features.count > Self.mostFoundAtOnce { return place(ExampleWords(source, of: shape, madeIn: file)) }
        defer { evidence.progress = nil }
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            return place(
                try ExampleWords(source, of: shape, omitting: omitted, in: file) { done, total in
                    let read = WorkProgress(phase: WorkProgress.readingExamples, done: done, total: total, unit: "features")
                    evidence.progress = read
                    progress(read)
                })
        } catch {
            // A few features need no words.
            if wanted == nil || error is CancellationError { throw error }
            return place(nil)
        }
    }

    /// Where the features that are active on the prompt are strongest.
    private func strongestSites() -> [FeatureID: FeatureSite] {
        guard let activations = state.prompt?.activations else { return [:] }
        return Dictionary(activations.sites.map { ($0.feature, $0) }) { activations[$0] >= activations[$1] ? $0 : $1 }
    }
}

/// Words that somebody looks for: all of them in one text, whatever their case and accents.
struct SearchWords {
    let words: [String]

    init(_ text: String) throws(SessionError) {
        words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        if words.isEmpty { throw SessionError("A search needs words: `search capital`.") }
    }

    /// What is left of them where only letters and digits count.
    var terms: [String] { words.flatMap { $0.split { !$0.isLetter && !$0.isNumber }.map(String.init) } }

    func areIn(_ text: String) -> Bool { words.allSatisfy { text.localizedStandardContains($0) } }

    /// Whether the words are in a text and words there begin so, as those of examples are found.
    func begin(in text: String) -> Bool {
        guard areIn(text) else { return false }
        let there = text.split { !$0.isLetter && !$0.isNumber }
        return terms.allSatisfy { term in
            there.contains { $0.range(of: term, options: [.anchored, .caseInsensitive, .diacriticInsensitive]) != nil }
        }
    }
}

/// Where examples are searched.
private struct ExamplePlace {
    let source: any EvidenceSource
    /// nil where they were not made, so that the examples of every wanted feature are looked at.
    let words: ExampleWords?
    /// Tokens that are not text.
    let omitted: Set<String>
}

/// A feature, and why it was found.
package struct FoundFeature: Sendable, Equatable {
    package enum Reason: String, Sendable, CaseIterable {
        /// In the order in which features are listed.
        case label
        case firesOn = "fires on"
        case raises
        case context
    }

    package let feature: FeatureID
    package let reason: Reason
    /// What the words are in: the label, the word on which it fires, the token, or the text with that word in brackets.
    package let text: String
}

package struct SearchReport: Sendable {
    package struct Row: Sendable {
        package let found: FoundFeature
        /// Where it is strongest on the prompt; nil where it is not active there, or there is no prompt.
        package let site: FeatureSite?
        package let activation: Float?

        package init(found: FoundFeature, site: FeatureSite?, activation: Float?) {
            self.found = found
            self.site = site
            self.activation = activation
        }
    }
    /// What was looked for.
    package let text: String
    /// Whether there are examples that were searched.
    package let hasExamples: Bool
    package let rows: [Row]
    package let notices: [String]

    package init(text: String, hasExamples: Bool, rows: [Row], notices: [String]) {
        self.text = text
        self.hasExamples = hasExamples
        self.rows = rows
        self.notices = notices
    }
}

/// Looks for features in one place after another.
private struct FeatureFinder {
    let words: SearchWords
    let model: LoadedModel
    let replacement: ReplacementModel
    let labels: [FeatureID: FeatureLabel]
    /// Where examples are searched, the first first.
    let places: [ExamplePlace]
    let unembedding: Unembedding
    /// Where the features that are active on the prompt are strongest.
    let active: [FeatureID: FeatureSite]
    /// Which examples cannot be searched and why, a sentence each.
    let faults: [String]

    /// How many features' examples are looked at.
    private static let mostExamined = 500
    /// Of how many features all logits are computed, and of how many at once.
    private static let (mostRaising, logitsAtOnce) = (128, 32)
    /// How many of the tokens that a feature raises most count as raised.
    private static let raisedRank = 10
    /// How many tokens with the words in them are looked at.
    private static let mostTokens = 16
    /// How many decoder rows are in memory.
    private static let rowsAtOnce = 2048

    /// The first features of all. Places that would come after those that suffice are not looked at.
    func all(count: Int) throws -> [FoundFeature] {
        var found: [FoundFeature] = []
        for look in [labelled(nil), firing(nil), raising(nil), nearby(nil)] {
            if found.count >= count { break }
            try Task.checkCancellation()
            let known = Set(found.map(\.feature))
            found += try look().filter { !known.contains($0.feature) }
        }
        return Array(found.prefix(max(count, 0)))
    }

    /// Those of some features.
    func all(among wanted: Set<FeatureID>, withContexts: Bool) throws -> [FoundFeature] {
        var found: [FoundFeature] = []
        for look in [labelled(wanted), firing(wanted), raising(wanted)] + (withContexts ? [nearby(wanted)] : []) {
            try Task.checkCancellation()
            let known = Set(found.map(\.feature))
            found += try look().filter { !known.contains($0.feature) }
        }
        return found
    }

    private typealias Look = () throws -> [FoundFeature]

    private func labelled(_ wanted: Set<FeatureID>?) -> Look {
        {
            labels.filter { wanted?.contains($0.key) ?? true && words.areIn($0.value.text) }
                .sorted { ($0.value.isSuggested ? 1 : 0, $0.value.text.count, $0.key) < ($1.value.isSuggested ? 1 : 0, $1.value.text.count, $1.key) }
                .map { FoundFeature(feature: $0.key, reason: .label, text: $0.value.text) }
        }
    }

    /// By the words on which features fire most: those that fire on little else first.
    private func firing(_ wanted: Set<FeatureID>?) -> Look {
        {
            try examined(.peaks, wanted) { texts in
                let matching = texts.filter { words.begin(in: $0.word) }
                // In fewer, the word is by chance.
                guard let first = matching.first, matching.count * 4 >= texts.count else { return nil }
                return (Double(matching.count) / Double(texts.count), first.word.trimmingCharacters(in: .whitespacesAndNewlines))
            }.map { FoundFeature(feature: $0, reason: .firesOn, text: $1) }
        }
    }

    /// By the text near the words on which they fire most.
    private func nearby(_ wanted: Set<FeatureID>?) -> Look {
        {
            try examined(.contexts, wanted) { texts in
                let some = texts.prefix(ExampleText.contextCount)
                let matching = some.filter { words.begin(in: $0.before + $0.peak + $0.after) }
                guard let first = matching.first else { return nil }
                return (Self.score(matching.count, of: some.count), first.marked)
            }.map { FoundFeature(feature: $0, reason: .context, text: $1) }
        }
    }

    /// The share of examples that match, less where there are few.
    private static func score(_ matching: Int, of all: Int) -> Double { Double(matching) / Double(all + 2) }

    /// Features with the words in their examples, by how well they match; where that is the same, those that are active on the prompt first.
    private func examined(
        _ column: ExampleWords.Place, _ wanted: Set<FeatureID>?, match: ([ExampleText]) -> (score: Double, text: String)?
    ) throws -> [(FeatureID, String)] {
        let terms = words.terms
        if terms.isEmpty { return [] }
        var matches: [(feature: FeatureID, order: Int, match: (score: Double, text: String))] = []
        var known: Set<FeatureID> = []
        for place in places {
            var features = try place.words?.features(terms, in: column, limit: wanted == nil ? Self.mostExamined : nil) ?? wanted?.sorted() ?? []
            if let wanted { features.removeAll { !wanted.contains($0) } }
            features.removeAll(where: known.contains)
            try place.source.forEachStrongest(of: features[...]) { feature, examples in
                try Task.checkCancellation()
                // One that cannot be read was said when the words were made.
                guard let examples = try? examples.get(), let found = match(ExampleText.texts(of: examples, omitting: place.omitted)) else { return }
                known.insert(feature)
                matches.append((feature, matches.count, found))
            }
        }
        func rank(_ match: (feature: FeatureID, order: Int, match: (score: Double, text: String))) -> (Double, Int, Int) {
            (-match.match.score, active[match.feature] == nil ? 1 : 0, match.order)
        }
        return matches.sorted { rank($0) < rank($1) }.map { ($0.feature, $0.match.text) }
    }

    /// By tokens that they raise more than most others.
    private func raising(_ wanted: Set<FeatureID>?) -> Look {
        {
            let tokens = tokens()
            if tokens.isEmpty { return [] }
            let directions = Matrix(rows: tokens.count, columns: unembedding.width, elements: unembedding.directions(tokens.map(\.id)).elements)
            let size = replacement.transcoders.featuresPerLayer
            let features =
                wanted?.sorted()
                ?? replacement.transcoders.layers.indices.flatMap { layer in (0..<size).map { FeatureID(layer: layer, index: $0) } }
            // By the share of what they write: how strongly they write does not change what is among the tokens that they raise most.
            var candidates: [(feature: FeatureID, share: Float)] = []
            for start in stride(from: 0, to: features.count, by: Self.rowsAtOnce) {
                try Task.checkCancellation()
                let some = Array(features[start..<min(start + Self.rowsAtOnce, features.count)])
                let written = try replacement.finalDirections(of: some)
                let logits = written.multiplied(byTransposeOf: directions)
                for (row, feature) in some.enumerated() {
                    let size = written.row(row).reduce(0) { $0 + $1 * $1 }.squareRoot()
                    if let logit = logits.row(row).max(), logit > 0, size > 0 { candidates.append((feature, logit / size)) }
                }
                candidates.sort { ($1.share, $0.feature) < ($0.share, $1.feature) }
                candidates.removeLast(max(0, candidates.count - Self.mostRaising))
            }
            return try stride(from: 0, to: candidates.count, by: Self.logitsAtOnce).flatMap { start -> [FoundFeature] in
                try Task.checkCancellation()
                let some = candidates[start..<min(start + Self.logitsAtOnce, candidates.count)].map(\.feature)
                let logits = try replacement.logits(of: some)
                return some.enumerated().compactMap { row, feature -> FoundFeature? in
                    // Of the tokens with the words in them the one that it raises most.
                    let raised = logits.row(row).indicesOfLargest(Self.raisedRank)
                    guard let token = raised.lazy.compactMap({ id in tokens.first { $0.id == id } }).first else { return nil }
                    return FoundFeature(feature: feature, reason: .raises, text: token.text.trimmingCharacters(in: .whitespacesAndNewlines))
                }
            }
        }
    }

    /// Tokens with the words in them, those that are nothing else first.
    private func tokens() -> [TokenText] {
        let (lowercase, whole) = (words.words.map { $0.lowercased() }, words.words.joined(separator: " ").lowercased())
        let matching = (0..<model.decoder.spec.vocabulary).compactMap { id -> (token: TokenText, text: String)? in
            let token = model.text(id)
            let text = token.text.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
            return lowercase.allSatisfy(text.contains) ? (token, text) : nil
        }
        let ordered = matching.sorted {
            ($0.text == whole ? 0 : $0.text.hasPrefix(whole) ? 1 : 2, $0.text.count, $0.token.id)
                < ($1.text == whole ? 0 : $1.text.hasPrefix(whole) ? 1 : 2, $1.text.count, $1.token.id)
        }
        return ordered.prefix(Self.mostTokens).map(\.token)
    }
}

extension ExampleText {
    /// With the token on which the feature fires most in brackets.
    fileprivate var marked: String {
        let space = peak.prefix { $0.isWhitespace }
        return (before + space + "[" + peak.dropFirst(space.count) + "]" + after).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
