internal import Attribution
internal import Foundation
internal import GraphFiles
internal import Graphs
internal import Replacement
internal import Tensors
internal import Tokenization
internal import Transformers

/// Options of `attribute`.
public struct AttributeOptions: Sendable {
    public var maxLogits: Int
    public var desiredLogitProbability: Float
    /// nil: all features where an estimate says that takes under ten seconds, else 7,500.
    public var maxFeatureNodes: Int?
    public var batchSize: Int
    public var updateInterval: Int
    /// What to explain; nil for what `setTargets` said last.
    public var targets: TargetRequest?

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

        try checkMemory(AttributionPlan(local, maxFeatureNodes: limit, targets: targetCount(options, prompt, model)), local)
        let targets = try targets(options, prompt, model)
        let graph = try AttributionEngine(local).graph(
            of: targets, options: engineOptions, prompt: model.tokenizer.decode(prompt.tokens), origin: model.origin
        ) { done, total in progress?(Progress(phase: "attributing", done: done, total: total, unit: "features")) }
        try Task.checkCancellation()
        let made = GraphState(graph, tokenTexts: graph.tokens.map { text($0).text }, isOfLoaded: true)
        state.graph = made
        return report(
            made, seconds: (ContinuousClock.now - start).inSeconds, fromStore: prompt.fromStore, notices: notices + shown())
    }

    /// Writes the new graph to the folder that a viewer shows, unless it lies there; that it cannot is worth a word, not the
    /// graph.
    func shown(openedFrom file: URL? = nil) -> [String] {
        guard let viewedFolder else { return [] }
        if let file, state.graph?.document != nil, GraphFolder(file.deletingLastPathComponent()) == viewedFolder {
            let slug = try? GraphSlug(file.deletingPathExtension().lastPathComponent)
            state.graph?.published = slug.map { PublishedGraph(folder: viewedFolder, slug: $0) }
            return []
        }
        do {
            _ = try publish(in: viewedFolder, slug: nil, scan: nil, thresholds: nil)
            return []
        } catch {
            return ["The viewer does not have this graph: \(error)"]
        }
    }

    /// What the graphs to come are to explain.
    public func setTargets(_ request: TargetRequest) throws -> TargetsReport {
        _ = try tokenIDs(request, try loaded())
        state.targets = request
        return try targets()
    }

    /// What the next graph explains; on a prompt with the weights they have there.
    public func targets() throws -> TargetsReport {
        let model = try loaded()
        let targets = try state.prompt.map { try self.targets(AttributeOptions(), $0, model).targets }
        return TargetsReport(request: state.targets, targets: targets)
    }

    func targets(_ options: AttributeOptions, _ prompt: PromptState, _ model: LoadedModel) throws -> AttributionTargets {
        let unembedding = state.unembedding ?? Unembedding(model.decoder.weights.unembedding)
        state.unembedding = unembedding
        let request = options.targets ?? state.targets
        let ids = try tokenIDs(request, model)
        let text = { (id: Int) in model.text(id).text }
        switch request {
        case .likeliest:
            return .tokens(salientTokens(options, prompt), logits: prompt.logits, unembedding: unembedding, text: text)
        case .tokens:
            let distinct = ids.reduce(into: [Int]()) { if !$0.contains($1) { $0.append($1) } }
            return .tokens(distinct, logits: prompt.logits, unembedding: unembedding, text: text)
        case .difference:
            return .difference(ids[0], ids[1], logits: prompt.logits, unembedding: unembedding, text: text)
        case .concept(let tokens, _):
            let pairs = zip(ids, ids.dropFirst(tokens.count)).map { (token: $0, counterpart: $1) }
            return .concept(pairs, logits: prompt.logits, unembedding: unembedding, text: text)
        }
    }

    func targetCount(_ options: AttributeOptions, _ prompt: PromptState, _ model: LoadedModel) throws -> Int {
        switch options.targets ?? state.targets {
        case .likeliest: salientTokens(options, prompt).count
        case .tokens(let tokens): Set(try tokenIDs(.tokens(tokens), model)).count
        case .difference, .concept: 1
        }
    }

    private func salientTokens(_ options: AttributeOptions, _ prompt: PromptState) -> [Int] {
        AttributionTargets.salientTokens(
            prompt.logits, desiredProbability: options.desiredLogitProbability, maxCount: options.maxLogits)
    }

    /// The ids of the tokens a request names, in its order.
    ///
    /// - Throws: `SessionError` for what is no token, or names no direction.
    private func tokenIDs(_ request: TargetRequest, _ model: LoadedModel) throws(SessionError) -> [Int] {
        switch request {
        case .likeliest: return []
        case .tokens(let tokens):
            if tokens.isEmpty { throw SessionError("No token is named to explain.") }
            return try tokens.map { token throws(SessionError) in try model.token(token) }
        case .difference(let a, let b):
            let ids = [try model.token(a), try model.token(b)]
            if ids[0] == ids[1] { throw SessionError("A token's logit does not differ from itself; name two tokens.", word: "\(b)") }
            return ids
        case .concept(let tokens, let counterparts):
            guard !tokens.isEmpty, tokens.count == counterparts.count else {
                throw SessionError(
                    "A concept is named by as many tokens as counterparts, in pairs; these are \(tokens.count) and \(counterparts.count).")
            }
            return try (tokens + counterparts).map { token throws(SessionError) in try model.token(token) }
        }
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
    func featureLimit(_ options: AttributeOptions, _ local: LocalReplacementModel) -> (limit: Int?, notices: [String]) {
        let active = local.activations.count
        if let asked = options.maxFeatureNodes { return (asked, []) }
        let seconds = AttributionTime.edges(local)
        if seconds < Self.patience { return (nil, ["All \(active) active features are nodes (--max-feature-nodes sets a limit)."]) }
        let limit = min(AttributeOptions.referenceFeatureNodes, active)
        return (limit, [
            "The \(limit) features that matter most are nodes; all \(active) would take about \(Int(seconds)) s (--max-feature-nodes sets the limit)."
        ])
    }

    /// Longer than this, an attribution of all features is not started unasked.
    private static let patience = 10.0
}
