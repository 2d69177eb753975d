internal import Attribution
internal import Foundation
internal import Graphs
internal import Replacement
internal import Tensors
internal import Tokenization
internal import Transcoders
internal import Transformers

/// Options of `attribute`.
public struct AttributeOptions: Sendable {
    public var maxLogits: Int
    public var desiredLogitProbability: Float
    /// nil: all features where an estimate says that takes under ten seconds, else 7,500.
    public var maxFeatureNodes: Int?
    public var batchSize: Int
    public var updateInterval: Int
    /// Tokens to explain; empty for the likeliest.
    public var targets: [TokenReference] = []

    /// How many feature nodes there are at most where nobody can be asked to wait: the reference's default.
    public static let referenceFeatureNodes = 7500

    public init() {
        let defaults = AttributionOptions()
        maxLogits = defaults.maxLogits
        desiredLogitProbability = defaults.desiredLogitProbability
        batchSize = defaults.batchSize
        updateInterval = defaults.updateInterval
    }
}

extension Session {
    /// Computes the graph of the current prompt.
    public func attribute(_ options: AttributeOptions, progress: ProgressHandler? = nil) throws -> GraphReport {
        let start = ContinuousClock.now
        let (model, prompt, local) = (try loaded(), try prompted(), try local())
        let (limit, notices) = featureLimit(options, local)
        var engineOptions = AttributionOptions()
        engineOptions.maxLogits = options.maxLogits
        engineOptions.desiredLogitProbability = options.desiredLogitProbability
        engineOptions.maxFeatureNodes = limit
        engineOptions.batchSize = options.batchSize
        engineOptions.updateInterval = options.updateInterval

        let unembedding = state.unembedding ?? Unembedding(model.decoder.weights.unembedding)
        let tokens =
            options.targets.isEmpty
            ? AttributionTargets.salientTokens(
                prompt.logits, desiredProbability: options.desiredLogitProbability, maxCount: options.maxLogits)
            : try options.targets.reduce(into: [Int]()) { tokens, target in
                let token = try model.token(target)
                if !tokens.contains(token) { tokens.append(token) }
            }
        let targets = AttributionTargets.tokens(tokens, logits: prompt.logits, unembedding: unembedding) { model.text($0).text }
        let graph = try AttributionEngine(local).graph(
            of: targets, options: engineOptions, prompt: model.tokenizer.decode(prompt.tokens), origin: model.origin
        ) { done, total in progress?(Progress(phase: "attributing", done: done, total: total, unit: "features")) }
        state.unembedding = unembedding
        try Task.checkCancellation()
        let made = GraphState(graph: graph, influence: GraphInfluence(graph), isOfLoaded: true)
        state.graph = made
        return report(made, seconds: (ContinuousClock.now - start).inSeconds, fromStore: prompt.fromStore, notices: notices)
    }

    func report(_ made: GraphState, seconds: Double, fromStore: Bool, notices: [String]) -> GraphReport {
        let graph = made.graph
        let scores = GraphScores(graph, influence: made.influence)
        return GraphReport(
            activeFeatures: graph.activeFeatures.count, selectedFeatures: graph.selectedFeatures.count, nodes: graph.index.count,
            nonZeroEdges: graph.edges.elements.reduce(0) { $0 + ($1 == 0 ? 0 : 1) }, targets: graph.targets,
            replacementScore: scores.replacement, completenessScore: scores.completeness, seconds: seconds, fromStore: fromStore,
            notices: notices)
    }

    /// How many features to make nodes, and what to say about it.
    private func featureLimit(_ options: AttributeOptions, _ local: LocalReplacementModel) -> (limit: Int?, notices: [String]) {
        let active = local.activations.count
        if let asked = options.maxFeatureNodes { return (asked, []) }
        let seconds = estimatedSeconds(local)
        if seconds < Self.patience { return (nil, ["All \(active) active features are nodes (--max-feature-nodes sets a limit)."]) }
        let limit = min(AttributeOptions.referenceFeatureNodes, active)
        return (limit, [
            "The \(limit) features that matter most are nodes; all \(active) would take about \(Int(seconds)) s (--max-feature-nodes sets the limit)."
        ])
    }

    /// Longer than this, an attribution of all features is not started unasked.
    private static let patience = 10.0

    /// What the rows of all features would take: the causal cones' attention blocks and skips, and writing the edges.
    ///
    /// Measured on two cores: products run at 1e10 operations a second at d_model 48 and ten times that at 1024 and more,
    /// and a matrix that is touched for the first time takes a second a GB.
    private func estimatedSeconds(_ local: LocalReplacementModel) -> Double {
        let spec = local.model.decoder.spec
        let attention = spec.layers[0].attention
        let heads = Double((attention.heads + attention.keyValueHeads) * attention.headWidth)
        let skip = local.model.transcoders.hasSkip ? Double(spec.width) : 0
        let perPosition = 2 * Double(spec.width) * (heads + skip)
        let cells = local.activations.sites.reduce(0.0) { $0 + Double(($1.layer + 1) * ($1.position + 1)) }
        let operationsPerSecond = 1e11 * min(1, Double(spec.width) / 512)
        let features = Double(local.activations.count)
        return cells * perPosition / operationsPerSecond + features * features * 4 / 1e9
    }
}
