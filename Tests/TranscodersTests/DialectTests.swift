import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing
import Transcoders

/// One set, written as every tradition writes it, reads as the same transcoder.
@Suite struct DialectTests {
    private static let perLayer = RandomCheckpoint(crossLayer: false, skip: true, inputHook: "mlp.hook_in", threshold: 0.4, type: .f32)
    private static let crossLayer = RandomCheckpoint(crossLayer: true, skip: true, inputHook: "hook_resid_mid", threshold: 0.4, type: .bf16)

    /// A random set, and the same rewritten.
    private func sets(
        _ shape: RandomCheckpoint, config lines: String = "", _ rewrite: (_ layer: Int, _ set: URL) throws -> Void
    ) throws -> (original: TranscoderSet, rewritten: TranscoderSet, owner: TemporaryFolder) {
        let owner = try TemporaryFolder()
        try shape.write(to: owner.url, seed: 7)
        let (set, copy) = (owner.url.appending(path: "set"), owner.url.appending(path: "copy"))
        try FileManager.default.copyItem(at: set, to: copy)
        for layer in 0..<3 { try rewrite(layer, copy) }
        let config = copy.appending(path: "config.yaml")
        try Data((String(contentsOf: config, encoding: .utf8) + lines).utf8).write(to: config)
        return (try TranscoderSet(folder: set), try TranscoderSet(folder: copy), owner)
    }

    private func expectSame(_ a: TranscoderSet, _ b: TranscoderSet) {
        #expect(a.kind == b.kind && a.layers.count == b.layers.count)
        for (a, b) in zip(a.layers, b.layers) {
            #expect(a.encoder.widened() == b.encoder.widened() && a.encoderBias == b.encoderBias)
            #expect(a.activation == b.activation && a.outputBias == b.outputBias)
            #expect(a.decoders.map { $0.widened() } == b.decoders.map { $0.widened() })
            #expect(a.skip?.widened() == b.skip?.widened())
        }
    }

    /// Tensors of a file under other names, some of them transposed.
    private func rename(_ file: URL, to place: URL, _ names: [String: (name: String, isTransposed: Bool)]) throws {
        var writer = SafetensorsWriter()
        let archive = try TensorArchive(safetensors: file)
        for (old, new) in names.sorted(by: { $0.key < $1.key }) {
            let tensor = try archive.tensor(old)
            let values = new.isTransposed ? try tensor.matrix().transposed.widened().elements : try tensor.floats()
            writer.add(new.name, values, shape: new.isTransposed ? tensor.shape.reversed() : tensor.shape)
        }
        try FileManager.default.removeItem(at: file)
        try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try writer.write(to: place)
    }

    @Test func `Gemma Scope 2, a folder a layer`() throws {
        let (original, rewritten, owner) = try sets(Self.perLayer) { layer, set in
            try rename(
                set.appending(path: "layer_\(layer).safetensors"), to: set.appending(path: "layer_\(layer)/params.safetensors"),
                [
                    "W_enc": ("w_enc", true), "W_dec": ("w_dec", false), "b_enc": ("b_enc", false), "b_dec": ("b_dec", false),
                    "activation_function.threshold": ("threshold", false), "W_skip": ("affine_skip_connection", true),
                ])
        }
        expectSame(original, rewritten)
        #expect(rewritten.layers.allSatisfy { $0.encoder.isTransposed && $0.skip!.isTransposed })
        withExtendedLifetime(owner) {}
    }

    @Test func `Gemma Scope's npz, deflated and in an older config`() throws {
        let named = try TranscoderSet(folder: Fixtures.snapshot("tiny/gemma-scope-transcoders"), hub: Fixtures.hub)
        let older = try TranscoderSet(folder: Fixtures.snapshot("tiny/gemma-scope-deflated"), hub: Fixtures.hub)
        expectSame(named, older)
        #expect(older.files.allSatisfy { $0.pathExtension == "npz" })
    }

    @Test func `Gemma Scope's names`() throws {
        let shape = RandomCheckpoint(crossLayer: false, skip: false, inputHook: "mlp.hook_in", threshold: 0.4, type: .f16)
        let (original, rewritten, owner) = try sets(shape) { layer, set in
            let file = set.appending(path: "layer_\(layer).safetensors")
            try rename(
                file, to: file,
                [
                    "W_enc": ("W_enc", true), "W_dec": ("W_dec", false), "b_enc": ("b_enc", false), "b_dec": ("b_dec", false),
                    "activation_function.threshold": ("threshold", false),
                ])
        }
        expectSame(original, rewritten)
        withExtendedLifetime(owner) {}
    }

    @Test func `the sparsify library's names, and its TopK`() throws {
        let shape = RandomCheckpoint(crossLayer: false, skip: true, inputHook: "mlp.hook_in", threshold: nil, type: .f32)
        let (original, rewritten, owner) = try sets(shape, config: "activation: topk\nk: 5\n") { layer, set in
            let file = set.appending(path: "layer_\(layer).safetensors")
            try rename(
                file, to: file,
                [
                    "W_enc": ("encoder.weight", false), "W_dec": ("W_dec", false), "b_enc": ("encoder.bias", false),
                    "b_dec": ("b_dec", false), "W_skip": ("W_skip", false),
                ])
        }
        var random = RandomBits(seed: 4)
        let inputs = Matrix(rows: 3, columns: 16, elements: random.floats(48, scale: 2))
        for (relu, topK) in zip(original.layers, rewritten.layers) {
            #expect(topK.activation == .topK(5, .rectified) && relu.encoder.widened() == topK.encoder.widened())
            // Of what a ReLU leaves, the five largest.
            for (row, (all, few)) in try zip(relu.activeFeatures(inputs), topK.activeFeatures(inputs)).enumerated() {
                let best = all.sorted { $1.value < $0.value }.prefix(5).sorted { $0.feature < $1.feature }
                #expect(few.map(\.feature) == best.map(\.feature) && few.map(\.value) == best.map(\.value))
                for feature in 0..<topK.featureCount {
                    let alone = topK.activation(of: feature, on: inputs.row(row))
                    let found = few.first { $0.feature == feature }?.value ?? 0
                    #expect(difference([alone], [found], scale: best.map(\.value).max()) == nil)
                }
            }
        }
        withExtendedLifetime(owner) {}
    }

    @Test func `a cross-layer transcoder of Gemma Scope 2`() throws {
        let (original, rewritten, owner) = try sets(Self.crossLayer) { layer, set in
            let (encoder, decoder) = (set.appending(path: "W_enc_\(layer).safetensors"), set.appending(path: "W_dec_\(layer).safetensors"))
            let file = set.appending(path: "layer_\(layer)/params.safetensors")
            let writing = try TensorArchive(safetensors: decoder).tensor("W_dec_\(layer)")
            // Its decoders have room for the layers below, which nothing reads.
            let values = try writing.floats()
            let reach = 3 - layer
            var padded: [Float] = []
            for feature in 0..<32 {
                padded += [Float](repeating: .nan, count: layer * 16)
                padded += values[feature * reach * 16..<(feature + 1) * reach * 16]
            }
            try rename(
                encoder, to: file,
                [
                    "W_enc_\(layer)": ("w_enc", true), "b_enc_\(layer)": ("b_enc", false), "b_dec_\(layer)": ("b_dec", false),
                    "threshold_\(layer)": ("threshold", false), "W_skip_\(layer)": ("affine_skip_connection", false),
                ])
            var writer = SafetensorsWriter()
            let archive = try TensorArchive(safetensors: file)
            for name in archive.names { writer.add(name, try archive[name]!.floats(), shape: archive[name]!.shape) }
            writer.add("w_dec", padded, shape: [32, 3, 16])
            try writer.write(to: file)
            try FileManager.default.removeItem(at: decoder)
        }
        expectSame(original, rewritten)
        #expect(rewritten.kind == .crossLayer && rewritten.layers.map(\.decoders.count) == [3, 2, 1])
        withExtendedLifetime(owner) {}
    }

    @Test func `a cross-layer decoder that lacks layers`() throws {
        let owner = try TemporaryFolder()
        try Self.crossLayer.write(to: owner.url, seed: 7)
        let file = owner.url.appending(path: "set/W_dec_0.safetensors")
        var writer = SafetensorsWriter()
        writer.add("W_dec_0", [Float](repeating: 0, count: 32 * 2 * 16), shape: [32, 2, 16])
        try writer.write(to: file)
        let error = #expect(throws: TranscoderError.self) { try TranscoderSet(folder: owner.url.appending(path: "set")) }
        #expect(error == .reach(file: file, tensor: "W_dec_0", expected: 3, found: 2))
    }

    @Test func `layers of two sets`() throws {
        let (owner, other) = (try TemporaryFolder(), try TemporaryFolder())
        try Self.perLayer.write(to: owner.url, seed: 7)
        let file = owner.url.appending(path: "set/layer_1.safetensors")
        try Self.crossLayer.write(to: other.url, seed: 7)
        var writer = SafetensorsWriter()
        let archive = try TensorArchive(safetensors: file)
        for name in archive.names where name != "W_dec" { writer.add(name, try archive[name]!.floats(), shape: archive[name]!.shape) }
        writer.add("W_dec", [Float](repeating: 0, count: 32 * 3 * 16), shape: [32, 3, 16])
        try writer.write(to: file)
        let error = #expect(throws: TranscoderError.self) { try TranscoderSet(folder: owner.url.appending(path: "set")) }
        #expect(error == .unevenReach(folder: owner.url.appending(path: "set"), layer: 1, expected: 1, found: 2))
    }
}
