import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing
import Transformers

/// The forms in which tools write checkpoints, for every family.
@Suite struct CheckpointSpellingTests {
    static let families = [
        "tiny/llama3", "tiny/qwen3", "tiny/gemma2", "tiny/gemma3", "tiny/gemma3-multimodal", "tiny/gpt-oss", "tiny/gpt-oss-mxfp4", "tiny/gpt2",
    ]

    private let prompt = [2, 300, 301, 17, 302, 5, 303, 304, 44, 305, 306, 307]

    private func logits(_ decoder: TransformerDecoder) throws -> [Float] {
        try decoder.nextTokenLogits(decoder.forward(prompt.map { $0 % decoder.spec.vocabulary })).elements
    }

    /// A model of the family whose head is its embedding, stored once.
    private func tied(_ reference: String) throws -> (model: EditedModel, embedding: String, head: String) {
        let model = try EditedModel(reference) { config in
            config["tie_word_embeddings"] = true
            if var text = config["text_config"] as? [String: Any] {
                text["tie_word_embeddings"] = true
                config["text_config"] = text
            }
        }
        var (embedding, head) = ("", "lm_head.weight")
        try model.rewrite { tensors in
            tensors.removeAll { $0.name.hasSuffix("lm_head.weight") }
            embedding = tensors.first { $0.name.hasSuffix("embed_tokens.weight") || $0.name.hasSuffix("wte.weight") }!.name
            if embedding.hasPrefix("language_model.") { head = "language_model." + head }
        }
        return (model, embedding, head)
    }

    /// What safetensors.torch.save_model keeps of a tied pair, with and without the dropped name in the header.
    @Test(arguments: families, [true, false]) func `only the head of a tied pair is stored`(_ reference: String, _ isInHeader: Bool) throws {
        let (model, embedding, head) = try tied(reference)
        let expected = try logits(model.decoder())
        try model.rewrite(metadata: isInHeader ? ["format": "pt", embedding: head] : [:]) { tensors in
            tensors[tensors.firstIndex { $0.name == embedding }!].name = head
        }
        let decoder = try model.decoder()
        #expect(try logits(decoder) == expected && decoder.notices == [])
    }

    @Test func `a pair is stored once without being tied in the config`() throws {
        let (model, embedding, head) = try tied("tiny/llama3")
        let expected = try logits(model.decoder())
        let config = model.url.appending(path: "config.json")
        let text = try String(contentsOf: config, encoding: .utf8)
        try Data(text.replacing(/"tie_word_embeddings" ?: ?true/, with: #""tie_word_embeddings": false"#).utf8).write(to: config)
        #expect(throws: ModelError.tensors(folder: model.url, missing: [head], unused: [])) { try model.decoder() }
        try model.rewrite(metadata: [head: embedding]) { _ in }
        #expect(try logits(model.decoder()) == expected)
    }

    @Test(arguments: families) func `a tied config with a different head in the file`(_ reference: String) throws {
        let (model, embedding, head) = try tied(reference)
        let expected = try logits(model.decoder())
        func add(_ change: (Float) -> Float) throws {
            try model.rewrite { tensors in
                tensors.removeAll { $0.name == head }
                var copy = tensors.first { $0.name == embedding }!
                copy.name = head
                copy.values = copy.values.map(change)
                tensors.append(copy)
            }
        }
        try add { $0 }
        #expect(try model.decoder().notices == [])
        try add { 2 * $0 }
        let decoder = try model.decoder()
        #expect(try logits(decoder) == expected)
        let (file, config) = (model.url.appending(path: "model.safetensors"), model.url.appending(path: "config.json"))
        #expect(decoder.notices == [.otherHead(tensor: head, file: file, config: config)])
        #expect(
            decoder.notices[0].description.replacingOccurrences(of: model.url.path, with: "DIR")
                == "DIR/model.safetensors contains a \(head) that differs from the embedding, but DIR/config.json ties the two. The embedding is used,"
                + " as in transformers 4. transformers 5 uses \(head); to do the same here, set \"tie_word_embeddings\" to false.")
    }

    /// transformers 4.57.3 and 5.24.0 load these with the logits of the same model with its head.
    @Test(arguments: [
        ("tiny/llama3", "LlamaModel"), ("tiny/qwen3", "Qwen3Model"), ("tiny/gemma2", "Gemma2Model"), ("tiny/gemma3", "Gemma3TextModel"),
        ("tiny/gpt-oss", "GptOssModel"), ("tiny/gpt-oss-mxfp4", "GptOssModel"), ("tiny/gpt2", "GPT2Model"),
    ])
    func `a model saved without its head's class`(_ reference: String, _ name: String) throws {
        func withoutPrefix(_ tensor: StoredTensor) throws -> EditedTensor? {
            var edited = try EditedTensor(tensor)
            edited.name = edited.name.replacing(/^(model|transformer)\./, with: "")
            return edited.name == "lm_head.weight" ? nil : edited
        }
        let expected = try logits(tied(reference).model.decoder())
        for architecture in [[name], nil] as [[String]?] {
            let decoder = try EditedModel(
                reference,
                config: { config in
                    config["tie_word_embeddings"] = true
                    if let architecture { config["architectures"] = architecture }
                }, tensors: withoutPrefix
            ).decoder()
            #expect(try logits(decoder) == expected && decoder.notices == [])
        }
        let untied = try EditedModel(
            reference,
            config: { config in
                config["tie_word_embeddings"] = false
                config["architectures"] = [name]
            }, tensors: withoutPrefix)
        #expect(throws: ModelError.tensors(folder: untied.url, missing: ["lm_head.weight"], unused: [])) { try untied.decoder() }
    }

    @Test(arguments: families) func `buffers that every loader ignores`(_ reference: String) throws {
        let model = try EditedModel(reference)
        let expected = try logits(model.decoder())
        let names = try TensorArchive(folder: model.url).names
        let layer = try #require(names.first { $0.contains("layers.0.") || $0.contains("h.0.") })
        let body = layer.prefix(upTo: layer.range(of: ".0.")!.upperBound)
        let top = body.replacing(/(layers|h)\.0\.$/, with: "")
        try model.rewrite { tensors in
            for (name, type, shape) in [
                (body + "self_attn.rotary_emb.inv_freq", .f32, [8]), (body + "self_attn.rotary_emb.cos_cached", .bf16, [1, 1, 4, 8]),
                (body + "self_attn.rotary_emb.sin_cached", .f16, [1, 1, 4, 8]), (body + "attn.bias", .u8, [1, 1, 4, 4]),
                (body + "attn.masked_bias", .f32, []), (body + "self_attn.bias", .bool, [1, 1, 4, 4]),
                (body + "crossattention.bias", .bool, [4, 4]), (top + "rotary_emb.inv_freq", .f32, [8]),
                (top + "rotary_emb_local.inv_freq", .f32, [8]), (top + "rotary_emb.original_inv_freq", .f64, [8]),
                (top + "rotary_emb.sliding_attention_inv_freq", .f32, [8]), (top + "embeddings.position_ids", .i64, [1, 4]),
            ] as [(String, ElementType, [Int])] {
                tensors.append(EditedTensor(name: name, type: type, shape: shape, values: Array(repeating: 1, count: shape.reduce(1, *))))
            }
        }
        let decoder = try model.decoder()
        #expect(try logits(decoder) == expected && decoder.notices == [])
    }

    @Test(arguments: families) func `doubles are rounded`(_ reference: String) throws {
        let model = try EditedModel(reference)
        let expected = try logits(model.decoder())
        try model.rewrite { tensors in
            for index in tensors.indices where tensors[index].type.isFloat { tensors[index].type = .f64 }
        }
        #expect(try difference(logits(model.decoder()), expected) == nil)
    }

    @Test(arguments: families) func `tensors that are not weights are not used, and a notice names them`(_ reference: String) throws {
        let model = try EditedModel(reference)
        let expected = try logits(model.decoder())
        try model.rewrite { tensors in
            tensors.append(EditedTensor(name: "scales.f8", type: .f8e4m3, shape: [3], values: [1, 2, 3]))
            tensors.append(EditedTensor(name: "num_batches_tracked", type: .i64, shape: [], values: [7]))
        }
        let decoder = try model.decoder()
        #expect(try logits(decoder) == expected)
        #expect(decoder.notices == [.notUsed(tensors: ["num_batches_tracked (I64)", "scales.f8 (F8_E4M3)"], folder: model.url)])
        #expect(
            decoder.notices[0].description.replacingOccurrences(of: model.url.path, with: "DIR")
                == "DIR contains tensors that are not used, because no weight has their type: num_batches_tracked (I64), scales.f8 (F8_E4M3).")
    }

    @Test(arguments: families) func `a weight of an unsupported type is named in the error`(_ reference: String) throws {
        let model = try EditedModel(reference)
        var name = ""
        try model.rewrite { tensors in
            let index = tensors.firstIndex { $0.name.hasSuffix("v_proj.weight") || $0.name.hasSuffix("attn.c_attn.weight") }!
            name = tensors[index].name
            tensors[index].type = .f8e5m2
            tensors[index].values = tensors[index].values.map { _ in 1 }
        }
        let error = #expect(throws: CheckpointError.self) { try model.decoder() }
        #expect(
            error?.description.replacingOccurrences(of: model.url.path, with: "DIR")
                == "Tensor \(name) in DIR/model.safetensors holds F8_E5M2; expected F32, F16 or BF16. Convert it to one of these.")
    }

    @Test func `an index with wrong tensor names`() throws {
        let model = try EditedModel("tiny/llama3")
        try FileManager.default.moveItem(at: model.url.appending(path: "model.safetensors"), to: model.url.appending(path: "x.safetensors"))
        let index = model.url.appending(path: "model.safetensors.index.json")
        try Data(#"{"weight_map": {"model.norm.weight": "./x.safetensors", "no.such.tensor": "x.safetensors"}}"#.utf8).write(to: index)
        let decoder = try model.decoder()
        #expect(try logits(decoder) == logits(Fixtures.decoder("tiny/llama3")))
        let unlisted = try decoder.weights.files.flatMap { try TensorArchive(safetensors: $0).names }.filter { $0 != "model.norm.weight" }
        #expect(decoder.notices == [.checkpoint(.notInIndex(tensors: unlisted, index: index))])
        try Data("{\"weight_map\": {}}".utf8).write(to: index)
        #expect(throws: ModelError.self) { try model.decoder() }
    }

    @Test func `a folder with an adapter but without a model`() throws {
        let folder = try TemporaryFolder()
        try Data(#"{"base_model_name_or_path": "org/base"}"#.utf8).write(to: folder.url.appending(path: "adapter_config.json"))
        try Data("x".utf8).write(to: folder.url.appending(path: "adapter_model.safetensors"))
        #expect(
            throws: CheckpointError.noWeights(
                folder: folder.url, found: .adapter(file: "adapter_model.safetensors", base: "org/base"))
        ) { try TransformerDecoder(folder: folder.url) }
    }
}
