package import Graphs

extension FeatureActivations {
    /// The mean over features of the activation, as a share of a baseline; features whose baseline is 0 do not count. nil if none counts.
    package func meanShare(of baseline: [FeatureSite: Float]) -> Float? {
        // In order, so that the sum has the same bits each time.
        let counted = baseline.filter { $0.value != 0 }.sorted { $0.key < $1.key }
        if counted.isEmpty { return nil }
        return counted.reduce(0) { $0 + self[$1.key] / $1.value } / Float(counted.count)
    }

    /// The activations of some features here, as a baseline.
    package func baseline(of sites: some Sequence<FeatureSite>) -> [FeatureSite: Float] {
        Dictionary(sites.map { ($0, self[$0]) }, uniquingKeysWith: { first, _ in first })
    }
}
