package import Graphs
internal import Tensors
internal import Transcoders
internal import Transformers

/// What two features are compared by.
package enum FeatureVector: String, Sendable, CaseIterable {
    /// What they write.
    case decoder
    /// What they read.
    case encoder
}

/// A feature with how much it is like another one.
package struct SimilarFeature: Sendable, Equatable {
    package let feature: FeatureID
    /// 1 for the same direction.
    package let score: Float

    package init(feature: FeatureID, score: Float) {
        self.feature = feature
        self.score = score
    }

    /// The most similar first; of two alike, the lower feature.
    package static func isBefore(_ a: SimilarFeature, _ b: SimilarFeature) -> Bool {
        a.score != b.score ? a.score > b.score : a.feature < b.feature
    }
}

extension ReplacementModel {
    /// The features whose encoders or decoders have the largest cosines with a feature's (docs/sets.md), without itself.
    ///
    /// - Parameters:
    ///   - others: only these; nil for all of all layers.
    ///   - progress: the layers that are done.
    /// - Throws: `ReplacementError` for a feature that is not there; `TranscoderError` for weights that are not finite; `CancellationError`.
    /// - Complexity: reads the encoders or decoders once.
    package func mostSimilar(
        to feature: FeatureID, by vector: FeatureVector, count: Int, among others: Set<FeatureID>? = nil, progress: (Int) -> Void = { _ in }
    ) throws -> [SimilarFeature] {
        try check(feature)
        let vectors = matrices(feature.layer, vector).map { ($0.space, $0.weights.row(feature.index)) }
        let (own, square) = (Dictionary(uniqueKeysWithValues: vectors), vectors.reduce(0) { $0 + $1.1.dot($1.1) })
        let chosen = others.map { Dictionary(grouping: $0, by: \.layer).mapValues { $0.map(\.index).sorted() } }
        var best: [SimilarFeature] = []
        for layer in transcoders.layers.indices {
            try Task.checkCancellation()
            defer { progress(layer + 1) }
            let indices = chosen.map { $0[layer] ?? [] }
            if indices?.isEmpty == true { continue }
            let cosines = try cosines(own, square, layer, vector, indices)
            best += cosines.indicesOfLargest(count < cosines.count ? count + 1 : cosines.count).map {
                SimilarFeature(feature: FeatureID(layer: layer, index: indices?[$0] ?? $0), score: cosines[$0])
            }
            best.removeAll { $0.feature == feature }
            best.sort(by: SimilarFeature.isBefore)
            best.removeLast(max(0, best.count - count))
        }
        return best
    }

    /// The cosines of a feature's vectors with those of a layer's features.
    ///
    /// - Parameters:
    ///   - own: the feature's vectors by where they are; their squared norms add up to `square`.
    ///   - indices: of which features; nil for all.
    private func cosines(_ own: [Int: [Float]], _ square: Float, _ layer: Int, _ vector: FeatureVector, _ indices: [Int]?) throws -> [Float] {
        let count = indices?.count ?? transcoders.featuresPerLayer
        var (products, squares) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
        for (space, weights) in matrices(layer, vector) {
            try Task.checkCancellation()
            let part = weights.rowProducts(with: own[space] ?? [Float](repeating: 0, count: weights.columns), rows: indices)
            products.add(part.products)
            squares.add(part.squares)
        }
        guard square.isFinite, products.areFinite, squares.areFinite else {
            throw TranscoderError.notFinite(tensor: vector == .encoder ? "W_enc" : "W_dec", file: transcoders.layers[layer].file)
        }
        return zip(products, squares).map { product, other in
            let norms = square.squareRoot() * other.squareRoot()
            return norms > 0 ? min(max(product / norms, -1), 1) : 0
        }
    }

    /// The weights of a layer's features, each with a number that only those have that are in the same space. Encoders are, and so are the decoders
    /// of per-layer transcoders; a cross-layer transcoder's are for each layer that they write to.
    private func matrices(_ layer: Int, _ vector: FeatureVector) -> [(space: Int, weights: StoredMatrix)] {
        let transcoder = transcoders.layers[layer]
        switch (vector, transcoders.kind) {
        case (.encoder, _): return [(0, transcoder.encoder)]
        case (.decoder, .perLayer): return [(0, transcoder.decoders[0])]
        case (.decoder, .crossLayer): return transcoder.decoders.enumerated().map { (layer + $0, $1) }
        }
    }

    /// The features that are active at a position of a prompt, which is run up to there.
    ///
    /// - Throws: as `activations(of:)` and `TransformerDecoder.forward`.
    package func activeFeatures(at position: Int, of tokens: [Int]) throws -> [FeatureID] {
        let record = try decoder.forward(Array(tokens[...position]))
        return try activations(of: record, sameAs: nil, fromLayer: 0, fromPosition: position).sites.map(\.feature)
    }
}
