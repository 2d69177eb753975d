extension ModelConfig {
    /// What Llama 3, Qwen 3 and GPT-OSS share: one kind of norm, before each block and after the last; rotary positions; scores
    /// divided by sqrt(d_head); no other scales and no soft-caps.
    ///
    /// - Parameters:
    ///   - normsQueriesAndKeys: whether queries and keys are normalised too.
    ///   - windows: one for each layer.
    ///   - context: the default of `max_position_embeddings`.
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
