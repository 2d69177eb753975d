import Checkpoints
import Foundation
import TestSupport
import Testing
import Transformers

/// The error messages for model folders that cannot be loaded.
@Suite struct ModelLoadingTests {
    /// The error message for a copy of the small Llama with a changed config.
    private func message(_ change: (inout [String: Any]) -> Void) throws -> String {
        let model = try EditedModel("tiny/llama3", config: change)
        return try #require(sentence(hiding: model.url) { try model.decoder() })
    }

    @Test func `an architecture that is not supported`() throws {
        #expect(
            try message { $0["model_type"] = "mamba" }
                == "DIR/config.json: the architecture \"mamba\" is not supported. Supported architectures: llama, qwen3, gemma2, gemma3_text, gemma3, gpt2, gpt_oss."
        )
    }

    @Test func `a class name that is not the family's`() throws {
        #expect(
            try message { $0["architectures"] = ["FooForCausalLM"] }
                == "DIR/config.json: the architecture \"FooForCausalLM\" is not supported. Supported architectures: LlamaForCausalLM, LlamaModel,"
                + " Qwen3ForCausalLM, Qwen3Model, Gemma2ForCausalLM, Gemma2Model, Gemma3ForCausalLM, Gemma3ForConditionalGeneration,"
                + " Gemma3TextModel, GPT2LMHeadModel, GPT2Model, GptOssForCausalLM, GptOssModel.")
    }

    @Test func `numbers that must be positive`() throws {
        #expect(try message { $0["rms_norm_eps"] = -1 } == "DIR/config.json: \"rms_norm_eps\" is -1.0; it must be a positive number.")
        #expect(try message { $0["rope_theta"] = 0 } == "DIR/config.json: \"rope_theta\" is 0.0; it must be a positive number.")
    }

    @Test func `a rope type that is not implemented`() throws {
        #expect(
            try message { $0["rope_scaling"] = ["rope_type": "longrope", "factor": 2] as [String: Any] }
                == "DIR/config.json: \"rope_scaling.rope_type\" is \"longrope\", which changes the model's arithmetic in a way that is not implemented.")
    }

    @Test func `a key that would change the arithmetic`() throws {
        #expect(
            try message { $0["attention_bias"] = true }
                == "DIR/config.json: \"attention_bias\" is true, which changes the model's arithmetic in a way that is not implemented.")
        #expect(
            try message { $0["hidden_act"] = "relu2" }
                == "DIR/config.json: \"hidden_act\" is \"relu2\", which changes the model's arithmetic in a way that is not implemented.")
    }

    @Test func `a key that is missing or of another type`() throws {
        #expect(try message { $0["hidden_size"] = nil } == "DIR/config.json has no hidden_size.")
        #expect(try message { $0["num_hidden_layers"] = "four" } == "num_hidden_layers in DIR/config.json is a string; expected an integer.")
        #expect(try message { $0["num_hidden_layers"] = -1 } == "DIR/config.json: \"num_hidden_layers\" is -1; it must be a positive whole number.")
        #expect(try message { $0["num_key_value_heads"] = 3 } == "DIR/config.json: num_attention_heads (4) is not a multiple of num_key_value_heads (3).")
    }

    @Test(arguments: [("num_hidden_layers", 2_000_000_000, 4096), ("head_dim", 100_000_000, 16_384), ("hidden_size", 1_000_000_000_000, 1_048_576)])
    func `sizes that no model has are refused before memory is allocated`(_ key: String, _ value: Int, _ most: Int) throws {
        #expect(try message { $0[key] = value } == "DIR/config.json: \"\(key)\" is \(value), more than any model has; the maximum is \(most).")
    }

    @Test func `a multimodal config without its text part`() throws {
        #expect(
            try message { $0 = ["model_type": "gemma3", "architectures": ["Gemma3ForConditionalGeneration"]] }
                == "DIR/config.json: text_config is missing; it must describe the language model.")
    }

    @Test func `a config of gigabytes is not read`() throws {
        let model = try EditedModel("tiny/llama3")
        let handle = try FileHandle(forWritingTo: model.url.appending(path: "config.json"))
        try handle.truncate(atOffset: 3 << 30)
        let error = #expect(throws: CheckpointError.self) { try model.decoder() }
        #expect(
            error?.description.replacingOccurrences(of: model.url.path, with: "DIR")
                == "DIR/config.json is not JSON: it has 3221225472 bytes; at most 100000000 are allowed.")
    }

    @Test func `a folder without a config, and a missing folder`() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: CheckpointError.self) { try TransformerDecoder(folder: folder.url) }
        #expect(
            error?.description.replacingOccurrences(of: folder.url.path, with: "DIR")
                == "DIR has no config.json. Name the folder that has it, or add the file.")
        let other = #expect(throws: CheckpointError.self) { try TransformerDecoder(folder: folder.url.appending(path: "no")) }
        #expect(
            other?.description.replacingOccurrences(of: folder.url.path, with: "DIR")
                == "Cannot read DIR/no/config.json: No such file or directory. Check the path.")
    }

    @Test func `missing tensors and tensors left over are reported`() throws {
        let missing = try message { $0["num_hidden_layers"] = 5 }
        #expect(
            missing == "The checkpoint in DIR does not match its config.json: 9 missing (model.layers.4.input_layernorm.weight,"
                + " model.layers.4.post_attention_layernorm.weight, model.layers.4.self_attn.q_proj.weight,"
                + " model.layers.4.self_attn.k_proj.weight, model.layers.4.self_attn.v_proj.weight and 4 more).")
        let unused = try message { $0["num_hidden_layers"] = 3 }
        #expect(
            unused == "The checkpoint in DIR does not match its config.json: 9 not used (model.layers.3.input_layernorm.weight,"
                + " model.layers.3.mlp.down_proj.weight, model.layers.3.mlp.gate_proj.weight, model.layers.3.mlp.up_proj.weight,"
                + " model.layers.3.post_attention_layernorm.weight and 4 more).")
    }

    @Test func `a shape that differs from the config`() throws {
        #expect(
            try message { $0["intermediate_size"] = 97 }
                == "Tensor model.layers.0.mlp.gate_proj.weight in DIR/model.safetensors has shape [96, 48]; expected [97, 48].")
    }

    @Test func `a tensor with NaN values is named in the error`() throws {
        let model = try EditedModel(
            "tiny/llama3",
            tensors: { tensor in
                var edited = try EditedTensor(tensor)
                if edited.name == "model.layers.2.mlp.up_proj.weight" { edited.values[17] = .nan }
                return edited
            })
        let file = model.url.appending(path: "model.safetensors")
        let decoder = try model.decoder()
        let error = #expect(throws: ModelError.self) { try decoder.forward([1, 2, 3]) }
        #expect(error == .notFinite(tensor: "model.layers.2.mlp.up_proj.weight", file: file))
    }

    @Test func `prompts that do not fit`() throws {
        let decoder = try Fixtures.decoder("tiny/llama3")
        #expect(throws: ModelError.emptyPrompt) { try decoder.forward([]) }
        #expect(throws: ModelError.promptTooLong(tokens: 1025, context: 1024)) { try decoder.forward(Array(repeating: 1, count: 1025)) }
        #expect(throws: ModelError.tokenOutOfRange(id: 600, vocabulary: 600)) { try decoder.forward([600]) }
    }
}
