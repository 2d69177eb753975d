internal import Graphs
package import Replacement
internal import Tensors
internal import Transcoders
package import Transformers

/// The approximate time that the parts of an attribution take, in seconds.
///
/// Products run more slowly where d_model is below 512, at 1e10 operations a second at 48 where it is 1e11 otherwise. Touching a matrix for
/// the first time takes one second per GB.
package struct AttributionTime: Sendable {
    /// Operations a second in large products with stored weights.
    private let productRate: Double

    /// Of two cores as they are usual. What depends on it does not depend on the machine.
    package static let usual = AttributionTime(productRate: 1e11)
    /// Of this machine, which is measured once, in some milliseconds.
    package static let measured = AttributionTime(productRate: measuredRate())

    private static let bytesPerSecond = 1e9

    private static func measuredRate() -> Double {
        let (rows, width) = (64, 1024)
        let weights = StoredMatrix(Matrix(rows: width, columns: width, elements: [Float](repeating: 0.5, count: width * width)))
        let left = ArrangedRows(Matrix(rows: rows, columns: width))
        let clock = ContinuousClock()
        let best = (0..<3).map { _ in clock.measure { _ = left.multiplied(byTransposeOf: weights) } }.min()!
        return 2 * Double(rows * width * width) / max(best / .seconds(1), 1e-6)
    }

    private func operationsPerSecond(_ decoder: TransformerDecoder) -> Double { productRate * min(1, Double(decoder.spec.width) / 512) }

    /// The time of the prompt's run, which uses each parameter once for each position.
    package func prompt(_ decoder: TransformerDecoder, positions: Int) -> Double {
        2 * Double(decoder.weights.parameterCount * positions) / operationsPerSecond(decoder)
    }

    /// The time of the rows of all features: the causal cones' attention blocks, skips and features, and writing the edges.
    package func edges(_ local: LocalReplacementModel) -> Double {
        let spec = local.model.decoder.spec
        let attention = spec.layers[0].attention
        let heads = Double((attention.heads + attention.keyValueHeads) * attention.headWidth)
        let skip = local.model.transcoders.hasSkip ? Double(spec.width) : 0
        let features = Double(local.activations.count)
        let written = local.activations.sites.reduce(0) { $0 + local.model.transcoders.layers[$1.layer].decoders.count }
        let read = Double(written) / Double(max(local.record.layers.count * local.record.positions, 1))
        let perPosition = 2 * Double(spec.width) * (heads + skip + read)
        let cells = local.activations.sites.reduce(0.0) { $0 + (local.fixed.contains($1) ? 0 : Double(($1.layer + 1) * ($1.position + 1))) }
        return cells * perPosition / operationsPerSecond(local.model.decoder) + features * features * 4 / Self.bytesPerSecond
    }

    /// The time to fill memory.
    package func writing(_ bytes: Int) -> Double { Double(bytes) / Self.bytesPerSecond }
}
