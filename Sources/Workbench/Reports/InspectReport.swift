/// What a folder is: a model, a transcoder set, and whether that fits what is loaded.
public struct InspectReport: Sendable {
    /// One layer of a set on the current prompt.
    public struct Layer: Sendable {
        public let layer: Int
        /// Active at all positions but the zeroed ones.
        public let activeFeatures: Int
        /// The share of the variance where features write that the errors keep; nil where there is none.
        public let unexplainedVariance: Float?
    }

    public let name: String
    /// Where it is a model.
    public let model: StatusReport.Model?
    /// Where it is a transcoder set.
    public let transcoders: StatusReport.Transcoders?
    /// Whether the set fits the model that is loaded; nil where there is none.
    public let fits: Bool?
    /// Why it does not.
    public let misfit: String?
    /// On the current prompt; empty where there is none or the set does not fit.
    public let layers: [Layer]
    public let notices: [String]
}
