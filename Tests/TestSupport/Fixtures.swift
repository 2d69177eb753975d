public import Checkpoints
public import Foundation
public import Replacement
internal import Transcoders
public import Transformers

/// The data that tests share: small checkpoints laid out as a hub cache, and what the reference computes on them.
public enum Fixtures {
    public static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures")

    /// The repository's root.
    public static let root = folder.deletingLastPathComponent().deletingLastPathComponent()

    public static let hub = HubCache(environment: ["HF_HUB_CACHE": folder.appending(path: "hub").path])

    public static func snapshot(_ reference: String) throws -> URL {
        try hub.resolve(HubReference(parsing: reference))
    }

    /// A repository's files by their paths in it, as a hub sends them.
    public static func files(of reference: String) throws -> [String: [UInt8]] {
        let folder = try snapshot(reference)
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { path in
            (try? folder.appending(path: path).resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == false
        }
        return try Dictionary(uniqueKeysWithValues: paths.map { ($0, try [UInt8](Data(contentsOf: folder.appending(path: $0)))) })
    }

    public static func decoder(_ reference: String) throws -> Decoder {
        try Decoder(folder: snapshot(reference))
    }

    /// A golden case's set on its model, run on its prompt.
    public static func localized(_ golden: GoldenCase) throws -> LocalReplacementModel {
        let facts = try golden.runFacts()
        return try replacementModel(facts.transcoderSet ?? golden.reference).localized(facts.inputTokens)
    }

    /// A transcoder set on the model it names.
    public static func replacementModel(_ set: String) throws -> ReplacementModel {
        let transcoders = try TranscoderSet(folder: snapshot(set), hub: hub)
        return try ReplacementModel(decoder: decoder(transcoders.config.modelName), transcoders: transcoders)
    }
}
