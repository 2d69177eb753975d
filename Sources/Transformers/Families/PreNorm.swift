extension ModelConfig {
    /// What Llama 3, Qwen 3 and GPT-OSS share: one norm, before each block and behind the last, rotary positions, scores over
    /// sqrt(d_head), and no scale or cap anywhere.
    ///
    /// - Parameters:
    ///   - windows: of each layer.
    ///   - normsQueriesAndKeys: by the same norm.
    ///   - context: max_position_embeddings' default.
    func preNormSpec(
        width: Int, norm: Normalization, heads: (heads: Int, keyValueHeads: Int, headWidth: Int), rotary: Rotary,
        normsQueriesAndKeys: Bool = false, windows: [AttentionWindow], mlp: MLPSpec, context: Int
    ) throws -> DecoderSpec {
        DecoderSpec(
            architecture: architecture, width: width, vocabulary: try count("vocab_size"),
            context: try count("max_position_embeddings", default: context), embedding: .plain,
            layers: windows.map { window in
                LayerSpec(
                    attentionNorm: norm,
                    attention: AttentionSpec(
                        heads: heads.heads, keyValueHeads: heads.keyValueHeads, headWidth: heads.headWidth,
                        scoreScale: 1 / Float(heads.headWidth).squareRoot(), scoreSoftcap: nil, positions: .rotary(rotary),
                        queryKeyNorm: normsQueriesAndKeys ? norm : nil, window: window),
                    attentionPostNorm: nil, mlpNorm: norm, mlp: mlp, mlpPostNorm: nil)
            },
            finalNorm: norm, tiesEmbeddings: try boolean("tie_word_embeddings", default: false), logitSoftcap: nil)
    }
}
