package import Attribution
internal import Downloads
internal import Graphs
internal import Replacement

/// What an attribution takes: counted from shapes before any of it is allocated.
extension Session {
    /// Bytes and seconds of the current prompt's attribution, by stage.
    ///
    /// - Parameter position: whose prediction would be explained, negative from the prompt's end; nil for the last.
    package func plan(_ options: AttributionOptions = AttributionOptions(), position: Int? = nil) throws -> PlanReport {
        _ = try local()
        let (model, prompt) = (try loaded(), try explained(position))
        let local = try local(of: prompt)
        let plan = AttributionPlan(
            local, maxFeatureNodes: options.limited(for: local).maxFeatureNodes,
            targets: try model.targetCount(state.targets, options, logits: prompt.logits), hasScratch: environment.cache != nil, time: .measured)
        var refusal: String?
        do { try checkMemory(plan, local) } catch { refusal = "\(error)" }
        return PlanReport(
            activeFeatures: plan.activeFeatures, featureNodes: plan.index.features, nodes: plan.index.count,
            stages: plan.stages, peakBytes: plan.peakBytes, scratchBytes: plan.scratchBytes,
            availableBytes: environment.memory(), fileBytes: plan.fileBytes, refusal: refusal)
    }

    /// Refuses, before anything is allocated, a graph that does not fit.
    func checkMemory(_ plan: AttributionPlan, _ local: LocalReplacementModel) throws(SessionError) {
        guard let available = environment.memory(), plan.neededBytes > available else { return }
        let nodes = plan.index.features
        let advised = AttributionMemory.advisedNodes(
            fitting: available, local, nodes: nodes, targets: plan.index.targets, hasScratch: environment.cache != nil)
        try checkMemory(
            for: "A graph of \(nodes) of the \(plan.activeFeatures) active features", bytes: plan.neededBytes,
            advice: advised > 0 ? "--max-feature-nodes \(advised) fits." : "A shorter prompt has fewer features.")
    }

    func checkMemory(for what: String, bytes: Int, advice: String) throws(SessionError) {
        guard let available = environment.memory(), bytes > available else { return }
        throw SessionError("\(what) needs \(byteText(bytes)) of memory and \(byteText(available)) are free. \(advice)")
    }
}

/// What an attribution takes, before it is started.
package struct PlanReport: Sendable {
    package let activeFeatures: Int
    /// Feature nodes of the graph.
    package let featureNodes: Int
    package let nodes: Int
    package let stages: [AttributionPlan.Stage]
    /// The most memory that is needed at once, besides the files mapped.
    package let peakBytes: Int
    /// A temporary file with rows that do not fit in memory; 0 for none.
    package let scratchBytes: Int
    /// What there is; nil if nothing tells.
    package let availableBytes: Int?
    /// The size of the graph's `.pt` file.
    package let fileBytes: Int
    /// Why it cannot be done, if it cannot.
    package let refusal: String?
}
