package import Attribution
internal import Foundation
internal import GraphFiles
package import Graphs
internal import Replacement

extension Session {
    /// Computes the graph of the current prompt. Without a limit on feature nodes all are nodes where an estimate says that this
    /// takes less than `AttributionOptions.patience`, else `AttributionOptions.referenceFeatureNodes`.
    ///
    /// - Parameters:
    ///   - most: how many feature nodes whoever asks allows, whatever the options say.
    ///   - position: whose prediction to explain, negative from the prompt's end; nil for the last.
    ///   - request: what to explain; nil for what `setTargets` said last.
    ///   - isSteered: whether to explain the run with the interventions in force, with the options of the last `run`.
    /// - Returns: if the task is cancelled, what is known of the graph of the features that were done.
    /// - Throws: `CancellationError` if there are none.
    package func attribute(
        _ options: AttributionOptions = AttributionOptions(), atMost most: Int? = nil, position: Int? = nil, targets request: TargetRequest? = nil,
        steered isSteered: Bool = false, progress: ProgressHandler? = nil
    ) throws -> GraphReport {
        let start = ContinuousClock.now
        _ = try local()
        let (model, prompt) = (try loaded(), try explained(position))
        let run = try isSteered ? steered(prompt) : nil
        let (local, logits) = (try run?.local ?? local(of: prompt), run?.logits ?? prompt.logits)
        var limited = options.limited(for: local)
        var notices = options.maxFeatureNodes == nil ? [limitNotice(limited.maxFeatureNodes, local)] : []
        let active = local.activations.count
        if let most, most < min(limited.maxFeatureNodes ?? active, active) {
            limited.maxFeatureNodes = most
            notices = ["The \(most) features that matter most are nodes, as many as are allowed here; \(active) are active."]
        }
        let request = request ?? state.targets
        try checkMemory(
            AttributionPlan(
                local, maxFeatureNodes: limited.maxFeatureNodes, targets: model.targetCount(request, options, logits: logits),
                hasScratch: environment.cache != nil), local)
        let targets = try targets(request, options, logits: logits, model)
        var tied: [FeatureSite] = []
        let graph = try model.graph(
            local, of: targets, limited, steering: run?.steering, scratchIn: environment.cache, tied: { tied = $0 },
            progress: { progress?(WorkProgress(phase: "attributing", done: $0, total: $1, unit: "features")) })
        let wanted = min(limited.maxFeatureNodes ?? active, active)
        let isInterrupted = graph.selectedFeatures.count < wanted
        if isInterrupted {
            notices = ["Interrupted after \(graph.selectedFeatures.count) of \(wanted) features, which are the graph's."]
        }
        let tieNotice = Self.tieNotice(tied)
        keepAnnotations()
        let made = GraphState(graph, tokenTexts: graph.tokens.map { text($0).text }, isOfLoaded: true, steered: run?.local)
        state.graph = made
        var report = report(
            made, seconds: (ContinuousClock.now - start).inSeconds, fromStore: prompt.fromStore, notices: notices + shown() + [tieNotice].compactMap(\.self))
        report.isInterrupted = isInterrupted
        report.tieNotice = tieNotice
        return report
    }

    /// Writes the new graph to the folder that a viewer shows, unless it is there already. If that fails, a notice says so; the graph is kept.
    func shown(openedFrom file: URL? = nil) -> [String] {
        guard let folder = published.viewedFolder else { return [] }
        if let file, state.graph?.document != nil, GraphFolder(file.deletingLastPathComponent()) == folder {
            let slug = try? GraphSlug(file.deletingPathExtension().lastPathComponent)
            state.graph?.published = slug.map { PublishedGraph(folder: folder, slug: $0) }
            return []
        }
        do {
            _ = try publish(in: folder, slug: nil, scan: nil, thresholds: nil)
            return []
        } catch is CancellationError {
            return ["The viewer does not have this graph: somebody else writes to \(folder.url.path), and the wait was interrupted."]
        } catch {
            return ["The viewer does not have this graph: \(error)"]
        }
    }

    func report(_ made: GraphState, seconds: Double, fromStore: Bool, notices: [String]) -> GraphReport {
        let graph = made.graph
        let scores = GraphScores(graph, influence: made.influence)
        let isOfLast = state.prompt?.tokens.count == graph.tokens.count || !made.isOfLoaded
        return GraphReport(
            steering: graph.origin.steering, explained: isOfLast ? nil : .init(position: graph.tokens.count - 1, token: made.token(graph.tokens.count - 1)),
            activeFeatures: graph.activeFeatures.count, selectedFeatures: graph.selectedFeatures.count, nodes: graph.index.count,
            nonZeroEdges: graph.edgeCount, targets: graph.targets,
            replacementScore: scores.replacement, completenessScore: scores.completeness, seconds: seconds, fromStore: fromStore,
            notices: notices, hasDirections: graph.targets.contains { !graph.origin.isToken($0) },
            strongestFeature: graph.features(by: .influence, influence: made.influence).first.map(graph.site))
    }

    /// Which features rounding kept from being nodes; nil for none.
    static func tieNotice(_ tied: [FeatureSite]) -> String? {
        if tied.isEmpty { return nil }
        let (names, rest) = (tied.prefix(3).map(\.description).joined(separator: ", "), tied.count - 3)
        let list = names + (rest > 0 ? " and \(rest) more" : "")
        return tied.count == 1
            ? "1 feature that is not a node has as much influence as the last ones taken, to rounding: \(list). With other threads or another processor it may be a node instead of one of them."
            : "\(tied.count) features that are not nodes have as much influence as the last ones taken, to rounding: \(list). With other threads or another processor they may be nodes instead of those."
    }

    /// What to say about a limit on feature nodes that nobody asked for, or that there is none.
    private func limitNotice(_ limit: Int?, _ local: LocalReplacementModel) -> String {
        let active = local.activations.count
        if active == 0 { return "No features are active there, so none are nodes." }
        guard let limit else { return "All \(active) active features are nodes (--max-feature-nodes sets a limit)." }
        let seconds = Int(AttributionTime.usual.edges(local))
        return "The \(limit) features that matter most are nodes; all \(active) would take about \(seconds) s (--max-feature-nodes sets the limit)."
    }
}

package struct GraphReport: Sendable {
    /// A token of the prompt.
    package struct Place: Sendable, Equatable {
        package let position: Int
        package let token: TokenText
    }
    /// The interventions in the run that it explains; nil for a plain run.
    package var steering: GraphSteering?
    /// The token whose prediction of the next it explains; nil for the prompt's last.
    package let explained: Place?
    package let activeFeatures: Int
    package let selectedFeatures: Int
    package let nodes: Int
    package let nonZeroEdges: Int
    package let targets: [AttributionTarget]
    package let replacementScore: Float
    package let completenessScore: Float
    package let seconds: Double
    /// Whether the prompt's features came from the store.
    package let fromStore: Bool
    /// For example which limit on feature nodes was chosen, and why.
    package let notices: [String]
    /// The notice that names features which rounding kept from being nodes; nil if there are none.
    package var tieNotice: String?
    /// Whether a target is a direction, which has no probability.
    package var hasDirections = false
    /// The one with most influence; nil if there is none.
    package var strongestFeature: FeatureSite?
    /// Whether the graph has fewer features than wanted, because its computation was stopped.
    package var isInterrupted = false
}
