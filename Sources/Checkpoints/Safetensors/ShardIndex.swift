package import Foundation

/// What a `model.safetensors.index.json` says: in which files the tensors of a model lie.
///
/// What the shards hold counts, not where the index places it, as in transformers: it may name a tensor twice, in another
/// shard, or one that no shard has. A tensor that it does not name is used too, as transformers 5 does; transformers 4
/// initialises it anew.
package struct ShardIndex: Sendable {
    /// Relative to the index's folder and inside it, without `./`, each once, sorted.
    package let files: [String]
    /// The tensors that it names.
    let tensors: Set<String>

    /// - Throws: `.unreadable`, `.notRegular`, `.notJSON`, `.missingKey`, `.keyType`; `.keyValue` for a path that does not
    ///   stay in the folder.
    package init(url: URL) throws(CheckpointError) {
        let map = try JSONFile(url: url, keepsLast: true).root.object("weight_map")
        var files: Set<String> = []
        for tensor in map.keys {
            let path = try map.string(tensor)
            let file = path.split(separator: "/", omittingEmptySubsequences: false).drop { $0 == "." }.joined(separator: "/")
            guard HubReference.isPath(file) else {
                throw .keyValue(file: url, key: map.path(to: tensor), found: path, allowed: ["a file beside it"])
            }
            files.insert(file)
        }
        self.files = files.sorted()
        tensors = Set(map.keys)
    }
}
