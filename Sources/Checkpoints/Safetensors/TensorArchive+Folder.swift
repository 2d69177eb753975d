package import Foundation

extension TensorArchive {
    static let weightsName = "model.safetensors"
    static let indexName = "model.safetensors.index.json"

    /// Opens the weights of a Hugging Face model folder: `model.safetensors`, else the shards that
    /// `model.safetensors.index.json` names, with a notice of tensors that it does not list.
    /// - Throws: `.noWeights`; `.missingShards`, naming all that are missing; what `ShardIndex` and opening each file throw.
    package init(folder: URL) throws(CheckpointError) {
        let names = try FolderListing.names(in: folder)
        if names.contains(Self.weightsName) {
            try self.init(safetensors: folder.appendingPathComponent(Self.weightsName))
        } else if names.contains(Self.indexName) {
            try self.init(index: folder.appendingPathComponent(Self.indexName), folder: folder)
        } else {
            throw .noWeights(folder: folder, found: OtherWeights(in: folder, names: names))
        }
    }

    private init(index: URL, folder: URL) throws(CheckpointError) {
        let listed = try ShardIndex(url: index)
        let shards = listed.files
        let missing = shards.filter { !FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path) }
        guard missing.isEmpty else { throw .missingShards(index: index, shards: missing) }
        let archive = try TensorArchive(files: shards.map(folder.appendingPathComponent))
        let unlisted = archive.names.filter { !listed.tensors.contains($0) }
        self.init(
            files: archive.files, metadata: archive.metadata, tensors: archive.tensors,
            notices: archive.notices + (unlisted.isEmpty ? [] : [.notInIndex(tensors: unlisted, index: index)]))
    }
}

extension String {
    /// Whether it names something in a folder and cannot lead out of it.
    package var isFileName: Bool {
        // Compares bytes: a slash with a combining accent is a different `Character`, but still a slash to the system.
        !isEmpty && self != "." && self != ".." && !utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
    }
}
