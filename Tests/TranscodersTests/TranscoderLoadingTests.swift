import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing
import Transcoders

/// What a set is, and what is wrong with one, is told from its files.
@Suite struct TranscoderLoadingTests {
    private static let perLayer = RandomCheckpoint(crossLayer: false, skip: true, inputHook: "mlp.hook_in", threshold: nil, type: .f32)
    private static let crossLayer = RandomCheckpoint(crossLayer: true, skip: false, inputHook: "hook_resid_mid", threshold: 0.5, type: .bf16)

    private func folder(_ shape: RandomCheckpoint) throws -> (set: URL, owner: TemporaryFolder) {
        let owner = try TemporaryFolder()
        try shape.write(to: owner.url, seed: 1)
        return (owner.url.appending(path: "set"), owner)
    }

    private func message(_ shape: RandomCheckpoint, _ damage: (URL) throws -> Void) throws -> String {
        let (set, owner) = try folder(shape)
        try damage(set)
        return withExtendedLifetime(owner) { sentence(hiding: set, as: "SET") { try TranscoderSet(folder: set) } ?? "no error" }
    }

    @Test func `a per-layer set with a skip`() throws {
        let (url, owner) = try folder(Self.perLayer)
        let set = try TranscoderSet(folder: url)
        #expect(set.kind == .perLayer && set.layers.count == 3 && set.hasSkip)
        #expect(set.layers.allSatisfy { $0.decoders.count == 1 && $0.activation == .relu && $0.skip != nil })
        #expect(set.writesTo(1, from: 1) && !set.writesTo(2, from: 1) && !set.writesTo(0, from: 1))
        withExtendedLifetime(owner) {}
    }

    @Test func `a cross-layer set writes to all layers above`() throws {
        let (url, owner) = try folder(Self.crossLayer)
        let set = try TranscoderSet(folder: url)
        #expect(set.kind == .crossLayer && set.layers.map(\.decoders.count) == [3, 2, 1])
        #expect(set.writesTo(2, from: 0) && !set.writesTo(0, from: 1))
        // Slice m of W_dec_0 [F, L, d], without a copy.
        let whole = try #require(TensorArchive(safetensors: url.appending(path: "W_dec_0.safetensors"))["W_dec_0"]).floats()
        #expect(set.layers[0].decoders[2].row(5) == Array(whole[(5 * 3 + 2) * 16..<(5 * 3 + 3) * 16]))
        withExtendedLifetime(owner) {}
    }

    @Test func `JumpReLU is strict`() {
        let activation = ActivationFunction.jumpReLU(thresholds: [0.5, 0])
        #expect(activation(0.5, feature: 0) == 0)
        #expect(activation(Float(0.5).nextUp, feature: 0) == Float(0.5).nextUp)
        #expect(activation(-1, feature: 1) == 0)
        #expect(ActivationFunction.relu(-1, feature: 0) == 0)
    }

    @Test func `active features are found by the plain sums`() throws {
        let (url, owner) = try folder(Self.crossLayer)
        let layer = try TranscoderSet(folder: url).layers[1]
        var random = RandomBits(seed: 3)
        let inputs = Matrix(rows: 4, columns: 16, elements: random.floats(64, scale: 2))
        let active = try layer.activeFeatures(inputs)
        let scale = try #require(active.joined().map(\.value).max())
        for row in 0..<4 {
            for feature in 0..<layer.featureCount {
                let plain = zip(layer.encoder.row(feature), inputs.row(row)).reduce(layer.encoderBias[feature]) { $0 + $1.0 * $1.1 }
                let found = active[row].first { $0.feature == feature }?.value
                if difference([plain], [0.5], scale: scale) != nil { #expect((found != nil) == (plain > 0.5)) }
                if let found { #expect(difference([found], [plain], scale: scale) == nil) }
                #expect(difference([layer.activation(of: feature, on: inputs.row(row))], [found ?? 0], scale: scale) == nil)
            }
        }
        withExtendedLifetime(owner) {}
    }

    @Test func `layers that are missing`() throws {
        #expect(
            try message(Self.perLayer) { try FileManager.default.removeItem(at: $0.appending(path: "layer_1.safetensors")) }
                == "SET has files for 2 layers, but none for layer 1. Download the set again.")
        #expect(
            try message(Self.crossLayer) { try FileManager.default.removeItem(at: $0.appending(path: "W_dec_2.safetensors")) }
                == "SET has files for 2 layers, but none for layer 2. Download the set again.")
        #expect(
            try message(Self.perLayer) { set in
                for layer in 0..<3 { try FileManager.default.removeItem(at: set.appending(path: "layer_\(layer).safetensors")) }
            }
                == "SET has no transcoder files (layer_N.safetensors or .npz, layer_N/params.safetensors or .npz, layers.N.mlp/sae.safetensors,"
                + " or W_enc_N.safetensors with W_dec_N.safetensors).")
    }

    @Test func `files that the config names lie beside it`() throws {
        let list = "transcoders: [layer_0.safetensors, layer_1.safetensors, layer_2.safetensors]\n"
        func add(_ set: URL, _ list: String) throws {
            let config = set.appending(path: "config.yaml")
            try Data((String(contentsOf: config, encoding: .utf8) + list).utf8).write(to: config)
        }
        #expect(try message(Self.perLayer) { try add($0, list) } == "no error")
        #expect(
            try message(Self.perLayer) { try add($0, list.replacingOccurrences(of: "layer_1", with: "layer_7")) }
                == "SET/config.yaml names layer_7.safetensors for layer 1, but its folder has no such file. Download the set again, or correct the name.")
    }

    @Test(arguments: ["2000000000", "99999999999999999999", "5000000", "01"])
    func `a number that no layer has`(_ number: String) throws {
        let text = try message(Self.perLayer) { set in
            try FileManager.default.copyItem(
                at: set.appending(path: "layer_1.safetensors"), to: set.appending(path: "layer_\(number).safetensors"))
        }
        #expect(text == "SET/layer_\(number).safetensors is not numbered like a layer's file (0, 1, 2, ...). Remove or rename it.")
    }

    @Test func `a config that contradicts the tensors`() throws {
        func config(_ change: (inout String) -> Void) throws -> String {
            try message(Self.perLayer) { set in
                let config = set.appending(path: "config.yaml")
                var text = try String(contentsOf: config, encoding: .utf8)
                change(&text)
                try Data(text.utf8).write(to: config)
            }
        }
        #expect(
            try config { $0.replace("transcoder_set", with: "cross_layer_transcoder") }
                == "SET/config.yaml says that model_kind is cross_layer_transcoder, but the tensors are those of per-layer transcoders. Correct model_kind, or download the set again."
        )
        #expect(
            try config { $0 += "activation: jumprelu\n" }
                == "SET/layer_0.safetensors has no thresholds, but the set's config.yaml says that its activation is JumpReLU. Correct the one that is wrong.")
        #expect(
            try config { $0 += "activation: topk\nk: 33\n" }
                == "SET/layer_0.safetensors has 32 features, but the set's config.yaml asks for the 33 largest of them.")
    }

    @Test func `tensors that no reader knows`() throws {
        let text = try message(Self.perLayer) { set in
            var writer = SafetensorsWriter()
            let archive = try TensorArchive(safetensors: set.appending(path: "layer_0.safetensors"))
            for name in archive.names { writer.add(name, try archive[name]!.floats(), shape: archive[name]!.shape) }
            writer.add("W_gate", [1, 2, 3])
            try writer.write(to: set.appending(path: "layer_0.safetensors"))
        }
        #expect(text == "SET/layer_0.safetensors holds tensors that no known transcoder has: W_gate.")
    }

    @Test func `a bias that is not a number`() throws {
        let text = try message(Self.perLayer) { set in
            var writer = SafetensorsWriter()
            let archive = try TensorArchive(safetensors: set.appending(path: "layer_2.safetensors"))
            for name in archive.names {
                var values = try archive[name]!.floats()
                if name == "b_enc" { values[3] = .infinity }
                writer.add(name, values, shape: archive[name]!.shape)
            }
            try writer.write(to: set.appending(path: "layer_2.safetensors"))
        }
        #expect(text == "SET/layer_2.safetensors: the tensor b_enc holds NaN or infinite values. The file is damaged; download it again.")
    }

    @Test func `thresholds in some layers only`() throws {
        let shape = RandomCheckpoint(crossLayer: false, skip: false, inputHook: "mlp.hook_in", threshold: 0.5, type: .f32)
        let text = try message(shape) { set in
            var writer = SafetensorsWriter()
            let archive = try TensorArchive(safetensors: set.appending(path: "layer_1.safetensors"))
            for name in archive.names where !name.contains("threshold") {
                writer.add(name, try archive[name]!.floats(), shape: archive[name]!.shape)
            }
            try writer.write(to: set.appending(path: "layer_1.safetensors"))
        }
        #expect(text == "SET: layer 1 is ReLU, but layer 0 is JumpReLU. One of their files lacks its tensor of thresholds; download the set again.")
    }

    @Test func `an encoder that is transposed`() throws {
        let text = try message(Self.perLayer) { set in
            var writer = SafetensorsWriter()
            let archive = try TensorArchive(safetensors: set.appending(path: "layer_0.safetensors"))
            for name in archive.names {
                let shape = archive[name]!.shape
                writer.add(name, try archive[name]!.floats(), shape: name == "W_enc" ? shape.reversed() : shape)
            }
            try writer.write(to: set.appending(path: "layer_0.safetensors"))
        }
        #expect(text == "Tensor W_enc in SET/layer_0.safetensors has shape [16, 32]; expected [32, 16].")
    }

    @Test func `a hook that is not known`() throws {
        let text = try message(Self.perLayer) { set in
            let config = "model_name: m\nfeature_input_hook: ln1.hook_normalized\nfeature_output_hook: hook_mlp_out\n"
            try Data(config.utf8).write(to: set.appending(path: "config.yaml"))
        }
        #expect(
            text
                == "SET/config.yaml: feature_input_hook is \"ln1.hook_normalized\", which is not a known hook. Known hooks: hook_resid_mid, ln2.hook_normalized, mlp.hook_in."
        )
    }
}
