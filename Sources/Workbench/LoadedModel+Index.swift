internal import Checkpoints
internal import FeatureIndex
internal import Foundation
internal import Replacement
internal import Tokenization
internal import Transcoders
internal import Transformers

extension LoadedModel {
    /// What an index of this model and its set is of; nil without transcoders.
    ///
    /// - Complexity: reads a few pieces of each file.
    func indexIdentity(_ settings: IndexSettings) throws -> IndexIdentity? {
        guard let replacement, let setName else { return nil }
        let set = replacement.transcoders
        var sum = Checksum()
        let own = [folder.appending(path: "config.json"), folder.appending(path: "tokenizer.json")] + decoder.weights.files
        for file in own + set.settings + set.files { try sum.update(piecesOf: file) }
        sum.update("\(replacement.zeroedPositions)")
        return IndexIdentity(
            model: name, set: setName, fingerprint: sum.text, layers: set.layers.count, featuresPerLayer: set.featuresPerLayer, settings: settings)
    }

    /// Runs texts for an index.
    func indexer(_ settings: IndexSettings, commitTokens: Int?) throws -> Indexer? {
        guard let replacement else { return nil }
        let (tokenizer, vocabulary) = (tokenizer, decoder.spec.vocabulary)
        return Indexer(replacement, settings: settings, opening: try promptPolicy.opening(tokenizer), commitTokens: commitTokens) { text in
            // A tokenizer may have tokens that the model does not.
            try tokenizer.encode(text).filter { $0 < vocabulary }
        }
    }
}

extension Checksum {
    /// How many pieces of a file are read besides its first, and how long they are: weights that differ, differ there.
    private static let (pieces, pieceBytes) = (8, 4096)

    /// Adds the size of a file and pieces of it, evenly spaced: the same for a copy, wherever it is.
    fileprivate mutating func update(piecesOf url: URL) throws {
        let file = try MappedFile(url: url)
        file.withBytes { bytes in
            update([UInt64(bytes.count)])
            for piece in 0...Self.pieces {
                let start = max(0, bytes.count - Self.pieceBytes) * piece / Self.pieces
                update(UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + Self.pieceBytes, bytes.count)]))
            }
        }
    }
}
