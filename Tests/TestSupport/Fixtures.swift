package import Checkpoints
package import Foundation
package import Replacement
internal import Transcoders
package import Transformers

/// The data that tests share: small checkpoints laid out as a hub cache, and what the reference computes on them.
package enum Fixtures {
    package static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures")

    /// The repository's root.
    package static let root = folder.deletingLastPathComponent().deletingLastPathComponent()

    package static let hub = HubCache(environment: ["HF_HUB_CACHE": folder.appending(path: "hub").path])

    package static func snapshot(_ reference: String) throws -> URL {
        try hub.resolve(HubReference(parsing: reference))
    }

    /// A repository's files by their paths in it, as a hub sends them.
    package static func files(of reference: String) throws -> [String: [UInt8]] {
        let folder = try snapshot(reference)
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { path in
            (try? folder.appending(path: path).resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == false
        }
        return try Dictionary(uniqueKeysWithValues: paths.map { ($0, try [UInt8](Data(contentsOf: folder.appending(path: $0)))) })
    }

    package static func decoder(_ reference: String) throws -> TransformerDecoder {
        try TransformerDecoder(folder: snapshot(reference))
    }

    /// A golden case's set on its model, run on its prompt.
    package static func localized(_ golden: GoldenCase) throws -> LocalReplacementModel {
        let facts = try golden.runFacts()
        return try replacementModel(facts.transcoderSet ?? golden.reference).localized(facts.inputTokens)
    }

    /// A transcoder set on the model it names.
    package static func replacementModel(_ set: String) throws -> ReplacementModel {
        let transcoders = try TranscoderSet(folder: snapshot(set), hub: hub)
        return try ReplacementModel(decoder: decoder(transcoders.config.modelName), transcoders: transcoders)
    }
}
