package import Foundation
package import Replacement
internal import Tensors
internal import Transcoders
internal import Transformers

/// How fast indexing is, beside the model and the encoders alone, which bound it: both in one run, on the same tokens.
package struct IndexSpeed: Sendable {
    /// Tokens a second of all that indexing does, from texts to the file.
    package let indexed: Double
    /// Of the model's pass and the encoders' products alone.
    package let bare: Double
    /// How many were indexed.
    package let tokens: Int

    /// - Parameter folder: where an index is made, and removed.
    package init(_ model: ReplacementModel, folder: URL) throws {
        let settings = IndexSettings()
        // The text says which sequence it is, and what that is does not matter for the time.
        let indexer = Indexer(model, settings: settings, opening: []) { text in
            var random = RandomBits(seed: UInt64(text.prefix { $0 != " " }) ?? 0)
            return (0..<settings.context).map { _ in Int(random.next() % UInt64(model.decoder.spec.vocabulary)) }
        }
        let line = { (number: Int) in "\(number) ".padding(toLength: settings.context * 4, withPad: "x", startingAt: 0) }
        let first = try Self.bareSeconds(model, try (0..<settings.batch).map { try indexer.encode(line($0)) })
        // A second of it, where a batch is shorter.
        let blocks = min(max(Int(1 / first), 1), 64)
        let lines = (0..<blocks * settings.batch).map(line)
        let corpus = folder.appending(path: "corpus.txt")
        try Data(lines.joined(separator: "\n").utf8).write(to: corpus)
        let identity = IndexIdentity(
            model: "", set: "", fingerprint: "", layers: model.transcoders.layers.count, featuresPerLayer: model.transcoders.featuresPerLayer,
            settings: settings)
        let store = try IndexStore(folder.appending(path: "index.sqlite"), identity)
        let report = try indexer.run([Corpus(corpus, name: "corpus.txt")], into: store)
        store.settle()
        var seconds = 0.0
        for block in 0..<blocks {
            let some = lines[block * settings.batch..<(block + 1) * settings.batch]
            seconds += try Self.bareSeconds(model, try some.map { try indexer.encode($0) })
        }
        tokens = report.tokens
        indexed = Double(report.tokens) / report.seconds
        bare = Double(report.tokens) / seconds
    }

    private static func bareSeconds(_ model: ReplacementModel, _ sequences: [[Int]]) throws -> Double {
        let start = ContinuousClock.now
        try model.decoder.run(SequenceBatch(sequences)) { layer, residualMid, denominators in
            _ = model.transcoders.layers[layer].preactivations(model.featureInputs(layer, residualMid, denominators: denominators))
        }
        return (ContinuousClock.now - start).seconds
    }
}
