import Checkpoints
import Foundation
import TestSupport
import Testing
import Transcoders

/// Sets in the sparsify library's layout: `layers.N.mlp/sae.safetensors` with a `cfg.json` beside each.
@Suite struct SparsifyTests {
    private let owner: TemporaryFolder

    init() throws { owner = try TemporaryFolder() }

    /// Three layers of 32 features, with these `cfg.json` and lines for config.yaml.
    private func set(_ configs: [String?], yaml lines: String = "", isListed: Bool = true, skip: Bool = true) throws -> TranscoderSet {
        let shape = RandomCheckpoint(crossLayer: false, skip: true, inputHook: "mlp.hook_in", threshold: nil, type: .f32)
        try shape.write(to: owner.url, seed: 7)
        let folder = owner.url.appending(path: "set")
        var list = "transcoders:\n"
        for layer in 0..<3 {
            let source = folder.appending(path: "layer_\(layer).safetensors")
            let archive = try TensorArchive(safetensors: source)
            var writer = SafetensorsWriter()
            for (name, theirs) in [("W_enc", "encoder.weight"), ("b_enc", "encoder.bias"), ("W_dec", "W_dec"), ("b_dec", "b_dec"), ("W_skip", "W_skip")]
            where skip || name != "W_skip" {
                writer.add(theirs, try archive.tensor(name).floats(), shape: archive[name]!.shape)
            }
            let place = folder.appending(path: "layers.\(layer).mlp")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            try writer.write(to: place.appending(path: "sae.safetensors"))
            if let text = configs[layer % configs.count] { try Data(text.utf8).write(to: place.appending(path: "cfg.json")) }
            try FileManager.default.removeItem(at: source)
            list += "  - layers.\(layer).mlp/sae.safetensors\n"
        }
        let config = folder.appending(path: "config.yaml")
        try Data((String(contentsOf: config, encoding: .utf8) + (isListed ? list : "") + lines).utf8).write(to: config)
        return try TranscoderSet(folder: folder)
    }

    private func message(_ config: String, yaml lines: String = "", skip: Bool = true) -> String {
        sentence(hiding: owner.url) { try set([config], yaml: lines, skip: skip) } ?? "no error"
    }

    /// As sparsify writes it.
    private static let usual = """
        {"activation": "topk", "expansion_factor": 8, "normalize_decoder": true, "num_latents": 32, "k": 5, "multi_topk": false,
         "skip_connection": true, "transcode": true, "signed": false, "d_in": 16}
        """

    /// What sparsify leaves out by default and these tensors have.
    private static let required = #""transcode": true, "skip_connection": true"#
    private static let fitting = required + #", "num_latents": 32"#

    @Test(arguments: ["", "activation: topk\nk: 5\n", "activation: topk\n"], [true, false])
    func `the layers' own config is used`(_ lines: String, _ isListed: Bool) throws {
        let set = try set([Self.usual], yaml: lines, isListed: isListed)
        #expect(set.layers.allSatisfy { $0.activation == .topK(5, .rectified) } && set.notices == [])
        #expect(set.activationName == "TopK, k = 5, ReLU first (as in sparsify)")
        #expect(set.settings.map(\.lastPathComponent) == ["config.yaml", "cfg.json", "cfg.json", "cfg.json"])
    }

    @Test(arguments: [
        (#""k": 7, "num_latents": 32"#, 7), (#""num_latents": 32"#, 32), ("\r\n\"k\": 7, \"expansion_factor\": 2\r\n", 7),
        (#""k": 3, "activation": null, "expansion_factor": 2, "num_latents": 0, "d_in": 16"#, 3),
    ]) func `what the config leaves out is as sparsify has it`(_ lines: String, _ k: Int) throws {
        let config = "\u{FEFF}{\(lines), \(Self.required)}\r\n"
        #expect(try set([config]).layers.allSatisfy { $0.activation == .topK(k, .rectified) })
    }

    @Test func `layers may differ in k`() throws {
        let set = try set(["{\"k\": 4, \(Self.fitting)}", "{\"k\": 6, \(Self.fitting)}"])
        #expect(set.layers.map(\.activation) == [.topK(4, .rectified), .topK(6, .rectified), .topK(4, .rectified)])
        #expect(set.activationName == "TopK, k = 4, ReLU first (as in sparsify); TopK, k = 6, ReLU first (as in sparsify)")
    }

    @Test func `without a config it is ReLU unless config.yaml says more, and that is said`() throws {
        let set = try set([nil])
        let file = owner.url.appending(path: "set/layers.0.mlp/sae.safetensors")
        #expect(set.layers.allSatisfy { $0.activation == .relu } && set.notices.count == 1)
        #expect(
            set.notices.first?.description.replacingOccurrences(of: file.path, with: "FILE")
                == "FILE is in sparsify's layout but has no cfg.json, which would give k; ReLU is used."
                + " To make it TopK, set `activation: topk` and `k:` in config.yaml.")
        let declared = try self.set([nil], yaml: "activation: topk\nk: 5\n")
        #expect(declared.layers.allSatisfy { $0.activation == .topK(5, .rectified) } && declared.notices == [])
    }

    @Test(arguments: [
        (#"{"activation": "groupmax", "k": 4}"#, "", "activation in DIR/set/layers.0.mlp/cfg.json is \"groupmax\"; expected topk."),
        (
            #"{"signed": true}"#, "",
            "signed in DIR/set/layers.0.mlp/cfg.json changes what the transcoders compute, and is not supported. Use a set without it."
        ),
        (
            #"{"transcode": false}"#, "",
            "DIR/set/layers.0.mlp/cfg.json: transcode is false, but only transcoders are supported, not autoencoders. Use a set of transcoders."
        ),
        (
            #"{"k": 8}"#, "",
            "DIR/set/layers.0.mlp/cfg.json: transcode is false by default, but only transcoders are supported, not autoencoders. Use a set of transcoders."
        ),
        (
            "{\"k\": 33, \(fitting)}", "",
            "DIR/set/layers.0.mlp/sae.safetensors has 32 features, but DIR/set/layers.0.mlp/cfg.json asks for the 33 largest of them."
        ),
        (#"{"transcode": true, "k": 0}"#, "", "k in DIR/set/layers.0.mlp/cfg.json is \"0\"; expected 1 or more."),
        (#"{"transcode": true, "k": "8"}"#, "", "k in DIR/set/layers.0.mlp/cfg.json is a string; expected an integer."),
        ("[]", "", "the document in DIR/set/layers.0.mlp/cfg.json is a list; expected an object."),
        (
            "{\"k\": 8, \(fitting)}", "activation: topk\nk: 9\n",
            "DIR/set/layers.0.mlp/cfg.json says TopK with k = 8, but the set's config.yaml says TopK with k = 9. Correct config.yaml, or remove the activation from it."
        ),
        (
            "{\"k\": 8, \(fitting)}", "activation: relu\n",
            "DIR/set/layers.0.mlp/cfg.json says TopK with k = 8, but the set's config.yaml says ReLU. Correct config.yaml, or remove the activation from it."
        ),
    ]) func `what is not computed is refused`(_ config: String, _ yaml: String, _ sentence: String) {
        #expect(message(config, yaml: yaml) == sentence)
    }

    /// As sparsify 1.3.3 refuses to load them.
    @Test(arguments: [
        (#""skip_connection": false, "num_latents": 32"#, "skip_connection is false", "has a tensor W_skip"),
        (#""num_latents": 32"#, "skip_connection is false by default", "has a tensor W_skip"),
        (#""skip_connection": true, "num_latents": 32, "d_in": 12"#, "d_in is 12", "has a tensor b_dec of shape [16]"),
        (#""skip_connection": true, "num_latents": 64"#, "num_latents is 64", "has a tensor encoder.bias of shape [32]"),
        (
            #""skip_connection": true, "num_latents": 0, "expansion_factor": 4"#, "expansion_factor is 4",
            "has a tensor encoder.bias of shape [32] and a b_dec of shape [16]"
        ),
        (
            #""skip_connection": true"#, "expansion_factor is 32 by default",
            "has a tensor encoder.bias of shape [32] and a b_dec of shape [16]"
        ),
    ]) func `a config that contradicts its tensors is refused`(_ lines: String, _ stated: String, _ fact: String) {
        let place = "DIR/set/layers.0.mlp"
        #expect(
            message("{\"k\": 8, \"transcode\": true, \(lines)}")
                == "\(place)/cfg.json: \(stated), but \(place)/sae.safetensors \(fact). Correct the config, or download the layer again.")
    }

    @Test(arguments: [#", "skip_connection": true"#, ""]) func `a layer without a skip connection`(_ line: String) {
        let place = "DIR/set/layers.0.mlp"
        let expected =
            "\(place)/cfg.json: skip_connection is true, but \(place)/sae.safetensors has no tensor W_skip. Correct the config, or download the layer again."
        #expect(message(#"{"k": 8, "transcode": true, "num_latents": 32\#(line)}"#, skip: false) == (line.isEmpty ? "no error" : expected))
    }
}
