internal import Checkpoints

extension DecoderFamily {
    /// Llama 3.x (and Llama 2, which differs in no operation): `LlamaForCausalLM`.
    static let llama3 = DecoderFamily(modelType: "llama", architectures: ["LlamaForCausalLM"], spec: llamaSpec, tensors: llamaTensors)
}

/// Defaults are those of transformers' `LlamaConfig`.
private func llamaSpec(_ config: JSONObject) throws -> DecoderSpec {
    try config.refuse(unless: [
        "hidden_act": .string("silu"), "attention_bias": .bool(false), "mlp_bias": .bool(false),
        "partial_rotary_factor": .integer(1), "quantization_config": .null, "sliding_window": .null,
        "attn_logit_softcapping": .null, "final_logit_softcapping": .null,
    ])
    let width = try config.count("hidden_size")
    let heads = try config.count("num_attention_heads")
    let keyValueHeads = try config.count("num_key_value_heads", default: heads)
    let headWidth = try config.count("head_dim", default: width / heads)
    guard heads % keyValueHeads == 0 else {
        throw ModelError.inconsistent(
            file: config.file,
            fact: "num_attention_heads (\(heads)) is not a multiple of num_key_value_heads (\(keyValueHeads))")
    }
    guard headWidth % 2 == 0 else {
        throw ModelError.inconsistent(file: config.file, fact: "head_dim (\(headWidth)) is odd, which rotary positions cannot be")
    }
    let norm = Normalization.rms(epsilon: Float(try config.positive("rms_norm_eps", default: 1e-6)))
    let layer = LayerSpec(
        attentionNorm: norm,
        attention: AttentionSpec(
            heads: heads, keyValueHeads: keyValueHeads, headWidth: headWidth,
            scoreScale: 1 / Float(headWidth).squareRoot(),
            positions: .rotary(
                Rotary(
                    headWidth: headWidth, base: try config.positive("rope_theta", default: 10_000),
                    scaling: try rotaryScaling(config)))),
        mlpNorm: norm,
        mlp: MLPSpec(kind: .gated(.silu), width: try config.count("intermediate_size")))
    return DecoderSpec(
        architecture: try config.optionalStrings("architectures")?.first ?? "LlamaForCausalLM",
        width: width, vocabulary: try config.count("vocab_size"),
        context: try config.count("max_position_embeddings", default: 2048),
        layers: Array(repeating: layer, count: try config.count("num_hidden_layers")),
        finalNorm: norm, tiesEmbeddings: try config.optionalBoolean("tie_word_embeddings") ?? false)
}

private func rotaryScaling(_ config: JSONObject) throws -> Rotary.Scaling {
    guard let scaling = try config.optionalObject("rope_scaling") else { return .none }
    let kind = try scaling.optionalString("rope_type") ?? scaling.string("type")
    switch kind {
    case "default": return .none
    case "llama3":
        return .llama3(
            factor: try scaling.number("factor"), lowFrequencyFactor: try scaling.number("low_freq_factor"),
            highFrequencyFactor: try scaling.number("high_freq_factor"),
            originalContext: try scaling.number("original_max_position_embeddings"))
    default:
        throw ModelError.unsupported(file: config.file, key: "rope_scaling.rope_type", value: "\"\(kind)\"")
    }
}

private func llamaTensors(_ spec: DecoderSpec) -> [TensorPlace] {
    let width = spec.width
    var places = [
        TensorPlace(slot: .embedding, name: "model.embed_tokens.weight", shape: [spec.vocabulary, width]),
        TensorPlace(slot: .finalNorm, name: "model.norm.weight", shape: [width]),
    ]
    if !spec.tiesEmbeddings {
        places.append(TensorPlace(slot: .unembedding, name: "lm_head.weight", shape: [spec.vocabulary, width]))
    }
    for (index, layer) in spec.layers.enumerated() {
        let queries = layer.attention.heads * layer.attention.headWidth
        let keys = layer.attention.keyValueHeads * layer.attention.headWidth
        let hidden = layer.mlp.width
        let table: [(LayerSlot, String, [Int])] = [
            (.attentionNorm, "input_layernorm", [width]),
            (.query, "self_attn.q_proj", [queries, width]),
            (.key, "self_attn.k_proj", [keys, width]),
            (.value, "self_attn.v_proj", [keys, width]),
            (.attentionOutput, "self_attn.o_proj", [width, queries]),
            (.mlpNorm, "post_attention_layernorm", [width]),
            (.gate, "mlp.gate_proj", [hidden, width]),
            (.up, "mlp.up_proj", [hidden, width]),
            (.down, "mlp.down_proj", [width, hidden]),
        ]
        places += table.map { slot, name, shape in
            TensorPlace(slot: .layer(index, slot), name: "model.layers.\(index).\(name).weight", shape: shape)
        }
    }
    return places
}
