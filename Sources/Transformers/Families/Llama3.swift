internal import JSON

extension DecoderFamily {
    /// Llama 3.x (and Llama 2, which has the same operations): `LlamaForCausalLM`.
    static let llama3 = DecoderFamily(
        modelType: "llama", architectures: ["LlamaForCausalLM", "LlamaModel"], spec: llamaSpec,
        tensors: { gatedDecoderTensors($0, $1, norms: preNorms) })
}

/// Defaults are those of transformers' `LlamaConfig`.
private func llamaSpec(_ config: ModelConfig) throws -> DecoderSpec {
    try config.refuse(unless: [
        "attention_bias": .bool(false), "mlp_bias": .bool(false),
        "quantization_config": .null, "sliding_window": .null, "attn_logit_softcapping": .null,
        "final_logit_softcapping": .null,
    ])
    let width = try config.count("hidden_size")
    let heads = try config.heads(defaults: (32, nil)) { width / $0 }
    return try config.preNormSpec(
        width: width, norm: .rms(epsilon: Float(try config.positive("rms_norm_eps", default: 1e-6)), weightOffset: 0), heads: heads,
        rotary: config.rotary(headWidth: heads.headWidth, base: 10_000),
        windows: Array(repeating: .full, count: config.count("num_hidden_layers")),
        mlp: MLPSpec(
            kind: .gated(try config.nonlinearity("hidden_act", default: "silu")), width: try config.count("intermediate_size")),
        context: 2048)
}
