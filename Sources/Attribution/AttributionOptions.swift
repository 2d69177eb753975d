/// The size of a graph. This is the only place that defines the defaults.
public struct AttributionOptions: Sendable, Equatable {
    /// Maximum number of target tokens.
    public var maxLogits = 10
    /// No more target tokens are taken once their probabilities sum to this.
    public var desiredLogitProbability: Float = 0.95
    /// Maximum number of feature nodes; nil for all active features.
    public var maxFeatureNodes: Int?
    /// Number of rows in a batch. The result depends on it, because features are ranked again after `updateInterval` batches.
    public var batchSize = 256
    /// Number of batches between two rankings of the features that have no row yet.
    public var updateInterval = 4

    /// The limit on feature nodes when all of them would take too long: the reference's default.
    public static let referenceFeatureNodes = 7500

    /// Creates the default options, in which every active feature is a node.
    public init() {}
}
