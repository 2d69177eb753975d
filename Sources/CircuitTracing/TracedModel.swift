public import Attribution
public import Graphs
public import Replacement
public import Tokenization
public import Transformers
public import Workbench

/// A model whose MLPs are explained by a transcoder set, with its tokenizer: what makes graphs, interventions and continuations
/// of any prompt.
///
/// It is a value that does not change, and tasks may share it. Each call runs its prompt anew. Errors are sentences for people.
public struct TracedModel: Sendable {
    /// The decoder and its transcoders, for what is not offered here.
    public let replacement: ReplacementModel
    private let loaded: LoadedModel
    private let unembedding: Unembedding

    /// Loads files that are on this machine. Nothing is fetched: `circuit-tracer download NAME` does that.
    ///
    /// - Parameters:
    ///   - transcoders: the folder of a transcoder set, or its name on the Hugging Face hub, `org/name[/folder][@revision]`.
    ///   - model: likewise; nil for the model that the set's config names.
    /// - Throws: `SessionError` for what is not here, and what reading the files throws.
    public init(transcoders: String, model: String? = nil) throws {
        loaded = try LoadedModel(model: model, transcoders: transcoders, environment: .current)
        guard let replacement = loaded.replacement else { throw SessionError("\(transcoders) is not a transcoder set.", word: transcoders) }
        self.replacement = replacement
        unembedding = Unembedding(replacement.decoder.weights.unembedding)
    }

    /// The model's tokenizer.
    public var tokenizer: Tokenizer { loaded.tokenizer }

    /// What the files say in two ways, leave open, or say and does not count, and what was made of it; a sentence each.
    public var notices: [String] { loaded.notices }

    /// Runs a prompt and reads its features: the model frozen on it (docs/method.md, section 3).
    ///
    /// - Throws: `SessionError`, `ModelError` for a prompt that is empty or too long.
    public func localized(_ prompt: String) throws -> LocalReplacementModel {
        try replacement.localized(loaded.tokens(ofPrompt: prompt))
    }

    /// The attribution graph of a prompt. All its active features are nodes, however long that takes, unless
    /// `options.maxFeatureNodes` sets a limit: memory and time grow with the square of their number.
    ///
    /// - Parameter targets: what it explains.
    /// - Throws: as `localized` does; `SessionError` for a target that is not a token.
    public func attribute(
        _ prompt: String, targets: TargetRequest = .mostLikely, options: AttributionOptions = AttributionOptions()
    ) throws -> AttributionGraph {
        let local = try localized(prompt)
        return try loaded.graph(local, of: loaded.targets(targets, options, logits: loaded.nextTokenLogits(local.record), unembedding), options)
    }

    /// A prompt's run with features set to other values.
    ///
    /// - Throws: as `localized` does; `ReplacementError` for a feature that the set does not have and for values too large.
    public func intervened(
        _ prompt: String, _ interventions: [Intervention], options: RunOptions = RunOptions()
    ) throws -> IntervenedRun {
        try localized(prompt).intervened(interventions, options: options)
    }

    /// The most likely next tokens after a run, plain or intervened.
    ///
    /// - Throws: `ModelError` where the logits are not numbers.
    public func nextTokens(after run: ForwardRecord, count: Int = TokenScore.usualCount) throws -> [TokenScore] {
        loaded.topScores(try loaded.nextTokenLogits(run), count)
    }

    /// What continues a prompt; `tokenizer.decode` makes text of its tokens. Interventions act on the prompt's tokens and on new
    /// ones, whose positions follow the prompt's.
    ///
    /// - Throws: as `intervened` does; `ModelError.continuationTooLong` beyond the model's context.
    public func continued(
        _ prompt: String, _ interventions: [Intervention] = [], options: GenerationOptions = GenerationOptions()
    ) throws -> Continuation {
        let local = try localized(prompt)
        let run = interventions.isEmpty ? local.record : try local.intervened(interventions, options: options.run).record
        return try loaded.continuation(run, options, interventions)
    }
}
