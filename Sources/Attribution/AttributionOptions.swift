/// How large a graph to compute. The defaults stand here and nowhere else.
public struct AttributionOptions: Sendable, Equatable {
    /// At most so many of the likeliest tokens are targets.
    public var maxLogits = 10
    /// Fewer where these have so much probability together.
    public var desiredLogitProbability: Float = 0.95
    /// Feature nodes; nil for all active features.
    public var maxFeatureNodes: Int?
    /// Rows computed together; with `updateInterval` the quantum of ranking, and so part of the result.
    public var batchSize = 256
    /// Batches between two rankings of the features still to be visited.
    public var updateInterval = 4

    /// The defaults of the properties.
    public init() {}
}
