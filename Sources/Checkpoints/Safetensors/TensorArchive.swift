package import Foundation

/// One safetensors file, the shards of one model, or a NumPy archive, as one namespace of tensors.
package struct TensorArchive: Sendable {
    /// The files in the order of opening: as given, or sorted by name for shards.
    package let files: [URL]
    /// The metadata of the files' headers; if two files disagree, the first counts.
    package let metadata: [String: String]
    /// Problems of the files that were resolved.
    package let notices: [CheckpointNotice]
    let tensors: [String: StoredTensor]

    init(files: [URL], metadata: [String: String], tensors: [String: StoredTensor], notices: [CheckpointNotice] = []) {
        self.files = files
        self.metadata = metadata
        self.tensors = tensors
        self.notices = notices
    }

    /// Opens one safetensors file.
    /// - Throws: `.unreadable`, `.notRegular`, `.malformed`.
    /// - Complexity: O(header); no element is read.
    package init(safetensors url: URL) throws(CheckpointError) {
        try self.init(files: [url])
    }

    /// Opens several safetensors files as one namespace. If several have the same tensor the last one's is used, with a
    /// notice if they differ.
    /// - Throws: what opening each file throws.
    package init(files: [URL]) throws(CheckpointError) {
        var tensors: [String: StoredTensor] = [:]
        var metadata: [String: String] = [:]
        var notices: [CheckpointNotice] = []
        for url in files {
            let mapping = try MappedFile(url: url)
            let header = try SafetensorsHeader(of: mapping)
            metadata.merge(header.metadata) { first, _ in first }
            for entry in header.entries {
                let tensor = StoredTensor(
                    name: entry.name, elementType: entry.elementType, shape: entry.shape, file: url,
                    bytes: StoredBytes(header.bytes(of: entry), of: mapping))
                if let other = tensors.updateValue(tensor, forKey: entry.name), !tensor.holdsSame(as: other) {
                    notices.append(.differingCopies(tensor: entry.name, used: url, other: other.file))
                }
            }
        }
        self.init(files: files, metadata: metadata, tensors: tensors, notices: notices)
    }

    /// Every tensor's name, sorted.
    package var names: [String] { tensors.keys.sorted() }

    /// The number of bytes of all tensors' elements.
    package var byteCount: Int { tensors.values.reduce(0) { $0 + $1.byteCount } }

    /// The tensor of that name, if there is one.
    package subscript(name: String) -> StoredTensor? { tensors[name] }

    /// The tensor of that name and, unless it is `nil`, of that shape.
    /// - Throws: `.missingTensor`, with the nearest names; `.shape`.
    package func tensor(_ name: String, shape: [Int]? = nil) throws(CheckpointError) -> StoredTensor {
        guard let tensor = tensors[name] else {
            throw .missingTensor(name: name, files: files, near: nearMisses(of: name, among: tensors.keys))
        }
        if let shape, shape != tensor.shape {
            throw .shape(tensor: name, expected: shape, found: tensor.shape, file: tensor.file)
        }
        return tensor
    }
}
