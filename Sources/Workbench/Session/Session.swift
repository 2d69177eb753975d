internal import Attribution
package import GraphFiles
internal import Graphs
internal import Replacement
internal import Tokenization
internal import Transformers

/// The application without a face: what is loaded, the current prompt, its graph, the interventions in force. One method
/// for each thing a user can ask.
///
/// No method awaits, so requests never interleave. Long ones stop when their task is cancelled (`CancellationError`) and
/// leave everything as it was: state changes only after the work is done.
package actor Session {
    /// How many rows a table has unless it is said.
    package static let usualCount = 10

    let environment: SessionEnvironment
    var store: ActivationStore
    /// The only folder that may be written to; nil for no such limit.
    var confinement: ThrowAwayFolder?
    var state = State() { didSet { published.noteChange() } }
    /// The tokens that features of the loaded set raise most, of those that were listed.
    var raised: [FeatureID: [TokenText]] = [:]
    /// What is active at the peaks of features in the loaded set's index, of those that were asked about.
    var coactiveFeatures: [FeatureID: [CoactiveFeature]] = [:]
    /// For a viewer, which does not wait while the session works.
    package nonisolated let published = PublishedGraphs()
    /// Labels of features, which a viewer shares.
    package internal(set) var labels: LabelStore
    /// Likewise.
    package nonisolated let evidence: EvidenceShelf
    private let executor = SessionExecutor()

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    package init(environment: SessionEnvironment = .current) {
        self.environment = environment
        store = ActivationStore(folder: environment.cache)
        labels = LabelStore(environment.labels)
        evidence = EvidenceShelf(environment: environment)
    }

    /// - Parameter confinement: the only folder that may be written to; nil for no such limit.
    init(environment: SessionEnvironment, confinement: ThrowAwayFolder?) {
        self.environment = environment
        self.confinement = confinement
        store = ActivationStore(folder: confinement == nil ? environment.cache : nil)
        labels = LabelStore(confinement == nil ? environment.labels : nil)
        evidence = EvidenceShelf(environment: environment)
        if confinement != nil { evidence.confine() }
    }

    // MARK: - For prompt line and completion

    package var modelName: String? { state.model?.name }

    package var interventionCount: Int { state.edits.count }

    /// Features active on the prompt whose name begins so, those of the graph first.
    package func completions(featurePrefix prefix: String, limit: Int) -> [String] {
        let inGraph = state.graph.map { state in state.graph.selectedFeatures.map { state.graph.activeFeatures[$0] } } ?? []
        let sites = inGraph.isEmpty ? state.prompt?.activations?.sites ?? [] : inGraph
        return Array(sites.lazy.map(\.description).filter { $0.hasPrefix(prefix) }.prefix(limit))
    }

    /// Token texts that begin so.
    package func completions(tokenPrefix prefix: String, limit: Int) -> [String] {
        state.model?.tokenizer.tokens(withPrefix: prefix, limit: limit) ?? []
    }

    /// Names that `load` takes.
    package func completions(modelPrefix prefix: String) -> [String] {
        ((try? models()) ?? []).map(\.name).filter { $0.hasPrefix(prefix) }
    }
}

/// What a session holds; one value, so that a change is made whole or not at all.
struct State {
    var model: LoadedModel?
    /// Made at the first attribution: it reads the whole unembedding.
    var unembedding: Unembedding?
    var prompt: PromptState?
    /// What the next graph is to explain.
    var targets = TargetRequest.mostLikely
    var graph: GraphState?
    /// The interventions in force, in the order they were made.
    var edits: [InterventionRequest] = []
    var undone: [[InterventionRequest]] = []
    var earlier: [[InterventionRequest]] = []
    /// How the last `run` was asked for; `top`, `probs` and `diff` rerun the same way.
    var runOptions = RunOptions()
    var run: RunState?
    var generation: GenerationState?
    /// The sets that `let` named.
    var sets: [String: SetExpression] = [:]
    /// What people added to the graphs of prompts, by the prompt's tokens, where no folder of graphs keeps it: pins, supernodes and labels.
    var annotations: [[Int]: QueryParameters] = [:]
    /// What `do` made of the interventions in force.
    var experiment: Experiment?
    /// The labels that came with a saved session.
    var lentLabels: [FeatureID: FeatureLabel] = [:]
}

/// The current prompt's recorded run.
struct PromptState {
    let record: ForwardRecord
    /// The record with its features; nil without transcoders.
    let local: LocalReplacementModel?
    /// Next-token logits. `[vocabulary]`.
    let logits: [Float]
    let fromStore: Bool
    /// What `setChat` made it from; nil for a text.
    var conversation: Conversation?

    var tokens: [Int] { record.tokens }
    var activations: FeatureActivations? { local?.activations }
}

/// The current graph.
struct GraphState {
    let graph: AttributionGraph
    let influence: GraphInfluence
    /// The prompt's tokens, decoded one by one. `[positions]`.
    let tokenTexts: [String]
    /// Whether it is of the model, set and prompt that are current, its tokens the prompt's or its first; an opened one need not be.
    let isOfLoaded: Bool
    /// The run that it explains, where that is a steered one and the graph of what is loaded.
    let steered: LocalReplacementModel?
    /// What it was read from, where that had been pruned before.
    let document: GraphDocument?
    /// Where the viewer finds it.
    var published: PublishedGraph?

    init(
        _ graph: AttributionGraph, tokenTexts: [String], isOfLoaded: Bool, steered: LocalReplacementModel? = nil, document: GraphDocument? = nil
    ) {
        self.graph = graph
        influence = GraphInfluence(graph)
        self.tokenTexts = tokenTexts
        self.isOfLoaded = isOfLoaded
        self.steered = steered
        self.document = document
    }

    /// The prompt's token at a position.
    func token(_ position: Int) -> TokenText { TokenText(id: graph.tokens[position], text: tokenTexts[position]) }
}

/// The prompt's run with the interventions in force.
struct RunState {
    let edits: [InterventionRequest]
    let options: RunOptions
    let run: IntervenedRun
    /// Next-token logits. `[vocabulary]`.
    let logits: [Float]
}

/// The last `generate`.
struct GenerationState {
    let before: Continuation
    let after: Continuation?
}

// MARK: - What a request may count on

extension Session {
    func loaded() throws(SessionError) -> LoadedModel {
        guard let model = state.model else {
            throw SessionError("No model is loaded. `load` loads the bundled model; `models` lists those on this machine.")
        }
        return model
    }

    func replacement() throws(SessionError) -> ReplacementModel {
        guard let replacement = try loaded().replacement else { throw try withoutTranscoders() }
        return replacement
    }

    func prompted() throws(SessionError) -> PromptState {
        _ = try loaded()
        guard let prompt = state.prompt else { throw SessionError("There is no prompt yet. Type `prompt` and a text.") }
        return prompt
    }

    /// The prompt with its features.
    func local() throws(SessionError) -> LocalReplacementModel { try local(of: prompted()) }

    func local(of prompt: PromptState) throws(SessionError) -> LocalReplacementModel {
        guard let local = prompt.local else { throw try withoutTranscoders() }
        return local
    }

    private func withoutTranscoders() throws(SessionError) -> SessionError {
        SessionError("\(try loaded().name) is loaded without transcoders, so it has no features. `load MODEL SET` loads both.")
    }

    func graphed() throws(SessionError) -> GraphState {
        guard let graph = state.graph else {
            throw SessionError("There is no graph yet. `attribute` computes the graph of the current prompt; `open FILE` opens a saved one.")
        }
        return graph
    }

    /// The number of positions at the start that have no features; 0 without transcoders.
    var zeroedPositions: Int { state.model?.replacement?.zeroedPositions ?? 0 }

    func text(_ id: Int) -> TokenText { state.model?.text(id) ?? TokenText(id: id, text: "#\(id)") }
}
