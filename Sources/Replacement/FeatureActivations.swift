public import Graphs
internal import Tensors

/// The active features of one run, in order (layer, position, feature index), with their activations.
public struct FeatureActivations: Sendable, Equatable {
    /// Where each is active, ascending.
    public let sites: [FeatureSite]
    /// None of them 0; below it only where the transcoders' activation function lets negative numbers through, or an intervention set them so.
    public let values: [Float]
    package let layers: Int
    private let positions: Int
    /// Where each (layer, position) begins in `sites`, and one past the end. `[layers * positions + 1]`.
    private let starts: [Int]

    /// - Parameter sites: in order, each once.
    public init(sites: [FeatureSite], values: [Float], layers: Int, positions: Int) {
        precondition(sites.count == values.count, "\(sites.count) features with \(values.count) values")
        self.sites = sites
        self.values = values
        self.layers = layers
        self.positions = positions
        var starts = [Int](repeating: 0, count: layers * positions + 1)
        for site in sites { starts[site.layer * positions + site.position + 1] += 1 }
        for cell in 1..<starts.count { starts[cell] += starts[cell - 1] }
        self.starts = starts
    }

    /// How many features are active, each position counted.
    public var count: Int { sites.count }

    /// The indices of the features that are active at one position of one layer.
    public func indices(layer: Int, position: Int) -> Range<Int> {
        let cell = layer * positions + position
        return starts[cell]..<starts[cell + 1]
    }

    /// The indices of the features of one layer.
    package func indices(layer: Int) -> Range<Int> { starts[layer * positions]..<starts[(layer + 1) * positions] }

    /// The index of a feature, if it is active there.
    public func index(of site: FeatureSite) -> Int? {
        let range = indices(layer: site.layer, position: site.position)
        let index = range.partitionPoint { sites[$0].index < site.index }
        return index < range.upperBound && sites[index].index == site.index ? index : nil
    }

    /// A feature's activation; 0 where it is not active.
    public subscript(site: FeatureSite) -> Float { index(of: site).map { values[$0] } ?? 0 }

    /// The same with some features at other values; those at 0 are not active.
    func setting(_ wanted: [FeatureSite: Float]) -> FeatureActivations {
        if wanted.isEmpty { return self }
        let kept = zip(sites, values).filter { wanted[$0.0] == nil }
        let all = (kept + wanted.filter { $0.value != 0 }.map { ($0.key, $0.value) }).sorted { $0.0 < $1.0 }
        return FeatureActivations(sites: all.map(\.0), values: all.map(\.1), layers: layers, positions: positions)
    }
}
