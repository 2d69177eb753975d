internal import FeatureIndex
package import Graphs
internal import Replacement
internal import Tensors
internal import Transcoders

/// In what way features are alike.
package enum Similarity: String, Sendable, CaseIterable {
    /// What they write.
    case decoder
    /// What they read.
    case encoder
    /// They are active at the same places of texts.
    case coactivation

    /// What is compared; nil for co-activation.
    fileprivate var vector: FeatureVector? { FeatureVector(rawValue: rawValue) }
}

/// A feature that is active where another one is most active.
struct CoactiveFeature: Sendable, Equatable {
    let feature: FeatureID
    /// At which share of the other one's peaks it is active.
    let share: Float
    /// The share of all of the index's positions at which it is.
    let density: Float

    /// How much more often it is active there than anywhere.
    var score: Float { share - density }
}

/// Features that are like others.
extension Session {
    /// The features that are most like the only one of a set.
    ///
    /// - Throws: `SessionError` where the set has several features, and for co-activation without an index; `CancellationError`.
    package func similar(
        to set: SetExpression, count: Int, by similarity: Similarity, progress: @escaping ProgressHandler = { _ in }
    ) throws -> SimilarReport {
        let (replacement, feature) = (try replacement(), try onlyFeature(of: set))
        try replacement.check(feature)
        guard let vector = similarity.vector else {
            let coactive = try coactive(with: feature, progress: progress)
            let rows = coactive.prefix(count).map { row($0.feature, score: $0.score, share: $0.share, density: $0.density) }
            return SimilarReport(feature: feature, similarity: similarity, rows: rows)
        }
        let layers = replacement.transcoders.layers.count
        let similar = try replacement.mostSimilar(to: feature, by: vector, count: count) { done in
            progress(WorkProgress(phase: "comparing", done: done, total: layers, unit: "layers"))
        }
        return SimilarReport(feature: feature, similarity: similarity, rows: similar.map { row($0.feature, score: $0.score) })
    }

    /// Some features that are like another one in any measure, the most similar first.
    func similar(to feature: FeatureID, by similarity: Similarity, among others: Set<FeatureID>) throws -> [FeatureID] {
        let replacement = try replacement()
        let similar =
            if let vector = similarity.vector {
                try replacement.mostSimilar(to: feature, by: vector, count: others.count, among: others)
            } else {
                try coactive(with: feature, progress: { _ in }).filter { others.contains($0.feature) }
                    .map { SimilarFeature(feature: $0.feature, score: $0.score) }
            }
        return similar.filter { $0.score > 0 }.map(\.feature)
    }

    private func row(_ feature: FeatureID, score: Float, share: Float? = nil, density: Float? = nil) -> SimilarReport.Row {
        let firings = state.prompt.flatMap { prompt in
            prompt.activations.map { activations in
                prompt.tokens.indices.map { activations[FeatureSite(layer: feature.layer, position: $0, index: feature.index)] }
            }
        }
        let strongest = firings.flatMap { firings in firings.indicesOfLargest(1).first.flatMap { firings[$0] > 0 ? $0 : nil } }
        return SimilarReport.Row(
            feature: feature, score: score, share: share, density: density,
            firing: strongest.map {
                SimilarReport.Firing(position: $0, token: text(state.prompt!.tokens[$0]), activation: firings![$0])
            })
    }

    // MARK: - Co-activation

    /// How many texts are run.
    private static let mostTexts = 16

    /// What is active at the peaks of a feature's strongest examples in the index, without itself (docs/sets.md); kept until the index changes.
    private func coactive(with feature: FeatureID, progress: @escaping ProgressHandler) throws -> [CoactiveFeature] {
        if let known = coactiveFeatures[feature] { return known }
        try indexBundledCorpus(progress: progress)
        let (model, replacement) = (try loaded(), try replacement())
        let name = model.setName ?? "the set"
        guard let index = evidence.index(of: model.origin.scan) else {
            throw SessionError("Co-activation needs texts on which \(feature) is active, and there is no index of \(name): `index CORPUS` makes one.")
        }
        let examples = Array((try index.tally(of: feature)?.strongest ?? []).prefix(Self.mostTexts))
        var (texts, counts) = (0, [FeatureID: Int]())
        for (done, (example, tokens)) in zip(examples, try index.sequences(of: examples)).enumerated() {
            try Task.checkCancellation()
            let peak = Int(example.position)
            guard tokens.indices.contains(peak) else { continue }
            for active in try replacement.activeFeatures(at: peak, of: tokens) { counts[active, default: 0] += 1 }
            texts += 1
            progress(WorkProgress(phase: "running texts", done: done + 1, total: examples.count, unit: "texts"))
        }
        if texts == 0 { throw SessionError("\(feature) is active nowhere in the index of \(name), so nothing is active with it.", word: "\(feature)") }
        counts[feature] = nil
        let (firings, counted) = (try index.firings(of: counts.keys), try index.countedPositions())
        let found = counts.map { other, count in
            CoactiveFeature(
                feature: other, share: Float(count) / Float(texts), density: counted == 0 ? 0 : Float(firings[other] ?? 0) / Float(counted))
        }.sorted { $0.score != $1.score ? $0.score > $1.score : $0.feature < $1.feature }
        coactiveFeatures[feature] = found
        return found
    }
}

/// Features that are like another one, the most similar first.
package struct SimilarReport: Sendable {
    package struct Row: Sendable {
        package let feature: FeatureID
        /// The cosine; for co-activation, by how much `share` exceeds `density`.
        package let score: Float
        /// Co-activation: at which share of the other one's peaks it is active.
        package let share: Float?
        /// Co-activation: the share of all of the index's positions at which it is.
        package let density: Float?
        /// Where it is most active on the prompt; nil where it is not.
        package let firing: Firing?
    }
    package struct Firing: Sendable {
        package let position: Int
        package let token: TokenText
        package let activation: Float
    }
    package let feature: FeatureID
    package let similarity: Similarity
    package let rows: [Row]
}
