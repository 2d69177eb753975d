internal import Downloads
internal import Graphs
internal import Replacement
internal import Transcoders
internal import Transformers

/// What an attribution takes: counted from shapes before any of it is allocated.
extension Session {
    /// Bytes and seconds of the current prompt's attribution, by stage.
    public func plan(_ options: AttributeOptions) throws -> PlanReport {
        let (model, prompt, local) = (try loaded(), try prompted(), try local())
        let active = local.activations.count
        let wanted = min(featureLimit(options, local).limit ?? active, active)
        let need = AttributionMemory(local, nodes: wanted)
        let nodes = NodeIndex(
            features: wanted, layers: local.record.layers.count, positions: prompt.tokens.count,
            targets: try targetCount(options, prompt, model))
        let share = active == 0 ? 0 : Double(wanted) / Double(active)
        let weights = model.decoder.weights.byteCount + local.model.transcoders.byteCount
        var refusal: String?
        do { try checkMemory(local, nodes: wanted) } catch { refusal = "\(error)" }
        return PlanReport(
            activeFeatures: active, featureNodes: wanted, nodes: nodes.count,
            stages: [
                .init(name: "weights", bytes: weights, seconds: 0),
                .init(
                    name: "prompt", bytes: model.recordBytes(positions: prompt.tokens.count),
                    seconds: 2 * Double(model.decoder.weights.parameterCount * prompt.tokens.count) / operationsPerSecond(model.decoder)),
                .init(name: "decoder rows", bytes: need.writers, seconds: Double(need.writers) / Self.bytesPerSecond),
                .init(name: "edges", bytes: need.edges, seconds: estimatedSeconds(local) * share),
                .init(name: "pruning", bytes: need.pruning, seconds: Double(need.pruning) / Self.bytesPerSecond),
            ],
            peakBytes: need.peak, availableBytes: environment.memory(), fileBytes: nodes.count * nodes.count * 4, refusal: refusal)
    }

    /// A matrix that is touched for the first time takes about a second a GB.
    private static let bytesPerSecond = 1e9

    /// Refuses, before anything is allocated, a graph that does not fit.
    func checkMemory(_ local: LocalReplacementModel, nodes: Int) throws(SessionError) {
        guard let available = environment.memory(), AttributionMemory(local, nodes: nodes).peak > available else { return }
        // The largest graph that does.
        var (low, high) = (0, nodes)
        while low + 1 < high {
            let middle = (low + high) / 2
            if AttributionMemory(local, nodes: middle).peak <= available { low = middle } else { high = middle }
        }
        try checkMemory(
            for: "A graph of \(nodes) of the \(local.activations.count) active features",
            bytes: AttributionMemory(local, nodes: nodes).peak,
            advice: low > 0 ? "--max-feature-nodes \(low) fits." : "A shorter prompt has fewer features.")
    }

    func checkMemory(for what: String, bytes: Int, advice: String) throws(SessionError) {
        guard let available = environment.memory(), bytes > available else { return }
        throw SessionError("\(what) needs \(byteText(bytes)) of memory and \(byteText(available)) are free. \(advice)")
    }
}

/// The memory of one attribution, in bytes.
struct AttributionMemory {
    /// What features write, row by row, and the errors.
    let writers: Int
    /// The rows of the matrix while they are computed, and where only some features are nodes, the rows put in order and
    /// the shares that features are ranked by.
    let edges: Int
    /// The matrix, and the edges among kept nodes that pruning works on, at most all of them.
    let pruning: Int

    var peak: Int { max(writers + edges, pruning) }

    init(_ local: LocalReplacementModel, nodes: Int) {
        let (active, layers, positions) = (local.activations.count, local.record.layers.count, local.record.positions)
        let width = local.model.decoder.spec.width
        let written = local.activations.sites.reduce(0) { $0 + local.model.transcoders.layers[$1.layer].decoders.count }
        writers = 4 * width * (written + layers * positions)
        let others = (layers + 1) * positions
        let graph = 4 * nodes * (nodes + others)
        edges = nodes == active ? graph : 4 * nodes * (2 * active + others) + graph
        // A score, its place in the order, and two flags for each edge.
        pruning = 3 * graph + graph / 2
    }
}

extension LoadedModel {
    /// The record of a run over so many positions, in bytes: what each layer keeps of it, and the attention patterns.
    func recordBytes(positions: Int) -> Int {
        decoder.spec.layers.reduce(0) { sum, layer in
            let attention = layer.attention
            let vectors = 3 * decoder.spec.width + 2 * attention.keyValueHeads * attention.headWidth
            return sum + 4 * positions * (vectors + attention.heads * positions)
        }
    }
}
