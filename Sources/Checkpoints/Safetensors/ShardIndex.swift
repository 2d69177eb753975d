public import Foundation

/// What a `model.safetensors.index.json` says: in which files the tensors of a model lie.
///
/// Only the files count. A tensor that the index names and no shard has, names twice, or does not name is settled by what
/// the shards hold, as transformers does.
public struct ShardIndex: Sendable {
    /// Relative to the index's folder and inside it, without `./`, each once, sorted.
    public let files: [String]

    /// - Throws: `.unreadable`, `.notRegular`, `.notJSON`, `.missingKey`, `.keyType`; `.keyValue` for a place that is not
    ///   in the folder.
    public init(url: URL) throws(CheckpointError) {
        let map = try JSONFile(url: url, keepsLast: true).root.object("weight_map")
        var files: Set<String> = []
        for tensor in map.keys {
            let place = try map.string(tensor)
            let file = place.split(separator: "/", omittingEmptySubsequences: false).drop { $0 == "." }.joined(separator: "/")
            guard HubReference.isPath(file) else {
                throw .keyValue(file: url, key: map.path(to: tensor), found: place, allowed: ["a file beside it"])
            }
            files.insert(file)
        }
        self.files = files.sorted()
    }
}
