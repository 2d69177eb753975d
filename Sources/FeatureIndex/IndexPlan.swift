package import Replacement
internal import Transcoders
internal import Transformers

/// What indexing takes, counted from shapes before it begins.
package struct IndexPlan: Sendable, Equatable {
    /// The temporary values of the widest layer of a batch.
    package let passing: Int
    /// The pre-activations of one layer's features, and what is held of a block.
    package let features: Int
    /// What was counted and is not written yet.
    package let tallies: Int
    /// The largest that the file can become by its features; texts add about three bytes a token.
    package let fileBytes: Int

    /// The most memory at once, besides the mapped files.
    package var peak: Int { Self.processBytes + max(passing, features) + Self.heldEntries * 8 + tallies }

    /// The program itself: the tokenizer, the threads, room for products.
    fileprivate static let processBytes = 1 << 26

    /// The most activations that are held until a block is done.
    static let heldEntries = 1 << 24
    /// How large tallies may become before they are written, in bytes.
    static let tallyBytes = 1 << 27
    /// What the database keeps of the file.
    fileprivate static let cacheBytes = 1 << 24
    /// The operations that the model does in the time in which a tally is read, added to and written, times ten.
    static let operationsPerRow = 1.5e7
    /// A full tally: examples with their windows, and a histogram.
    fileprivate static let rowBytes = 2048

    /// Multiplications a token, about: each parameter and each encoder once.
    static func operations(_ model: ReplacementModel) -> Double {
        let set = model.transcoders
        return Double(model.decoder.weights.parameterCount) + Double(set.layers.count * set.featuresPerLayer * set.width)
    }
}

extension LayerSpec {
    /// The temporary values of a row besides those of the stream: queries, keys and values, and what the MLP hides.
    fileprivate var valuesAtOnce: Int {
        let heads = 3 * attention.heads * attention.headWidth + 2 * attention.keyValueHeads * attention.headWidth
        return heads + 3 * mlp.width
    }
}

extension IndexPlan {
    package init(_ model: ReplacementModel, _ settings: IndexSettings) {
        let (spec, set) = (model.decoder.spec, model.transcoders)
        let rows = settings.rows + settings.context
        let widest = 4 * spec.width + (spec.layers.map(\.valuesAtOnce).max() ?? 0)
        let scores = (spec.layers.map(\.attention.heads).max() ?? 0) * settings.context * settings.context
        passing = 4 * (rows * widest + scores)
        // The matrix, and as much again for lists of those that are active.
        features = 4 * rows * (set.featuresPerLayer * 2 + 3 * spec.width)
        let count = set.layers.count * set.featuresPerLayer
        tallies = Self.tallyBytes + Self.cacheBytes + count * MemoryLayout<FeatureTally>.stride
        fileBytes = count * Self.rowBytes
    }
}
