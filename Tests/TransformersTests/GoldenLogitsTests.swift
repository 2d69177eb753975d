import Checkpoints
import Tensors
import TestSupport
import Testing
import Transformers

/// Passes that transformers computed, for models that the reference does not support.
@Suite(.everyKernelSet) struct GoldenLogitsTests {
    @Test(arguments: GoldenCase.gpt2) func `every layer of GPT-2`(_ golden: GoldenCase) throws {
        let tensors = try golden.tensors()
        let decoder = try Fixtures.decoder("tiny/gpt2")
        let record = try decoder.forward(golden.runFacts().inputTokens)
        #expect(try difference(stacked(record.layers.map(\.residualMid)), stacked(tensors.tensor("resid_mid"))) == nil)
        #expect(try difference(stacked(record.layers.map(\.mlpOutput)), stacked(tensors.tensor("mlp_out"))) == nil)
    }

    @Test(arguments: [
        ("activation_function=gelu", "activation_function", "gelu" as any Sendable),
        ("scale_attn_by_inverse_layer_idx=true", "scale_attn_by_inverse_layer_idx", true),
        ("scale_attn_weights=false", "scale_attn_weights", false),
    ]) func `GPT-2 with one key changed`(_ name: String, _ key: String, _ value: any Sendable) throws {
        let golden = GoldenCase.gpt2[0]
        let model = try EditedModel("tiny/gpt2") { $0[key] = value }
        try expectLogits(model.decoder(), golden, name + ".logits")
    }

    @Test func `GPT-2 with the tensor names of the hub`() throws {
        let model = try EditedModel("tiny/gpt2") { _ in
        } tensors: { tensor in
            var edited = try EditedTensor(tensor)
            edited.name = String(edited.name.dropFirst("transformer.".count))
            return edited
        }
        try expectLogits(model.decoder(), GoldenCase.gpt2[0], "logits")
    }

    @Test func `a sparse multimodal config, with scaled positions and without`() throws {
        try expectLogits(Fixtures.decoder("tiny/gemma3-multimodal"), .multimodal, "logits")
        let plain = try EditedModel("tiny/gemma3-multimodal") { config in
            var text = config["text_config"] as! [String: Any]
            text["rope_scaling"] = nil
            config["text_config"] = text
        }
        try expectLogits(plain.decoder(), .multimodal, "rope_scaling=null.logits")
    }

    @Test func `experts in MXFP4, and the limit that a config sets`() throws {
        try expectLogits(Fixtures.decoder("tiny/gpt-oss-mxfp4"), .mxfp4, "logits")
        try expectLogits(EditedModel("tiny/gpt-oss-mxfp4") { $0["swiglu_limit"] = 2.0 }.decoder(), .mxfp4, "swiglu_limit=2.logits")
    }

    @Test(
        arguments: [
            [:], ["attention_factor": 0.8], ["truncate": false], ["beta_fast": 32.0], ["mscale": 0.7, "mscale_all_dim": 1.3],
        ] as [[String: any Sendable]]) func `rotary positions with YaRN`(_ keys: [String: any Sendable]) throws
    {
        let model = try EditedModel("tiny/qwen3-yarn") { config in
            config["rope_scaling"] = (config["rope_scaling"] as! [String: Any]).merging(keys) { $1 }
        }
        try expectLogits(model.decoder(), .yarn, (keys.keys.min().map { "\($0)." } ?? "") + "logits")
    }

    private func stacked(_ layers: [Matrix]) -> Matrix {
        Matrix(
            rows: layers.map(\.rows).reduce(0, +), columns: layers[0].columns, elements: layers.flatMap(\.elements))
    }

    /// `[layers, positions, width]` as one matrix whose rows are positions.
    private func stacked(_ tensor: StoredTensor) throws -> Matrix {
        Matrix(rows: tensor.shape[0] * tensor.shape[1], columns: tensor.shape[2], elements: try tensor.floats())
    }

    private func expectLogits(_ decoder: TransformerDecoder, _ golden: GoldenCase, _ name: String) throws {
        let record = try decoder.forward(golden.runFacts().inputTokens)
        let logits = decoder.logits(of: record, positions: 0..<record.positions)
        #expect(try difference(logits, golden.tensors().matrix(name)) == nil)
    }
}
