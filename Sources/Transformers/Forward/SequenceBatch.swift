package import Tensors

/// Texts that run together, so that each weight is read once for all of them. Their rows follow each other; each text is at positions from 0 and
/// sees itself alone.
package struct SequenceBatch: Sendable {
    /// Token ids of each; none is empty.
    package let sequences: [[Int]]
    /// The first row of each.
    package let starts: [Int]
    /// The rows of all.
    package let rows: Int

    /// - Precondition: no sequence is empty.
    package init(_ sequences: [[Int]]) {
        precondition(sequences.allSatisfy { !$0.isEmpty }, "a sequence without tokens")
        self.sequences = sequences
        var (starts, rows) = ([Int](), 0)
        for sequence in sequences {
            starts.append(rows)
            rows += sequence.count
        }
        (self.starts, self.rows) = (starts, rows)
    }

    /// The rows of each sequence.
    package var ranges: [Range<Int>] { zip(starts, sequences).map { $0..<$0 + $1.count } }
}

extension TransformerDecoder {
    /// Runs texts together up to where the last layer's features read, and records nothing: what each layer's features read is lent as it is made.
    ///
    /// A text's numbers are those of `forward` up to rounding.
    ///
    /// - Parameter read: is given, for each layer in order, the stream after attention, `[rows, d_model]`, and the denominators of the norm before the
    ///   MLP, `[rows]`.
    /// - Throws: `ModelError` for a text that cannot be run; what `read` throws; `CancellationError`.
    package func run(
        _ batch: SequenceBatch, _ read: (_ layer: Int, _ residualMid: Matrix, _ mlpDenominators: [Float]) throws -> Void
    ) throws {
        for sequence in batch.sequences { try check(sequence) }
        guard batch.rows > 0 else { return }
        var residual = embed(batch.sequences.flatMap(\.self), positions: batch.sequences.flatMap { Array($0.indices) })
        for layer in 0..<layerCount {
            try Task.checkCancellation()
            let weights = weights.layers[layer]
            let normalized = weights.attentionNorm.apply(residual, over: weights.attentionNorm.denominators(of: residual))
            residual.add(attentionAdded(layer, try attention(layer).output(normalized, of: batch)))
            guard residual.elements.areFinite else { throw try whyNotFinite() }
            let input = mlpInput(layer, residual)
            try read(layer, residual, input.denominators)
            // Nothing reads what the last one writes.
            if layer + 1 < layerCount { residual.add(mlpAdded(layer, try mlp(layer, input.normalized)).added) }
        }
    }
}
