public import Graphs
public import Replacement
internal import Transcoders
internal import Transformers

/// The memory and time of an attribution, computed from shapes before anything is allocated.
public struct AttributionPlan: Sendable {
    /// One step of an attribution, with its memory and time.
    public struct Stage: Sendable, Equatable {
        /// A short name.
        public let name: String
        /// The memory that it holds, in bytes; for weights, the size of the mapped files.
        public let bytes: Int
        /// The time that it takes, in seconds, approximately.
        public let seconds: Double
    }

    /// Number of features that are active on the prompt, whether they are nodes or not.
    public let activeFeatures: Int
    /// The numbers of the graph's nodes.
    public let index: NodeIndex
    /// The steps, in the order in which they run.
    public let stages: [Stage]
    /// The most memory that is in use at once, without the mapped files, in bytes.
    public let peakBytes: Int
    /// What of it is not in use yet: the prompt's run and its features are.
    public let neededBytes: Int
    /// The size of a temporary file, where the rows do not fit in memory; 0 for none.
    public let scratchBytes: Int
    /// The size of the graph's `.pt` file, in bytes.
    public var fileBytes: Int { AttributionMemory.square(of: index) }

    /// - Parameters:
    ///   - maxFeatureNodes: the limit on feature nodes; nil for all active features.
    ///   - hasScratch: whether there is a folder for a temporary file.
    public init(_ local: LocalReplacementModel, maxFeatureNodes: Int?, targets: Int, hasScratch: Bool = false) {
        self.init(local, maxFeatureNodes: maxFeatureNodes, targets: targets, hasScratch: hasScratch, time: .usual)
    }

    /// - Parameter time: of the machine.
    package init(_ local: LocalReplacementModel, maxFeatureNodes: Int?, targets: Int, hasScratch: Bool, time: AttributionTime) {
        let (model, active, positions) = (local.model, local.activations.count, local.record.positions)
        let wanted = local.featureNodes(atMost: maxFeatureNodes)
        let need = AttributionMemory(local, nodes: wanted, targets: targets, hasScratch: hasScratch)
        activeFeatures = active
        index = NodeIndex(features: wanted, layers: local.record.layers.count, positions: positions, targets: targets)
        (peakBytes, neededBytes, scratchBytes) = (need.held + need.needed, need.needed, need.scratch)
        stages = [
            Stage(name: "weights", bytes: model.decoder.weights.byteCount + model.transcoders.byteCount, seconds: 0),
            Stage(name: "prompt", bytes: need.held, seconds: time.prompt(model, positions: positions)),
            Stage(name: "errors", bytes: need.writers, seconds: time.writing(need.writers)),
            Stage(name: "edges", bytes: need.edges, seconds: time.edges(local, nodes: wanted)),
            Stage(name: "pruning", bytes: need.pruning, seconds: time.writing(need.pruning)),
        ]
    }
}
