extension DecoderFamily {
    /// Gemma 2: `Gemma2ForCausalLM`. Every other layer has a sliding window, starting with the first.
    static let gemma2 = DecoderFamily(
        modelType: "gemma2", architectures: ["Gemma2ForCausalLM", "Gemma2Model"],
        spec: { config in
            try GemmaFamily(
                hasQueryKeyNorm: false, window: 4096, pattern: 2, patternKeys: [], scoreSoftcap: 50, logitSoftcap: 30, vocabulary: 256_000, context: 8192
            ) { config, _, headWidth in try config.rotary(headWidth: headWidth, base: 10_000) }.spec(config)
        },
        tensors: { gatedDecoderTensors($0, $1, norms: prePostNorms) })
}
