public import Graphs
public import Replacement
internal import Transcoders
internal import Transformers

/// What an attribution takes, counted from shapes before any of it is allocated.
public struct AttributionPlan: Sendable {
    /// One step of an attribution, with the memory it holds and the time it takes.
    public struct Stage: Sendable, Equatable {
        /// What it does, in a few words.
        public let name: String
        /// What it keeps in memory; of weights, of the files mapped.
        public let bytes: Int
        /// About how long it takes.
        public let seconds: Double
    }

    /// Features that are active on the prompt, nodes or not.
    public let activeFeatures: Int
    /// The graph's nodes.
    public let index: NodeIndex
    /// In the order of the work.
    public let stages: [Stage]
    /// The most memory that is needed at once, besides the files mapped, in bytes.
    public let peakBytes: Int
    /// The size of the graph's `.pt` file.
    public var fileBytes: Int { AttributionMemory.square(of: index) }

    /// - Parameter maxFeatureNodes: nil for all active features.
    public init(_ local: LocalReplacementModel, maxFeatureNodes: Int?, targets: Int) {
        let (model, active, positions) = (local.model, local.activations.count, local.record.positions)
        let wanted = min(maxFeatureNodes ?? active, active)
        let need = AttributionMemory(local, nodes: wanted, targets: targets)
        let share = active == 0 ? 0 : Double(wanted) / Double(active)
        activeFeatures = active
        index = NodeIndex(features: wanted, layers: local.record.layers.count, positions: positions, targets: targets)
        peakBytes = need.peak
        stages = [
            Stage(name: "weights", bytes: model.decoder.weights.byteCount + model.transcoders.byteCount, seconds: 0),
            Stage(
                name: "prompt", bytes: PromptMemory(model.decoder, model.transcoders, positions: positions).record,
                seconds: AttributionTime.prompt(model.decoder, positions: positions)),
            Stage(name: "decoder rows", bytes: need.writers, seconds: AttributionTime.writing(need.writers)),
            Stage(name: "edges", bytes: need.edges, seconds: AttributionTime.edges(local) * share),
            Stage(name: "pruning", bytes: need.pruning, seconds: AttributionTime.writing(need.pruning)),
        ]
    }
}
