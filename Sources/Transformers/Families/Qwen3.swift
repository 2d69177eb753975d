internal import JSON

extension DecoderFamily {
    /// Qwen 3, dense: `Qwen3ForCausalLM`.
    static let qwen3 = DecoderFamily(
        modelType: "qwen3", architectures: ["Qwen3ForCausalLM", "Qwen3Model"], spec: qwenSpec,
        tensors: { gatedDecoderTensors($0, $1, norms: preNorms) })
}

/// Defaults are those of transformers' `Qwen3Config`.
private func qwenSpec(_ config: ModelConfig) throws -> DecoderSpec {
    try config.refuse(unless: [
        "attention_bias": .bool(false), "quantization_config": .null,
        "attn_logit_softcapping": .null, "final_logit_softcapping": .null,
    ])
    let width = try config.count("hidden_size")
    let heads = try config.heads(defaults: (32, 32)) { _ in 128 }
    let norm = Normalization.rms(epsilon: Float(try config.positive("rms_norm_eps", default: 1e-6)), weightOffset: 0)
    let layers = try config.count("num_hidden_layers")
    let usesWindow = try config.boolean("use_sliding_window", default: false)
    let fullLayers = try config.count("max_window_layers", default: 28, atLeast: 0)
    let windows = try config.windows(layers: layers, width: usesWindow ? config.count("sliding_window", default: 4096) : nil) {
        usesWindow && $0 >= fullLayers
    }
    let rotary = try config.rotary(headWidth: heads.headWidth, base: 10_000)
    let mlp = MLPSpec(
        kind: .gated(try config.nonlinearity("hidden_act", default: "silu")), width: try config.count("intermediate_size"))
    return try config.preNormSpec(
        width: width, norm: norm, heads: heads, rotary: rotary, normsQueriesAndKeys: true, windows: windows, mlp: mlp, context: 32_768)
}
