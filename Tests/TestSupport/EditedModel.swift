public import Checkpoints
public import Foundation
internal import Tensors
public import Transformers

/// A copy of a small checkpoint with its config or its tensors changed; the folder goes away with the value.
public struct EditedModel {
    private let folder: TemporaryFolder
    public var url: URL { folder.url.appending(path: "model") }

    /// - Parameters:
    ///   - config: changes `config.json`.
    ///   - tensors: changes a tensor's name, type and shape; nil leaves it out.
    public init(
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
    public func rewrite(metadata: [String: String] = [:], _ change: (inout [EditedTensor]) throws -> Void) throws {
        let archive = try TensorArchive(folder: url)
        var tensors = try archive.names.map { try EditedTensor(archive[$0]!) }
        try change(&tensors)
        var writer = SafetensorsWriter(metadata: metadata)
        for tensor in tensors {
            writer.add(tensor.name, tensor.type, shape: tensor.shape, bytes: tensor.type.encoded(tensor.values))
        }
        try writer.write(to: url.appending(path: "model.safetensors"))
    }

    public func decoder() throws -> Decoder { try Decoder(folder: url) }
}

/// A tensor as an edited checkpoint has it.
public struct EditedTensor {
    public var name: String
    public var type: ElementType
    public var shape: [Int]
    public var values: [Float]
    /// The file it goes to.
    public var shard = "model.safetensors"

    public init(name: String, type: ElementType = .f32, shape: [Int], values: [Float]) {
        self.name = name
        self.type = type
        self.shape = shape
        self.values = values
    }

    public init(_ tensor: StoredTensor) throws {
        name = tensor.name
        type = tensor.elementType
        shape = tensor.shape
        values = try type == .u8 ? tensor.integers().map { Float($0) } : tensor.floats()
    }
}
