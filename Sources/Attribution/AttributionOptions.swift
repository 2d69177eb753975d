/// How large a graph to compute. The defaults stand here and nowhere else.
public struct AttributionOptions: Sendable, Equatable {
    /// At most so many of the likeliest tokens are targets.
    public var maxLogits = 10
    /// Fewer where these have so much probability together.
    public var desiredLogitProbability: Float = 0.95
    /// Feature nodes; nil for all active features. Whoever must not keep somebody waiting puts a limit in its place.
    public var maxFeatureNodes: Int?
    /// Rows computed together; with `updateInterval` the quantum of ranking, and so part of the result.
    public var batchSize = 256
    /// Batches between two rankings of the features still to be visited.
    public var updateInterval = 4

    /// How many feature nodes there are at most where nobody can be asked to wait: the reference's default.
    public static let referenceFeatureNodes = 7500

    /// Every active feature is a node, and all numbers are those of the declarations above.
    public init() {}
}
