import Checkpoints
import Foundation
import TestSupport
import Testing
import Transformers

/// What is wrong with a model folder is said in a sentence that names it.
@Suite struct ModelLoadingTests {
    /// Of a copy of the small Llama with its config changed.
    private func message(_ change: (inout [String: Any]) -> Void) -> String {
        do {
            _ = try EditedModel("tiny/llama3", config: change).decoder()
            return "no error"
        } catch { return "\(error)" }
    }

    @Test func `an architecture that is not known`() {
        let message = message { $0["model_type"] = "mamba" }
        #expect(message.contains("the architecture \"mamba\" is not known") && message.contains("llama"))
    }

    @Test func `a class name that is not the family's`() {
        let message = message { $0["architectures"] = ["FooForCausalLM"] }
        #expect(message.contains("the architecture \"FooForCausalLM\" is not known") && message.contains("LlamaForCausalLM"))
    }

    @Test func `numbers that must be positive`() {
        #expect(message { $0["rms_norm_eps"] = -1 }.contains("\"rms_norm_eps\" is -1.0 and should be a positive number"))
        #expect(message { $0["rope_theta"] = 0 }.contains("\"rope_theta\" is 0.0"))
    }

    @Test func `a rope type that is not implemented`() {
        let message = message { $0["rope_scaling"] = ["rope_type": "longrope", "factor": 2] as [String: Any] }
        #expect(message.contains("\"rope_scaling.rope_type\" is \"longrope\"") && message.contains("not implemented"))
    }

    @Test func `a key that would change the arithmetic`() {
        #expect(message { $0["attention_bias"] = true }.contains("\"attention_bias\" is true"))
        #expect(message { $0["hidden_act"] = "relu2" }.contains("\"hidden_act\" is \"relu2\""))
    }

    @Test func `a key that is missing or of another type`() {
        #expect(message { $0["hidden_size"] = nil }.contains("hidden_size"))
        #expect(message { $0["num_hidden_layers"] = "four" }.contains("num_hidden_layers"))
        #expect(message { $0["num_hidden_layers"] = -1 }.contains("num_hidden_layers"))
        #expect(message { $0["num_key_value_heads"] = 3 }.contains("not a multiple"))
    }

    @Test func `sizes that no model has ask for no memory`() {
        for (key, value) in [("num_hidden_layers", 2_000_000_000), ("head_dim", 100_000_000), ("hidden_size", 1_000_000_000_000)] {
            #expect(message { $0[key] = value }.contains("\"\(key)\" is \(value), far more than any model has"))
        }
    }

    @Test func `a multimodal config without its text part`() {
        let text = message { $0 = ["model_type": "gemma3", "architectures": ["Gemma3ForConditionalGeneration"]] }
        #expect(text.contains("there is no text_config"))
    }

    @Test func `a config of gigabytes is not read`() throws {
        let model = try EditedModel("tiny/llama3")
        let handle = try FileHandle(forWritingTo: model.url.appending(path: "config.json"))
        try handle.truncate(atOffset: 3 << 30)
        let error = #expect(throws: CheckpointError.self) { try model.decoder() }
        #expect(error?.description.contains("it has 3221225472 bytes, and at most 100000000 are read") == true)
    }

    @Test func `a folder without a config, and no folder`() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: CheckpointError.self) { try Decoder(folder: folder.url) }
        #expect(
            error?.description.replacingOccurrences(of: folder.url.path, with: "DIR")
                == "DIR is a folder without config.json. Name the folder that has it, or add the file.")
        let other = #expect(throws: CheckpointError.self) { try Decoder(folder: folder.url.appending(path: "no")) }
        #expect(other?.description.hasSuffix("no/config.json: No such file or directory. Check the path.") == true)
    }

    @Test func `tensors missing and left over are reported together`() {
        let message = message { $0["num_hidden_layers"] = 5 }
        #expect(message.contains("9 missing") && message.contains("model.layers.4."))
        #expect(self.message { $0["num_hidden_layers"] = 3 }.contains("9 not used"))
    }

    @Test func `a shape other than the config says`() {
        let message = message { $0["intermediate_size"] = 97 }
        #expect(message.contains("[97, 48]") && message.contains("[96, 48]"))
    }

    @Test func `weights that are not numbers are named`() throws {
        let model = try EditedModel("tiny/llama3", tensors: { tensor in
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
