package import Checkpoints
package import Foundation
internal import Tensors
package import Transformers

/// A copy of a small checkpoint with its config or its tensors changed; the folder goes away with the value.
package struct EditedModel {
    private let folder: TemporaryFolder
    package var url: URL { folder.url.appending(path: "model") }

    /// - Parameters:
    ///   - config: changes `config.json`.
    ///   - tensors: changes a tensor's name, type and shape; nil leaves it out.
    package init(
        _ reference: String, config change: (inout [String: Any]) -> Void = { _ in },
        tensors: ((_ tensor: StoredTensor) throws -> EditedTensor?)? = nil
    ) throws {
        folder = try TemporaryFolder()
        try FileManager.default.copyItem(at: Fixtures.snapshot(reference), to: folder.url.appending(path: "model"))
        let file = url.appending(path: "config.json")
        var config = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as! [String: Any]
        change(&config)
        try JSONSerialization.data(withJSONObject: config).write(to: file)
        guard let tensors else { return }
        let archive = try TensorArchive(folder: url)
        try FileManager.default.removeItem(at: url.appending(path: "model.safetensors"))
        var writers: [String: SafetensorsWriter] = [:]
        var shards: [String: String] = [:]
        for name in archive.names {
            guard let edited = try tensors(archive[name]!) else { continue }
            writers[edited.shard, default: SafetensorsWriter()].add(
                edited.name, edited.type, shape: edited.shape, bytes: edited.type.encoded(edited.values))
            shards[edited.name] = edited.shard
        }
        for (shard, writer) in writers { try writer.write(to: url.appending(path: shard)) }
        if writers.count > 1 {
            try JSONSerialization.data(withJSONObject: ["weight_map": shards])
                .write(to: url.appending(path: "model.safetensors.index.json"))
        }
    }

    /// Writes the tensors anew, in one file.
    ///
    /// - Parameter metadata: of the file's header.
    package func rewrite(metadata: [String: String] = [:], _ change: (inout [EditedTensor]) throws -> Void) throws {
        let archive = try TensorArchive(folder: url)
        var tensors = try archive.names.map { try EditedTensor(archive[$0]!) }
        try change(&tensors)
        var writer = SafetensorsWriter(metadata: metadata)
        for tensor in tensors {
            writer.add(tensor.name, tensor.type, shape: tensor.shape, bytes: tensor.type.encoded(tensor.values))
        }
        try writer.write(to: url.appending(path: "model.safetensors"))
    }

    package func decoder() throws -> TransformerDecoder { try TransformerDecoder(folder: url) }
}

/// A tensor as an edited checkpoint has it.
package struct EditedTensor {
    package var name: String
    package var type: ElementType
    package var shape: [Int]
    package var values: [Float]
    /// The file it goes to.
    package var shard = "model.safetensors"

    package init(name: String, type: ElementType = .f32, shape: [Int], values: [Float]) {
        self.name = name
        self.type = type
        self.shape = shape
        self.values = values
    }

    package init(_ tensor: StoredTensor) throws {
        name = tensor.name
        type = tensor.elementType
        shape = tensor.shape
        values = try type == .u8 ? tensor.integers().map { Float($0) } : tensor.floats()
    }
}
