import Checkpoints
import Foundation
import Replacement
import TestSupport
import Transcoders
import Transformers

@testable import Workbench

/// The run of two tokens, or a few more, through a random model: small enough to try everything with.
struct SampleRun {
    let run: RunArchive
    let shape: RunShape

    static let features = 32

    init(_ tokens: [Int] = [1, 5]) throws {
        let folder = try TemporaryFolder()
        try RandomCheckpoint(.gemma2, crossLayer: false, skip: true, inputHook: "mlp.hook_in", threshold: nil, type: .f32)
            .write(to: folder.url, seed: 1)
        let model = try ReplacementModel(
            decoder: TransformerDecoder(folder: folder.url.appending(path: "model")), transcoders: TranscoderSet(folder: folder.url.appending(path: "set")))
        let local = try model.localized(tokens)
        run = RunArchive(record: local.record, activations: local.activations)
        shape = RunShape(
            tokens: tokens, decoder: model.decoder.spec, features: .init(perLayer: model.transcoders.featuresPerLayer, firstPosition: 1))
    }
}

/// A stored run taken apart, to be changed and written again with a checksum that holds.
struct TakenApart {
    enum Elements {
        case floats([Float])
        case integers([Int])
    }

    private let key: String
    var tensors: [String: (shape: [Int], elements: Elements)] = [:]

    init(_ file: URL) throws {
        let archive = try TensorArchive(safetensors: file)
        key = archive.metadata["key"]!
        for name in archive.names {
            let tensor = try archive.tensor(name)
            tensors[name] = (tensor.shape, tensor.elementType == .i64 ? .integers(try tensor.integers()) : .floats(try tensor.floats()))
        }
    }

    mutating func set(_ name: String, _ place: Int, to number: Int) {
        guard case .integers(var elements)? = tensors[name]?.elements else { return }
        elements[place] = number
        tensors[name]!.elements = .integers(elements)
    }

    mutating func set(_ name: String, _ place: Int, to number: Float) {
        guard case .floats(var elements)? = tensors[name]?.elements else { return }
        elements[place] = number
        tensors[name]!.elements = .floats(elements)
    }

    mutating func setAll(_ name: String, to number: Float) {
        tensors[name]!.elements = .floats(Array(repeating: number, count: tensors[name]!.shape.reduce(1, *)))
    }

    func write(to file: URL) throws {
        var writer = SafetensorsWriter(metadata: ["key": key])
        for (name, tensor) in tensors {
            switch tensor.elements {
            case .floats(let elements): writer.add(name, elements, shape: tensor.shape)
            case .integers(let elements): writer.add(name, elements, shape: tensor.shape)
            }
        }
        try writer.writeSealed(to: file)
    }
}
