internal import Graphs
package import Replacement
internal import Transcoders
package import Transformers

/// The approximate time that the parts of an attribution take, in seconds.
///
/// Measured on two cores: products run at 1e10 operations per second at d_model 48 and ten times that at 1024 and more, and
/// touching a matrix for the first time takes one second per GB.
package enum AttributionTime {
    private static let bytesPerSecond = 1e9

    private static func operationsPerSecond(_ decoder: TransformerDecoder) -> Double { 1e11 * min(1, Double(decoder.spec.width) / 512) }

    /// The time of the prompt's run, which uses each parameter once for each position.
    package static func prompt(_ decoder: TransformerDecoder, positions: Int) -> Double {
        2 * Double(decoder.weights.parameterCount * positions) / operationsPerSecond(decoder)
    }

    /// The time of the rows of all features: the causal cones' attention blocks and skips, and writing the edges.
    package static func edges(_ local: LocalReplacementModel) -> Double {
        let spec = local.model.decoder.spec
        let attention = spec.layers[0].attention
        let heads = Double((attention.heads + attention.keyValueHeads) * attention.headWidth)
        let skip = local.model.transcoders.hasSkip ? Double(spec.width) : 0
        let perPosition = 2 * Double(spec.width) * (heads + skip)
        let cells = local.activations.sites.reduce(0.0) { $0 + (local.fixed.contains($1) ? 0 : Double(($1.layer + 1) * ($1.position + 1))) }
        let features = Double(local.activations.count)
        return cells * perPosition / operationsPerSecond(local.model.decoder) + features * features * 4 / bytesPerSecond
    }

    /// The time to fill memory.
    package static func writing(_ bytes: Int) -> Double { Double(bytes) / bytesPerSecond }
}
