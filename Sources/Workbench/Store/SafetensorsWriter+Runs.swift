internal import Checkpoints
internal import Graphs
internal import Replacement
internal import Tensors

/// The names of tensors in what `save run` and `save generate` write.
extension SafetensorsWriter {
    /// One side of a run.
    ///
    /// - Parameter logits: `[positions, vocabulary]`.
    mutating func add(_ side: RunSide, logits: Matrix, _ activations: FeatureActivations?) {
        add("\(side).logits", logits)
        guard let activations else { return }
        add("\(side).active_features", activations.sites.numbers, shape: [activations.count, 3])
        add("\(side).activation_values", activations.values)
    }

    /// One side of a generation.
    mutating func add(_ side: RunSide, _ continuation: Continuation) {
        add("\(side).tokens", continuation.tokens)
        add("\(side).logits", continuation.logits)
    }
}
