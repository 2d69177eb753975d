/// The interventions in the run that a graph explains, and what the run kept. They are saved with the graph.
public struct GraphSteering: Sendable, Hashable, Codable {
    /// Each as it acts: `0/1292@9 = -2x`, `0/1292@9: = 0`, `0/1292@2:5 += 1.5`; positions are counted from the prompt's first token.
    public var interventions: [String]
    /// Whether attention patterns stayed those of the run without them.
    public var freezesAttention: Bool
    /// The layers whose MLP outputs stayed so, half open; nil for none.
    public var constrainedLayers: Range<Int>?

    /// Creates a description of a run.
    public init(interventions: [String], freezesAttention: Bool, constrainedLayers: Range<Int>?) {
        self.interventions = interventions
        self.freezesAttention = freezesAttention
        self.constrainedLayers = constrainedLayers
    }
}
