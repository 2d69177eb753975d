internal import JSON

extension DecoderFamily {
    /// GPT-2: `GPT2LMHeadModel`.
    static let gpt2 = DecoderFamily(
        modelType: "gpt2", architectures: ["GPT2LMHeadModel", "GPT2Model"], spec: gpt2Spec, tensors: gpt2Tensors,
        layouts: [CheckpointLayout(body: "transformer."), CheckpointLayout(body: "")],
        otherNames: [
            "n_embd": "hidden_size", "n_positions": "max_position_embeddings", "n_head": "num_attention_heads",
            "n_layer": "num_hidden_layers",
        ])
}

/// Defaults are those of transformers' `GPT2Config`.
private func gpt2Spec(_ config: ModelConfig) throws -> DecoderSpec {
    try config.refuse(unless: ["quantization_config": .null])
    let width = try config.count("n_embd", default: 768)
    let heads = try config.count("n_head", default: 12)
    guard width % heads == 0 else { throw config.inconsistent("n_embd (\(width)) is not a multiple of n_head (\(heads))") }
    let norm = Normalization.layer(epsilon: Float(try config.positive("layer_norm_epsilon", default: 1e-5)))
    let scoreScale = try config.boolean("scale_attn_weights", default: true) ? 1 / Float(width / heads).squareRoot() : 1
    let weakensWithDepth = try config.boolean("scale_attn_by_inverse_layer_idx", default: false)
    let mlp = MLPSpec(
        kind: .plain(try config.nonlinearity("activation_function", default: "gelu_new")),
        width: try config.count("n_inner", default: 4 * width))
    let layers = try (0..<config.count("n_layer", default: 12)).map { layer in
        LayerSpec(
            attentionNorm: norm,
            attention: AttentionSpec(
                heads: heads, keyValueHeads: heads, headWidth: width / heads,
                scoreScale: weakensWithDepth ? scoreScale / Float(layer + 1) : scoreScale, scoreSoftcap: nil,
                positions: .learned, queryKeyNorm: nil, window: .full),
            attentionPostNorm: nil, mlpNorm: norm, mlp: mlp, mlpPostNorm: nil)
    }
    return DecoderSpec(
        architecture: config.architecture, width: width, vocabulary: try config.count("vocab_size", default: 50_257),
        context: try config.count("n_positions", default: 1024), embedding: EmbeddingSpec(scale: 1, learnsPositions: true),
        layers: layers, finalNorm: norm,
        tiesEmbeddings: try config.boolean("tie_word_embeddings", default: true), logitSoftcap: nil)
}

/// Linear layers are `Conv1D`s, stored as `[in, out]`; queries, keys and values share one.
private func gpt2Tensors(_ spec: DecoderSpec, _ layout: CheckpointLayout) -> [TensorPlace] {
    let width = spec.width
    var places = [
        TensorPlace(slot: .embedding, name: layout.body + "wte.weight", shape: [spec.vocabulary, width]),
        TensorPlace(slot: .positions, name: layout.body + "wpe.weight", shape: [spec.context, width]),
        TensorPlace(slot: .finalNorm, name: layout.body + "ln_f.weight", shape: [width]),
        TensorPlace(slot: .finalNormBias, name: layout.body + "ln_f.bias", shape: [width]),
    ]
    if !spec.tiesEmbeddings {
        places.append(TensorPlace(slot: .unembedding, name: layout.head + "lm_head.weight", shape: [spec.vocabulary, width]))
    }
    for (index, layer) in spec.layers.enumerated() {
        func norm(_ weight: LayerSlot, _ bias: LayerSlot, _ name: String) {
            places.append(TensorPlace(slot: .layer(index, weight), name: "\(layout.body)h.\(index).\(name).weight", shape: [width]))
            places.append(TensorPlace(slot: .layer(index, bias), name: "\(layout.body)h.\(index).\(name).bias", shape: [width]))
        }
        func linear(_ weight: LayerSlot, _ bias: LayerSlot, _ name: String, _ shape: [Int], part: Range<Int>? = nil) {
            places.append(
                TensorPlace(
                    slot: .layer(index, weight), name: "\(layout.body)h.\(index).\(name).weight", shape: shape, part: part,
                    isTransposed: true))
            places.append(
                TensorPlace(slot: .layer(index, bias), name: "\(layout.body)h.\(index).\(name).bias", shape: [shape[1]], part: part))
        }
        norm(.attentionNorm, .attentionNormBias, "ln_1")
        for (part, slots) in [(LayerSlot.query, LayerSlot.queryBias), (.key, .keyBias), (.value, .valueBias)].enumerated() {
            linear(slots.0, slots.1, "attn.c_attn", [width, 3 * width], part: part * width..<(part + 1) * width)
        }
        linear(.attentionOutput, .attentionOutputBias, "attn.c_proj", [width, width])
        norm(.mlpNorm, .mlpNormBias, "ln_2")
        linear(.up, .upBias, "mlp.c_fc", [width, layer.mlp.width])
        linear(.down, .downBias, "mlp.c_proj", [layer.mlp.width, width])
    }
    return places
}
