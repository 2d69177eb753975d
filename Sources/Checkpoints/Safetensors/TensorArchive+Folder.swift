public import Foundation

extension TensorArchive {
    static let weightsName = "model.safetensors"
    static let indexName = "model.safetensors.index.json"

    /// Opens the weights of a Hugging Face model folder: `model.safetensors`, else the shards that
    /// `model.safetensors.index.json` names.
    /// - Throws: `.noWeights`; `.missingShards` and `.missingFromShards`, naming all that is missing; `.duplicateTensor`;
    ///   and what opening each file throws.
    public init(folder: URL) throws(CheckpointError) {
        let names = try FolderListing.names(in: folder)
        if names.contains(Self.weightsName) {
            try self.init(safetensors: folder.appendingPathComponent(Self.weightsName))
        } else if names.contains(Self.indexName) {
            try self.init(index: folder.appendingPathComponent(Self.indexName), folder: folder)
        } else {
            throw .noWeights(folder: folder, others: names.filter(couldHoldWeights))
        }
    }

    private init(index: URL, folder: URL) throws(CheckpointError) {
        let map = try JSONFile(url: index).root.object("weight_map")
        var shards: Set<String> = []
        for tensor in map.keys {
            let shard = try map.string(tensor)
            guard shard.isFileName else {
                throw .keyValue(file: index, key: map.path(to: tensor), found: shard, allowed: ["a file's name"])
            }
            shards.insert(shard)
        }
        let missing = shards.sorted().filter {
            !FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path)
        }
        guard missing.isEmpty else { throw .missingShards(index: index, shards: missing) }
        try self.init(files: shards.sorted().map(folder.appendingPathComponent))
        var absent: [String] = []
        for tensor in map.keys where try self[tensor]?.file.lastPathComponent != map.string(tensor) { absent.append(tensor) }
        guard absent.isEmpty else { throw .missingFromShards(index: index, tensors: absent) }
    }
}

private func couldHoldWeights(_ name: String) -> Bool {
    [".safetensors", ".bin", ".pt", ".pth", ".gguf"].contains { name.hasSuffix($0) }
}

extension String {
    /// Whether it names something in a folder and cannot lead out of it.
    var isFileName: Bool {
        // As bytes: a slash with an accent on it is another `Character`, but still a slash to the system.
        !isEmpty && self != "." && self != ".." && !utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
    }
}
