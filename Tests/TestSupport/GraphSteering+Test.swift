package import Graphs
internal import Tensors

extension GraphSteering {
    /// A run with these interventions, attention frozen.
    package static func test(_ interventions: String..., constrained: Range<Int>? = nil, freezesAttention: Bool = true) -> GraphSteering {
        GraphSteering(interventions: interventions, freezesAttention: freezesAttention, constrainedLayers: constrained)
    }
}

extension AttributionGraph {
    /// The same as the graph of a steered run: the rows of some features are zeros.
    package func steered(_ steering: GraphSteering?, set features: [Int] = []) -> AttributionGraph {
        var (edges, origin) = (edges, origin)
        for row in features { for column in 0..<edges.columns { edges[row, column] = 0 } }
        origin.steering = steering
        return AttributionGraph(
            prompt: prompt, tokens: tokens, activeFeatures: activeFeatures, activations: activations, selectedFeatures: selectedFeatures,
            targets: targets, edges: edges, origin: origin)
    }
}
