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
        let targets = try targetCount(options, prompt, model)
        let need = AttributionMemory(local, nodes: wanted, targets: targets)
        let nodes = NodeIndex(
            features: wanted, layers: local.record.layers.count, positions: prompt.tokens.count,
            targets: targets)
        let share = active == 0 ? 0 : Double(wanted) / Double(active)
        let weights = model.decoder.weights.byteCount + local.model.transcoders.byteCount
        var refusal: String?
        do { try checkMemory(local, nodes: wanted, targets: targets) } catch { refusal = "\(error)" }
        return PlanReport(
            activeFeatures: active, featureNodes: wanted, nodes: nodes.count,
            stages: [
                .init(name: "weights", bytes: weights, seconds: 0),
                .init(
                    name: "prompt", bytes: PromptMemory(model, positions: prompt.tokens.count).record,
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
    func checkMemory(_ local: LocalReplacementModel, nodes: Int, targets: Int) throws(SessionError) {
        func need(_ nodes: Int) -> Int { AttributionMemory(local, nodes: nodes, targets: targets).peak }
        guard let available = environment.memory(), need(nodes) > available else { return }
        // The largest graph that does, with some room: at the next try less may be free.
        var (low, high) = (0, nodes)
        while low + 1 < high {
            let middle = (low + high) / 2
            if need(middle) <= available / 10 * 9 { low = middle } else { high = middle }
        }
        let advised = low.roundedDown
        try checkMemory(
            for: "A graph of \(nodes) of the \(local.activations.count) active features", bytes: need(nodes),
            advice: advised > 0 ? "--max-feature-nodes \(advised) fits." : "A shorter prompt has fewer features.")
    }

    func checkMemory(for what: String, bytes: Int, advice: String) throws(SessionError) {
        guard let available = environment.memory(), bytes > available else { return }
        throw SessionError("\(what) needs \(byteText(bytes)) of memory and \(byteText(available)) are free. \(advice)")
    }
}

extension Int {
    /// To two digits.
    fileprivate var roundedDown: Int {
        var unit = 1
        while self / unit >= 100 { unit *= 10 }
        return self / unit * unit
    }
}
