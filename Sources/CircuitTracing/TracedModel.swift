public import Attribution
public import Graphs
public import Replacement
public import Tokenization
public import Transformers
public import Workbench

/// A model whose MLPs are explained by a transcoder set, with its tokenizer. It computes graphs, interventions and continuations
/// of any prompt.
///
/// It is an immutable value, and tasks may share it. Each call runs its prompt again. The descriptions of its errors are
/// sentences for users.
public struct TracedModel: Sendable {
    /// The decoder and its transcoders, for everything that this type does not offer.
    public let replacement: ReplacementModel
    private let loaded: LoadedModel
    private let unembedding: Unembedding

    /// Loads files from this computer. It downloads nothing; use `circuit-tracer download NAME` for that.
    ///
    /// - Parameters:
    ///   - transcoders: the folder of a transcoder set, or its name on the Hugging Face hub, `org/name[/folder][@revision]`.
    ///   - model: the folder of the model or its name on the hub; nil for the model that the set's config names.
    /// - Throws: `SessionError` for files that are not on this computer; errors of the readers for files that cannot be read.
    public init(transcoders: String, model: String? = nil) throws {
        loaded = try LoadedModel(model: model, transcoders: transcoders, environment: .current)
        guard let replacement = loaded.replacement else { throw SessionError("\(transcoders) is not a transcoder set.", word: transcoders) }
        self.replacement = replacement
        unembedding = Unembedding(replacement.decoder.weights.unembedding)
    }

    /// The model's tokenizer.
    public var tokenizer: Tokenizer { loaded.tokenizer }

    /// Notices about contradictory, missing or unused settings in the files, and how each was resolved. Each is a sentence.
    public var notices: [String] { loaded.notices }

    /// Runs a prompt and reads its features. The result is the model frozen on the prompt (docs/method.md, section 3).
    ///
    /// - Throws: `SessionError`; `ModelError` for a prompt that is empty or too long.
    public func localized(_ prompt: String) throws -> LocalReplacementModel {
        try replacement.localized(loaded.tokens(ofPrompt: prompt))
    }

    /// Computes the attribution graph of a prompt. All active features are nodes, however long that takes, unless
    /// `options.maxFeatureNodes` sets a limit. Memory and time grow with the square of the number of feature nodes.
    ///
    /// - Parameter targets: what the graph explains.
    /// - Throws: the errors of `localized`; `SessionError` for a target that is not a token.
    public func attribute(
        _ prompt: String, targets: TargetRequest = .mostLikely, options: AttributionOptions = AttributionOptions()
    ) throws -> AttributionGraph {
        let local = try localized(prompt)
        return try loaded.graph(local, of: loaded.targets(targets, options, logits: loaded.nextTokenLogits(local.record), unembedding), options)
    }

    /// Runs a prompt with features set to other values.
    ///
    /// - Throws: the errors of `localized`; `ReplacementError` for a feature that the set does not have or a value that is too
    ///   large.
    public func intervened(
        _ prompt: String, _ interventions: [Intervention], options: RunOptions = RunOptions()
    ) throws -> IntervenedRun {
        try localized(prompt).intervened(interventions, options: options)
    }

    /// The most likely next tokens after a run, with or without interventions.
    ///
    /// - Throws: `ModelError` if the logits are not finite.
    public func nextTokens(after run: ForwardRecord, count: Int = TokenScore.usualCount) throws -> [TokenScore] {
        loaded.topScores(try loaded.nextTokenLogits(run), count)
    }

    /// Generates a continuation of a prompt; `tokenizer.decode` turns its tokens into text. Interventions act on the prompt's tokens
    /// and on new ones, whose positions follow the prompt's.
    ///
    /// - Throws: the errors of `intervened`; `ModelError.continuationTooLong` if the tokens exceed the model's context.
    public func continued(
        _ prompt: String, _ interventions: [Intervention] = [], options: GenerationOptions = GenerationOptions()
    ) throws -> Continuation {
        let local = try localized(prompt)
        let run = interventions.isEmpty ? local.record : try local.intervened(interventions, options: options.run).record
        return try loaded.continuation(run, options, interventions)
    }
}
