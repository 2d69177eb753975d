extension DecoderFamily {
    /// Gemma 3, text: `Gemma3ForCausalLM`, and the language model in `Gemma3ForConditionalGeneration`.
    static let gemma3 = DecoderFamily(
        modelType: "gemma3_text", architectures: ["Gemma3ForCausalLM", "Gemma3ForConditionalGeneration", "Gemma3TextModel"],
        spec: { config in
            try GemmaFamily(
                hasQueryKeyNorm: true, window: 4096, pattern: 6,
                patternKeys: ["sliding_window_pattern", "_sliding_window_pattern"], scoreSoftcap: nil, logitSoftcap: nil, vocabulary: 262_208,
                context: 131_072,
                rotary: gemma3Rotary
            ).spec(config)
        },
        tensors: { gatedDecoderTensors($0, $1, norms: prePostNorms) },
        layouts: [
            CheckpointLayout(body: "language_model.model.", head: "language_model.", isIgnored: isVision),
            CheckpointLayout(body: "model.language_model.", isIgnored: isVision),
            CheckpointLayout(isIgnored: isVision),
            CheckpointLayout(body: "", isIgnored: isVision),
        ],
        multimodalType: "gemma3")
}

/// Layers with a window have their own base, which `rope_scaling` does not affect.
private func gemma3Rotary(_ config: ModelConfig, window: AttentionWindow, headWidth: Int) throws -> Rotary {
    switch window {
    case .full:
        try config.rotary(headWidth: headWidth, base: 1_000_000, kind: "full_attention")
    case .sliding:
        try config.rotary(
            headWidth: headWidth, base: 10_000, baseKey: "rope_local_base_freq", kind: "sliding_attention", isScaled: false)
    }
}

private func isVision(_ name: String) -> Bool {
    ["vision_tower.", "multi_modal_projector.", "model.vision_tower.", "model.multi_modal_projector."]
        .contains { name.hasPrefix($0) }
}
