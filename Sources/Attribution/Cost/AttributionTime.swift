internal import Graphs
package import Replacement
internal import Tensors
internal import Transcoders
internal import Transformers

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
        let best = (0..<10).map { _ in clock.measure { _ = left.multiplied(byTransposeOf: weights) } }.min()!
        return 2 * Double(rows * width * width) / max(best / .seconds(1), 1e-6)
    }

    private func operationsPerSecond(_ decoder: TransformerDecoder) -> Double { productRate * min(1, Double(decoder.spec.width) / 512) }

    /// The time of the prompt's run and of reading its features, which use each parameter and each encoder's once for each position.
    package func prompt(_ model: ReplacementModel, positions: Int) -> Double {
        let (decoder, transcoders) = (model.decoder, model.transcoders)
        let encoders = decoder.layerCount * transcoders.featuresPerLayer * decoder.spec.width
        return 2 * Double((decoder.weights.parameterCount + encoders) * positions) / operationsPerSecond(decoder)
    }

    /// The time of the rows of features: the causal cones' attention blocks, skips and features, and writing the edges.
    ///
    /// Which they are is not known before. Where there is a limit, half of them are taken to be at the last position, which leads straight to
    /// the targets and costs most.
    ///
    /// - Parameter nodes: how many of the active features; nil for all.
    package func edges(_ local: LocalReplacementModel, nodes: Int? = nil) -> Double {
        let spec = local.model.decoder.spec
        let attention = spec.layers[0].attention
        let heads = Double((attention.heads + attention.keyValueHeads) * attention.headWidth)
        let skip = local.model.transcoders.hasSkip ? Double(spec.width) : 0
        let (sites, last) = (local.activations.sites, local.record.positions - 1)
        let written = sites.reduce(0) { $0 + local.model.transcoders.layers[$1.layer].decoders.count }
        let read = Double(written) / Double(max(local.record.layers.count * local.record.positions, 1))
        let perPosition = 2 * Double(spec.width) * (heads + skip + read)
        let perPair = Double(attention.heads * attention.headWidth)
        // Operations of all features, and of those at the last position.
        var (all, atLast) = ((count: 0, operations: 0.0), (count: 0, operations: 0.0))
        for site in sites where !local.fixed.contains(site) {
            let reach = Double(site.position + 1)
            let operations = Double(site.layer + 1) * (reach * perPosition + reach * reach * perPair)
            all = (all.count + 1, all.operations + operations)
            if site.position == last { atLast = (atLast.count + 1, atLast.operations + operations) }
        }
        let wanted = min(nodes ?? all.count, all.count)
        let near = wanted < all.count ? min(wanted / 2, atLast.count) : 0
        func mean(_ part: (count: Int, operations: Double)) -> Double { part.operations / Double(max(part.count, 1)) }
        let operations = Double(near) * mean(atLast) + Double(wanted - near) * mean(all)
        return operations / operationsPerSecond(local.model.decoder) + Double(wanted) * Double(sites.count) * 4 / Self.bytesPerSecond
    }

    /// The time to fill memory.
    package func writing(_ bytes: Int) -> Double { Double(bytes) / Self.bytesPerSecond }
}
