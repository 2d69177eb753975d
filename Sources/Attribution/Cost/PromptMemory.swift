package import Transcoders
package import Transformers

/// The memory in bytes of a prompt's run and of reading its features.
package struct PromptMemory: Sendable {
    /// The records of all layers, with the attention patterns.
    package let record: Int
    /// The temporary values of the widest layer, or the pre-activations of one layer's features.
    package let passing: Int

    /// The most that is needed at once.
    package var peak: Int { record + passing }

    /// - Parameter transcoders: nil if no features are read.
    package init(_ decoder: TransformerDecoder, _ transcoders: TranscoderSet?, positions: Int) {
        let spec = decoder.spec
        var (record, widest) = (0, 0)
        for layer in spec.layers {
            let attention = layer.attention
            let kept = 3 * spec.width + 2 * attention.keyValueHeads * attention.headWidth
            record += 4 * (positions * kept + attention.heads * CausalBlocks(queries: positions, keys: positions).count)
            let passing = 4 * spec.width + 2 * attention.heads * attention.headWidth + 3 * layer.mlp.widthAtOnce
            widest = max(widest, passing)
        }
        self.record = record
        // All features of a layer, and half as much again for the active ones.
        let features = (transcoders?.featuresPerLayer ?? 0) * 3 / 2
        passing = 4 * positions * max(widest, features) + 12 * spec.vocabulary
    }
}

extension MLPSpec {
    /// The hidden width; with experts, that of all experts that a row goes through.
    fileprivate var widthAtOnce: Int { if case .experts(let experts) = kind { width * experts.chosen } else { width } }
}
