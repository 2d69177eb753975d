public import Replacement

extension AttributionOptions {
    /// In seconds: longer than this, an attribution of all features is not started unasked.
    package static let patience = 10.0

    /// The options with a limit on feature nodes where one is needed: `referenceFeatureNodes`, unless there is a limit or all
    /// features take less than `patience`.
    public func limited(for local: LocalReplacementModel) -> AttributionOptions {
        guard maxFeatureNodes == nil, AttributionTime.edges(local) >= Self.patience else { return self }
        var options = self
        options.maxFeatureNodes = min(Self.referenceFeatureNodes, local.activations.count)
        return options
    }
}
