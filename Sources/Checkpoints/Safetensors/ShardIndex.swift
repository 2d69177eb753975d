package import Foundation

/// A `model.safetensors.index.json`, which says which files have a model's tensors.
///
/// As in transformers, the shards' contents count, not the index: it may name a tensor twice, in the wrong shard, or one that
/// no shard has. A tensor that it does not list is used too, as in transformers 5; transformers 4 initialises it at random.
package struct ShardIndex: Sendable {
    /// Paths relative to the index's folder and inside it, without `./`, each once, sorted.
    package let files: [String]
    /// The tensors that it lists.
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
                throw .keyValue(file: url, key: map.path(to: tensor), found: path, allowed: ["a file in the same folder"])
            }
            files.insert(file)
        }
        self.files = files.sorted()
        tensors = Set(map.keys)
    }
}
