internal import JSON
internal import Tensors

extension DecoderFamily {
    /// GPT-OSS: `GptOssForCausalLM`. Every other layer has a sliding window, starting with the first.
    static let gptOss = DecoderFamily(
        modelType: "gpt_oss", architectures: ["GptOssForCausalLM", "GptOssModel"], spec: gptOssSpec, tensors: gptOssTensors,
        layouts: [
            CheckpointLayout(packsExperts: true), CheckpointLayout(body: "", packsExperts: true), CheckpointLayout(),
            CheckpointLayout(body: ""),
        ],
        otherNames: ["num_local_experts": "num_experts"], sinceVersion5: ["swiglu_alpha": usualSteepness, "swiglu_limit": usualLimit])
}

/// Constants in transformers 4, and defaults in later versions.
private let (usualSteepness, usualLimit) = (1.702, 7.0)

/// Defaults are those of transformers' `GptOssConfig` and of its experts.
private func gptOssSpec(_ config: ModelConfig) throws -> DecoderSpec {
    try config.refuse(unless: [
        "attention_bias": .bool(true), "hidden_act": .string("silu"),
        "attn_logit_softcapping": .null, "final_logit_softcapping": .null,
    ])
    if let quantization = try config.object("quantization_config") {
        try quantization.refuse(unless: ["quant_method": .string("mxfp4")])
    }
    let width = try config.count("hidden_size")
    let heads = try config.heads(defaults: (64, 8)) { _ in 64 }
    let norm = Normalization.rms(epsilon: Float(try config.positive("rms_norm_eps", default: 1e-5)), weightOffset: 0)
    let experts = ExpertsSpec(
        count: try config.count("num_local_experts", default: 128), chosen: try config.count("num_experts_per_tok", default: 4),
        steepness: Float(try config.positive("swiglu_alpha", default: usualSteepness)),
        limit: Float(try config.positive("swiglu_limit", default: usualLimit)))
    guard experts.chosen <= experts.count else {
        throw config.inconsistent("num_experts_per_tok (\(experts.chosen)) is greater than num_local_experts (\(experts.count))")
    }
    let rotary = try config.rotary(
        headWidth: heads.headWidth, base: 150_000,
        scaling: .yarn(
            Rotary.YaRN(
                factor: 32, keptTurns: 32, slowedTurns: 1, originalContext: 4096, isTruncated: false,
                amplitude: Rotary.YaRN.amplitude(factor: 32))))
    let windows = try config.windows(
        layers: config.count("num_hidden_layers"), width: config.count("sliding_window", default: 128)
    ) { $0 % 2 == 0 }
    let mlp = MLPSpec(kind: .experts(experts), width: try config.count("intermediate_size"))
    return try config.preNormSpec(
        width: width, norm: norm, heads: heads, rotary: rotary, windows: windows, mlp: mlp, context: 131_072)
}

/// All experts are in one tensor, `[experts, in, out]`, or in one of blocks and one of scales, `[experts, out, in]`.
private func gptOssTensors(_ spec: DecoderSpec, _ layout: CheckpointLayout) -> [TensorPlace] {
    decoderTensors(spec, layout, norms: preNorms) { layer in
        guard case .experts(let experts) = layer.mlp.kind else { return [] }
        let (width, hidden, attention) = (spec.width, layer.mlp.width, layer.attention)
        let keys = attention.keyValueHeads * attention.headWidth
        func packed(_ out: Int, _ in: Int) -> [Int] { [experts.count, out, `in` / MXFP4Matrix.blockLength] }
        return [
            (.sinks, "self_attn.sinks", [attention.heads]),
            (.queryBias, "self_attn.q_proj.bias", [attention.heads * attention.headWidth]),
            (.keyBias, "self_attn.k_proj.bias", [keys]),
            (.valueBias, "self_attn.v_proj.bias", [keys]),
            (.attentionOutputBias, "self_attn.o_proj.bias", [width]),
            (.router, "mlp.router.weight", [experts.count, width]),
            (.routerBias, "mlp.router.bias", [experts.count]),
            (.gateUpBiases, "mlp.experts.gate_up_proj_bias", [experts.count, 2 * hidden]),
            (.downBiases, "mlp.experts.down_proj_bias", [experts.count, width]),
        ]
            + (layout.packsExperts
                ? [
                    (.gateUpBlocks, "mlp.experts.gate_up_proj_blocks", packed(2 * hidden, width) + [MXFP4Matrix.blockLength / 2]),
                    (.gateUpScales, "mlp.experts.gate_up_proj_scales", packed(2 * hidden, width)),
                    (.downBlocks, "mlp.experts.down_proj_blocks", packed(width, hidden) + [MXFP4Matrix.blockLength / 2]),
                    (.downScales, "mlp.experts.down_proj_scales", packed(width, hidden)),
                ]
                : [
                    (.gateUps, "mlp.experts.gate_up_proj", [experts.count, width, 2 * hidden]),
                    (.downs, "mlp.experts.down_proj", [experts.count, hidden, width]),
                ])
    }
}
