import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing
import Transformers

/// The configs and checkpoints of each family, in all their spellings.
@Suite struct FamilyTests {
    private let prompt = [2, 300, 301, 17, 302, 5, 303, 304, 44, 305, 306, 307]

    private func spec(_ reference: String, _ change: (inout [String: Any]) -> Void) throws -> DecoderSpec {
        try EditedModel(reference, config: change).decoder().spec
    }

    private func message(_ reference: String, _ change: (inout [String: Any]) -> Void) throws -> String {
        try message(of: EditedModel(reference, config: change))
    }

    /// The error message when the model is loaded.
    private func message(of model: EditedModel) throws -> String {
        try #require(sentence(hiding: model.url) { try model.decoder() })
    }

    // MARK: - Windows

    @Test func `the window pattern in all its spellings`() throws {
        let sliding = AttentionWindow.sliding(8)
        func windows(_ reference: String, _ change: (inout [String: Any]) -> Void) throws -> [AttentionWindow] {
            try spec(reference, change).layers.map(\.attention.window)
        }
        #expect(try windows("tiny/gemma3") { _ in } == [sliding, sliding, .full, sliding])
        #expect(
            try windows("tiny/gemma3") {
                $0["layer_types"] = nil; $0["_sliding_window_pattern"] = 2
            } == [sliding, .full, sliding, .full])
        #expect(
            try windows("tiny/gemma3") {
                $0["layer_types"] = nil; $0["_sliding_window_pattern"] = nil; $0["sliding_window_pattern"] = 3
            }
                == [sliding, sliding, .full, sliding])
        #expect(
            try windows("tiny/gemma3") {
                $0["layer_types"] = nil; $0["_sliding_window_pattern"] = nil
            }
                == [sliding, sliding, sliding, sliding])
        // Gemma 2: the first layer has a window, the second has none.
        #expect(try windows("tiny/gemma2") { $0["layer_types"] = nil } == [sliding, .full, sliding, .full])
        #expect(try windows("tiny/qwen3") { _ in } == [.full, .full, .full, .full])
        #expect(
            try windows("tiny/qwen3") { config in
                config["layer_types"] = nil
                config.merge(["use_sliding_window": true, "sliding_window": 8, "max_window_layers": 2]) { $1 }
            } == [.full, .full, sliding, sliding])
        #expect(
            try windows("tiny/gpt-oss") {
                $0["layer_types"] = nil; $0["sliding_window"] = 8
            } == [sliding, .full, sliding])
    }

    @Test func `a window pattern that does not fit`() throws {
        #expect(
            try message("tiny/gemma3") { $0["layer_types"] = ["full_attention"] }
                == "DIR/config.json: the number of layer_types (1) differs from num_hidden_layers (4).")
        #expect(
            try message("tiny/gemma2") { $0["layer_types"] = ["full_attention", "chunked_attention", "full_attention", "full_attention"] }
                == "DIR/config.json: \"layer_types\" is \"chunked_attention\" in layer 1, which changes the model's arithmetic in a way that is not implemented."
        )
    }

    // MARK: - Positions

    @Test func `there are two rope bases, and scaling applies only to full attention`() throws {
        let plain = try spec("tiny/gemma3") { _ in }
        let stretched = try spec("tiny/gemma3") { $0["rope_scaling"] = ["rope_type": "linear", "factor": 8.0] as [String: Any] }
        for (before, after) in zip(plain.layers, stretched.layers) {
            guard case .rotary(let a) = before.attention.positions, case .rotary(let b) = after.attention.positions else {
                Issue.record("no rotary positions")
                continue
            }
            #expect(a.frequencies[0] == 1 && abs(a.frequencies[1] - (before.attention.window == .full ? 0.1 : 0.215_443_47)) < 1e-6)
            let factor: Float = before.attention.window == .full ? 8 : 1
            #expect(difference(b.frequencies.map { $0 * factor }, a.frequencies) == nil)
        }
    }

    @Test func `rope_parameters in newer files`() throws {
        let gemma = try spec("tiny/gemma3") { config in
            for key in ["rope_theta", "rope_scaling", "rope_local_base_freq"] { config[key] = nil }
            config["rope_parameters"] = [
                "full_attention": ["rope_type": "linear", "rope_theta": 1_000_000.0, "factor": 8.0] as [String: Any],
                "sliding_attention": ["rope_type": "default", "rope_theta": 10_000.0] as [String: Any],
            ]
        }
        #expect(try gemma == spec("tiny/gemma3") { $0["rope_scaling"] = ["rope_type": "linear", "factor": 8.0] as [String: Any] })
        // Some published configs have the bases at the top level and none for the kinds of layers.
        let mixed = try spec("tiny/gemma3") { config in
            config["rope_local_base_freq"] = 5000.0
            config["rope_parameters"] = [
                "full_attention": ["rope_type": "linear", "factor": 8.0] as [String: Any],
                "sliding_attention": ["rope_type": "default"] as [String: Any],
            ]
        }
        #expect(
            try mixed
                == spec("tiny/gemma3") {
                    $0["rope_local_base_freq"] = 5000.0
                    $0["rope_scaling"] = ["rope_type": "linear", "factor": 8.0] as [String: Any]
                })
        let llama = try spec("tiny/llama3") { config in
            var parameters = config["rope_scaling"] as! [String: Any]
            parameters["rope_theta"] = config["rope_theta"]
            config["rope_scaling"] = nil
            config["rope_theta"] = nil
            config["rope_parameters"] = parameters
        }
        #expect(try llama == spec("tiny/llama3") { _ in })
    }

    @Test func `a rope type that is not implemented, in rope_parameters`() throws {
        let text = try message("tiny/qwen3") { $0["rope_parameters"] = ["rope_type": "longrope", "rope_theta": 1e6, "factor": 4.0] as [String: Any] }
        #expect(
            text == "DIR/config.json: \"rope_parameters.rope_type\" is \"longrope\", which changes the model's arithmetic in a way that is not implemented.")
    }

    @Test func `YaRN in rope_parameters, its defaults, and keys that only other programs read`() throws {
        let older = try spec("tiny/qwen3-yarn") { _ in }
        let newer = try spec("tiny/qwen3-yarn") { config in
            var parameters = config["rope_scaling"] as! [String: Any]
            parameters["rope_theta"] = config["rope_theta"]
            parameters["attention_factor"] = NSNull()
            config["rope_scaling"] = nil
            config["rope_theta"] = nil
            config["rope_parameters"] = parameters
        }
        #expect(newer == older)
        // Without an original context, the model's own is used, 1024.
        func scaled(_ scaling: [String: any Sendable]) throws -> DecoderSpec {
            try spec("tiny/llama3") { $0["rope_scaling"] = ["rope_type": "yarn", "factor": 4.0].merging(scaling) { $1 } }
        }
        #expect(
            try scaled([:])
                == scaled(["original_max_position_embeddings": 1024, "beta_fast": 32, "beta_slow": 1, "truncate": true]))
        #expect(try scaled([:]) != scaled(["original_max_position_embeddings": 64]))
        let text = try message("tiny/qwen3-yarn") { config in
            config["rope_scaling"] = ["type": "yarn", "factor": 4.0, "attn_factor": 0.9] as [String: Any]
        }
        #expect(text == "DIR/config.json: \"rope_scaling.attn_factor\" is 0.9, which changes the model's arithmetic in a way that is not implemented.")
        #expect(
            try message("tiny/qwen3-yarn") { $0["rope_scaling"] = ["rope_type": "yarn"] }
                == "DIR/config.json has no rope_scaling.factor.")
    }

    @Test func `GPT-OSS scales its positions unless rope_scaling is null`() throws {
        let published: [String: Any] = [
            "rope_type": "yarn", "factor": 32.0, "beta_fast": 32.0, "beta_slow": 1.0, "truncate": false,
            "original_max_position_embeddings": 4096,
        ]
        #expect(try spec("tiny/gpt-oss-mxfp4") { $0["rope_scaling"] = nil } == spec("tiny/gpt-oss-mxfp4") { $0["rope_scaling"] = published })
        let plain = try spec("tiny/gpt-oss-mxfp4") { $0["rope_scaling"] = NSNull() }
        guard case .rotary(let rotary) = plain.layers[0].attention.positions else {
            Issue.record("no rotary positions")
            return
        }
        #expect(rotary.amplitude == 1 && abs(rotary.frequencies[1] - 0.137_188_6) < 1e-6)
    }

    // MARK: - Keys that change the arithmetic

    @Test func `the config sets soft-caps, and null means none`() throws {
        let spec = try spec("tiny/gemma2") {
            $0["attn_logit_softcapping"] = NSNull(); $0["final_logit_softcapping"] = nil
        }
        #expect(spec.layers.allSatisfy { $0.attention.scoreSoftcap == nil } && spec.logitSoftcap == 30)
        #expect(try self.spec("tiny/gemma3") { $0["final_logit_softcapping"] = 25.0 }.logitSoftcap == 25)
    }

    @Test(arguments: [
        ("tiny/gemma2", "attention_bias", true as any Sendable, "true"), ("tiny/gemma3", "use_bidirectional_attention", true, "true"),
        ("tiny/gemma2", "hidden_activation", "relu6", "\"relu6\""), ("tiny/qwen3", "attention_bias", true, "true"),
        ("tiny/llama3", "quantization_config", ["bits": 4], "an object"), ("tiny/gpt2", "add_cross_attention", true, "true"),
        ("tiny/gpt2", "activation_function", "relu6", "\"relu6\""), ("tiny/gpt-oss", "attention_bias", false, "false"),
        ("tiny/gpt-oss", "hidden_act", "gelu", "\"gelu\""),
    ]) func `a value that is not implemented is named in the error`(_ reference: String, _ key: String, _ value: any Sendable, _ shown: String) throws {
        #expect(
            try message(reference) { $0[key] = value }
                == "DIR/config.json: \"\(key)\" is \(shown), which changes the model's arithmetic in a way that is not implemented.")
    }

    @Test func `a quantization other than MXFP4`() throws {
        #expect(
            try message("tiny/gpt-oss") { $0["quantization_config"] = ["quant_method": "fp8"] }
                == "DIR/config.json: \"quantization_config.quant_method\" is \"fp8\", which changes the model's arithmetic in a way that is not implemented.")
    }

    @Test func `more experts are chosen than exist`() throws {
        #expect(
            try message("tiny/gpt-oss") { $0["num_experts_per_tok"] = 6 }
                == "DIR/config.json: num_experts_per_tok (6) is greater than num_local_experts (5).")
    }

    // MARK: - Checkpoints

    @Test func `MXFP4 tensors of wrong types or sizes`() throws {
        func model(intermediate: Int = 32, _ change: @escaping (inout EditedTensor) -> Void) throws -> EditedModel {
            try EditedModel("tiny/gpt-oss-mxfp4") {
                $0["intermediate_size"] = intermediate
            } tensors: { tensor in
                var edited = try EditedTensor(tensor)
                change(&edited)
                return edited
            }
        }
        #expect(throws: Never.self) { try model { _ in }.decoder() }
        #expect(
            try message(of: model { if $0.name.hasSuffix("down_proj_scales") { $0.type = .f32 } })
                == "Tensor model.layers.0.mlp.experts.down_proj_scales in DIR/model.safetensors holds F32; expected U8.")
        // All shapes match, but the last number of a row of 33 would not be in any block.
        let ragged = try model(intermediate: 33) { tensor in
            guard tensor.name.contains("gate_up_proj") else { return }
            tensor.shape[1] = 66
            tensor.values = Array(repeating: 1, count: tensor.shape.reduce(1, *))
        }
        #expect(
            try message(of: ragged)
                == "DIR/model.safetensors: the config requires rows of 33 in the tensor model.layers.0.mlp.experts.down_proj_blocks,"
                + " but MXFP4 rows must be multiples of 32.")
    }

    @Test func `an MXFP4 tensor with NaN scales is named in the error`() throws {
        let name = "model.layers.1.mlp.experts.gate_up_proj_scales"
        let model = try EditedModel("tiny/gpt-oss-mxfp4") { _ in
        } tensors: { tensor in
            var edited = try EditedTensor(tensor)
            if edited.name == name { edited.values = edited.values.map { _ in 255 } }
            return edited
        }
        let decoder = try model.decoder()
        let error = #expect(throws: ModelError.self) { try decoder.forward([1, 2, 3]) }
        #expect(error == .notFinite(tensor: name, file: model.url.appending(path: "model.safetensors")))
    }

    @Test func `four-bit numbers count as parameters, and their scales do not`() throws {
        let weights = try Fixtures.decoder("tiny/gpt-oss-mxfp4").weights
        let archive = try TensorArchive(folder: Fixtures.snapshot("tiny/gpt-oss-mxfp4"))
        let others = archive.names.filter { archive[$0]!.elementType == .bf16 }.reduce(0) { $0 + archive[$1]!.count }
        // Two layers of four experts, hidden size 64, intermediate size 32.
        #expect(weights.parameterCount == others + 2 * 4 * (64 * 64 + 64 * 32))
        #expect(weights.byteCount == 2 * others + 2 * 4 * (64 * 64 + 64 * 32) * 17 / 32)
    }

    @Test(arguments: ["language_model.model.", "model.language_model."])
    func `the language model of a multimodal checkpoint`(_ prefix: String) throws {
        let model = try EditedModel("tiny/gemma3") { config in
            let text = config
            config = ["model_type": "gemma3", "architectures": ["Gemma3ForConditionalGeneration"], "text_config": text]
        } tensors: { tensor in
            var edited = try EditedTensor(tensor)
            edited.name = prefix + edited.name.dropFirst("model.".count)
            edited.shard = "model-0000\(edited.name.hasSuffix("layers.3.mlp.up_proj.weight") ? 2 : 1)-of-00002.safetensors"
            return edited
        }
        // The checkpoint also contains vision tensors.
        let shard = model.url.appending(path: "model-00002-of-00002.safetensors")
        let archive = try TensorArchive(safetensors: shard)
        var writer = SafetensorsWriter()
        for name in archive.names { writer.add(name, try archive[name]!.floats(), shape: archive[name]!.shape) }
        writer.add("vision_tower.patch_embedding.weight", [1, 2])
        writer.add("multi_modal_projector.mm_soft_emb_norm.weight", [1, 2])
        try writer.write(to: shard)

        let decoder = try model.decoder()
        #expect(decoder.spec.architecture == "Gemma3ForConditionalGeneration")
        let plain = try Fixtures.decoder("tiny/gemma3")
        #expect(try decoder.nextTokenLogits(decoder.forward(prompt)) == plain.nextTokenLogits(plain.forward(prompt)))
    }

    @Test func `one checkpoint of several shards and types`() throws {
        // Only the upper bits of each value are kept, so that every type can represent it.
        func model(_ mixes: Bool) throws -> TransformerDecoder {
            let edited = try EditedModel("tiny/qwen3") { _ in
            } tensors: { tensor in
                var edited = try EditedTensor(tensor)
                edited.values = edited.values.map { abs($0) < 0x1p-14 ? 0 : Float(bitPattern: $0.bitPattern & 0xFFFF_0000) }
                if mixes {
                    let layer = edited.name.split(separator: ".").compactMap { Int($0) }.first
                    edited.type = [.f16, .bf16, .f32][(layer ?? 1) % 3]
                    edited.shard = "model-0000\((layer ?? 0) / 2 + 1)-of-00002.safetensors"
                }
                return edited
            }
            return try edited.decoder()
        }
        let (mixed, plain) = (try model(true), try model(false))
        #expect(mixed.weights.byteCount < plain.weights.byteCount * 3 / 4)
        let (found, expected) = (try mixed.forward(prompt), try plain.forward(prompt))
        #expect(difference(mixed.nextTokenLogits(found), plain.nextTokenLogits(expected)) == nil)
    }

    @Test func `an untied unembedding is used`() throws {
        let model = try EditedModel("tiny/llama3") {
            $0["tie_word_embeddings"] = false
        } tensors: {
            try EditedTensor($0)
        }
        let archive = try TensorArchive(folder: model.url)
        var writer = SafetensorsWriter()
        for name in archive.names { writer.add(name, try archive[name]!.floats(), shape: archive[name]!.shape) }
        let embedding = try #require(archive["model.embed_tokens.weight"])
        writer.add("lm_head.weight", try embedding.floats().map { 2 * $0 }, shape: embedding.shape)
        try writer.write(to: model.url.appending(path: "model.safetensors"))
        let (untied, tied) = (try model.decoder(), try Fixtures.decoder("tiny/llama3"))
        let expected = try tied.nextTokenLogits(tied.forward(prompt)).elements.map { 2 * $0 }
        #expect(try difference(untied.nextTokenLogits(untied.forward(prompt)).elements, expected) == nil)
    }
}
