internal import JSON

/// What Gemma 2 and Gemma 3 share: RMS norms before and after each block, with weights stored minus 1; embeddings scaled by
/// sqrt(d_model); gated GELU MLPs; layers with a sliding window between those without; soft-caps if the config has them.
struct GemmaFamily {
    /// Whether queries and keys are normalised.
    let hasQueryKeyNorm: Bool
    /// The default of `sliding_window`, in tokens.
    let window: Int
    /// Without `layer_types` in the config, every `pattern`-th layer has full attention.
    let pattern: Int
    /// Config keys that override `pattern`.
    let patternKeys: [String]
    /// The default soft-cap of scores; nil if scores are never capped, whatever the config says.
    let scoreSoftcap: Double?
    /// The default soft-cap of logits; nil for none.
    let logitSoftcap: Double?
    /// The default of `vocab_size`.
    let vocabulary: Int
    /// The default of `max_position_embeddings`.
    let context: Int
    /// The rotary positions of a layer with a given window and d_head.
    let rotary: (ModelConfig, AttentionWindow, _ headWidth: Int) throws -> Rotary

    func spec(_ config: ModelConfig) throws -> DecoderSpec {
        try config.refuse(unless: [
            "attention_bias": .bool(false), "use_bidirectional_attention": .bool(false), "quantization_config": .null,
        ])
        let width = try config.count("hidden_size")
        let (heads, keyValueHeads, headWidth) = try config.heads(defaults: (8, 4)) { _ in 256 }
        let norm = Normalization.rms(epsilon: Float(try config.positive("rms_norm_eps", default: 1e-6)), weightOffset: 1)
        let mlp = MLPSpec(
            kind: .gated(try config.nonlinearity("hidden_activation", default: "gelu_pytorch_tanh")),
            width: try config.count("intermediate_size"))
        let scoreSoftcap = try scoreSoftcap.flatMap { try config.softcap("attn_logit_softcapping", default: $0) }
        let scoreScale = Float(1 / (try config.positive("query_pre_attn_scalar", default: 256)).squareRoot())
        let pattern = try patternKeys.first(where: config.has).map { try config.count($0) } ?? pattern
        let windows = try config.windows(
            layers: config.count("num_hidden_layers"), width: config.count("sliding_window", default: window)
        ) { ($0 + 1) % pattern != 0 }
        let layers = try windows.map { window in
            LayerSpec(
                attentionNorm: norm,
                attention: AttentionSpec(
                    heads: heads, keyValueHeads: keyValueHeads, headWidth: headWidth, scoreScale: scoreScale,
                    scoreSoftcap: scoreSoftcap, positions: .rotary(try rotary(config, window, headWidth)),
                    queryKeyNorm: hasQueryKeyNorm ? norm : nil, window: window),
                attentionPostNorm: norm, mlpNorm: norm, mlp: mlp, mlpPostNorm: norm)
        }
        return DecoderSpec(
            architecture: config.architecture, width: width, vocabulary: try config.count("vocab_size", default: vocabulary),
            context: try config.count("max_position_embeddings", default: context),
            embedding: EmbeddingSpec(scale: Float(Double(width).squareRoot()), learnsPositions: false), layers: layers,
            finalNorm: norm, tiesEmbeddings: try config.boolean("tie_word_embeddings", default: true),
            logitSoftcap: try config.softcap("final_logit_softcapping", default: logitSoftcap))
    }
}

extension ModelConfig {
    /// A soft-cap; null means none.
    fileprivate func softcap(_ key: String, default: Double?) throws -> Float? {
        (names(key) ? try optionalPositive(key) : `default`).map { Float($0) }
    }
}
