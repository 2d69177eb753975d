public import Replacement

extension AttributionOptions {
    /// The longest time, in seconds, that an attribution of all features may take when the user set no limit.
    package static let patience = 10.0

    /// The options with a limit of `referenceFeatureNodes` on feature nodes, unless there already is a limit or all features
    /// take less than `patience`.
    public func limited(for local: LocalReplacementModel) -> AttributionOptions {
        guard maxFeatureNodes == nil, AttributionTime.usual.edges(local) >= Self.patience else { return self }
        var options = self
        options.maxFeatureNodes = local.featureNodes(atMost: Self.referenceFeatureNodes)
        return options
    }
}
