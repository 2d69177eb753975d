package import Transcoders
package import Transformers

/// The memory of a prompt's run and of reading its features, in bytes.
package struct PromptMemory: Sendable {
    /// What each layer keeps, and the attention patterns.
    package let record: Int
    /// What the widest layer makes besides, or the features of one before their activation function.
    package let passing: Int

    /// The most at once.
    package var peak: Int { record + passing }

    /// - Parameter transcoders: nil where no features are read.
    package init(_ decoder: TransformerDecoder, _ transcoders: TranscoderSet?, positions: Int) {
        let spec = decoder.spec
        var (record, widest) = (0, 0)
        for layer in spec.layers {
            let attention = layer.attention
            let kept = 3 * spec.width + 2 * attention.keyValueHeads * attention.headWidth + attention.heads * positions
            record += 4 * positions * kept
            let passing = 4 * spec.width + 2 * attention.heads * attention.headWidth + 3 * layer.mlp.widthAtOnce
            widest = max(widest, passing)
        }
        self.record = record
        // Each feature, and half as much for those that are active.
        let features = (transcoders?.featuresPerLayer ?? 0) * 3 / 2
        passing = 4 * positions * max(widest, features) + 12 * spec.vocabulary
    }
}

extension MLPSpec {
    /// Of all experts that a row goes through.
    fileprivate var widthAtOnce: Int { if case .experts(let experts) = kind { width * experts.chosen } else { width } }
}
