internal import Attribution
internal import Replacement
internal import Tensors
internal import Tokenization
internal import Transformers

extension Session {
    /// Tokenises a prompt, runs it and reads its features. Interventions stay in force, and the prompt is run with them too.
    ///
    /// - Throws: `SessionError`, `ModelError` for a prompt that is empty or too long; the old prompt stays.
    package func setPrompt(_ text: String) throws -> PromptReport {
        let model = try loaded()
        try run(prompt: model.tokens(ofPrompt: text))
        return try promptReport(notices: tokenNotices(prompted().tokens))
    }

    /// The same of a prompt by its tokens, which are taken as they are.
    package func setPrompt(of tokens: [TokenReference]) throws -> PromptReport {
        let model = try loaded()
        try run(prompt: tokens.map { try model.token($0) })
        return try promptReport(notices: tokenNotices(prompted().tokens))
    }

    /// Appends the tokens that the plain model finds most likely, one after the other; what comes of it is the prompt.
    ///
    /// - Parameter count: fewer where the model ends the text before; the token that ends it is not appended.
    /// - Throws: `ModelError.continuationTooLong` beyond the model's context; the old prompt stays.
    package func extend(by count: Int, progress: ProgressHandler? = nil) throws -> PromptReport {
        let (model, prompt) = (try loaded(), try prompted())
        let new = try model.decoder.continued(
            prompt.record, by: count, sampling: Sampling(), logits: Matrix(repeating: prompt.logits, rows: 1), endTokens: model.endTokens
        ) {
            progress?(WorkProgress(phase: "generating", done: $0, total: count, unit: "tokens"))
        }.tokens
        guard let last = new.last, model.endTokens.contains(last) else {
            try run(prompt: prompt.tokens + new)
            keepConversation(of: prompt)
            return try promptReport(notices: [])
        }
        let appended = new.count - 1
        if appended > 0 { try run(prompt: prompt.tokens + new.dropLast()) }
        keepConversation(of: prompt)
        let end = "the most likely next token is \"\(text(last).text)\", which ends the text and is not appended."
        return try promptReport(notices: [
            appended == 0
                ? "Nothing was appended: \(end)" : "\(appended) token\(appended == 1 ? " was" : "s were") appended; then \(end)"
        ])
    }

    /// What the model itself appends to a conversation is the assistant's.
    private func keepConversation(of prompt: PromptState) {
        guard var conversation = prompt.conversation, let count = state.prompt?.tokens.count else { return }
        if !conversation.owners.isEmpty { conversation.owners += Array(repeating: .assistant, count: count - prompt.tokens.count) }
        state.prompt?.conversation = conversation
    }

    func promptReport(notices: [String]) throws -> PromptReport {
        let prompt = try prompted()
        let (after, problem) = steered()
        return PromptReport(
            tokens: positionedTokens(prompt), top: try loaded().topScores(prompt.logits, TokenScore.usualCount),
            after: try after.map { try loaded().topScores($0.logits, TokenScore.usualCount) }, interventions: try interventions().interventions,
            fromStore: prompt.fromStore, notices: notices + editNotices() + problem)
    }

    /// The run with the interventions in force; where the new prompt does not bear them, why.
    private func steered() -> (run: RunState?, problem: [String]) {
        do { return (try currentRun(), []) } catch { return (nil, ["The prompt cannot be run with them: \(error)"]) }
    }

    /// Makes these tokens the prompt.
    func run(prompt tokens: [Int]) throws { use(try recorded(tokens)) }

    /// Makes a recorded prompt the current one.
    func use(_ prompt: PromptState) {
        keepAnnotations()
        state.prompt = prompt
        state.experiment = nil
        state.graph = nil
        state.run = nil
        state.generation = nil
    }

    /// Runs these tokens, or finds their run in the store.
    func recorded(_ tokens: [Int]) throws -> PromptState {
        let model = try loaded()
        let need = PromptMemory(model.decoder, model.replacement?.transcoders, positions: tokens.count)
        try checkMemory(for: "A prompt of \(tokens.count) tokens", bytes: need.peak, advice: "A shorter one needs less.")
        var (run, wasStored) = try storedRun(tokens, model)
        let logits: [Float]
        do {
            logits = try model.nextTokenLogits(run.record)
        } catch  where wasStored {
            store.forget(key(tokens, model))
            (run, wasStored) = try storedRun(tokens, model)
            logits = try model.nextTokenLogits(run.record)
        }
        let local = model.replacement.flatMap { replacement in
            run.activations.map { LocalReplacementModel(model: replacement, record: run.record, activations: $0) }
        }
        return PromptState(record: run.record, local: local, logits: logits, fromStore: wasStored)
    }

    /// What a graph of the prediction after a position of the prompt is made from: the tokens up to it, as a prompt of their
    /// own. Nothing after them matters to it.
    ///
    /// - Parameter position: negative from the end; nil for the last.
    /// - Throws: `SessionError` for a position that the prompt does not have.
    func explained(_ position: Int?) throws -> PromptState {
        let prompt = try prompted()
        guard let position else { return prompt }
        let last = try PositionSelector.absolute(position, in: prompt.tokens.count, word: "\(position)")
        return try recorded(upTo: last + 1, of: prompt)
    }

    /// The prompt's first tokens as a prompt of their own.
    func recorded(upTo count: Int, of prompt: PromptState) throws -> PromptState {
        count == prompt.tokens.count ? prompt : try recorded(Array(prompt.tokens.prefix(count)))
    }

    private func storedRun(_ tokens: [Int], _ model: LoadedModel) throws -> (run: RunArchive, wasStored: Bool) {
        let known = beginning(of: tokens, model)
        return try store.run(key(tokens, model), shape: RunShape(tokens, on: model)) { try RunArchive(tokens, on: model, continuing: known) }
    }

    /// The run that shares the most first tokens with a prompt: the current prompt's, or one of those in memory.
    private func beginning(of tokens: [Int], _ model: LoadedModel) -> RunArchive? {
        let current = state.prompt.map { RunArchive(record: $0.record, activations: $0.activations) }
        let stored = store.longestBeginning(of: RunKey(identity: model.identity, tokens: tokens))
        guard let current, let stored else { return current ?? stored }
        return current.record.sharedTokens(with: tokens) < stored.record.sharedTokens(with: tokens) ? stored : current
    }

    private func key(_ tokens: [Int], _ model: LoadedModel) -> String { RunKey(identity: model.identity, tokens: tokens).text }

    package func tokens() throws -> TokensReport {
        let prompt = try prompted()
        return TokensReport(tokens: positionedTokens(prompt), notices: tokenNotices(prompt.tokens))
    }

    private func positionedTokens(_ prompt: PromptState) -> [PositionedToken] {
        let (zeroed, owners) = (zeroedPositions, prompt.conversation?.owners ?? [])
        return prompt.tokens.enumerated().map { position, id in
            PositionedToken(
                position: position, token: text(id), turn: owners.isEmpty ? nil : owners[position], isZeroed: position < zeroed,
                activeFeatures: prompt.activations.map { activations in
                    (0..<prompt.record.layers.count).reduce(0) { $0 + activations.indices(layer: $1, position: position).count }
                })
        }
    }

    /// A prompt whose text spells out the beginning-of-text token gets it once; twice is nearly always a mistake.
    func tokenNotices(_ tokens: [Int]) -> [String] {
        guard let beginning = state.model?.tokenizer.specialTokens.beginning, tokens.starts(with: [beginning, beginning]) else { return [] }
        return ["The prompt begins with \(text(beginning).text) twice. One is added automatically if the text has none; write it at most once."]
    }

    private func editNotices() -> [String] {
        guard !state.edits.isEmpty else { return [] }
        return [
            state.edits.count == 1
                ? "1 intervention stays in force; `clear` removes it." : "\(state.edits.count) interventions stay in force; `clear` removes them."
        ]
    }

    package func top(_ count: Int) throws -> TopReport {
        let prompt = try prompted()
        return TopReport(before: try loaded().topScores(prompt.logits, count), after: try currentRun().map { try loaded().topScores($0.logits, count) })
    }

    package func probabilities(of tokens: [TokenReference]) throws -> ProbabilityReport {
        let (model, prompt, run) = (try loaded(), try prompted(), try currentRun())
        let ids = try tokens.map { try model.token($0) }
        let before = try loaded().scores(prompt.logits, of: ids)
        let after = try run.map { try loaded().scores($0.logits, of: ids) }
        return ProbabilityReport(rows: ids.indices.map { .init(before: before[$0], after: after?[$0]) })
    }
}

package struct PromptReport: Sendable {
    package let tokens: [PositionedToken]
    package let top: [TokenScore]
    /// The same with the interventions in force; nil without any.
    package let after: [TokenScore]?
    /// What each acts on now.
    package let interventions: [InterventionRow]
    /// Whether the features came from the store.
    package let fromStore: Bool
    package let notices: [String]
}

package struct TokensReport: Sendable {
    package let tokens: [PositionedToken]
    package let notices: [String]
}

package struct PositionedToken: Hashable, Sendable {
    package let position: Int
    package let token: TokenText
    /// Whose it is in a conversation; nil in a text.
    package let turn: TurnOwner?
    /// Features and errors at this position count as zero.
    package let isZeroed: Bool
    /// Active features at this position; nil without transcoders.
    package let activeFeatures: Int?
}

/// Next-token table; `after` where interventions are in force.
package struct TopReport: Sendable {
    package let before: [TokenScore]
    package let after: [TokenScore]?
}

/// Chosen tokens before and, where interventions are in force, after.
package struct ProbabilityReport: Sendable {
    package struct Row: Sendable {
        package let before: TokenScore
        package let after: TokenScore?
    }
    package let rows: [Row]
}

extension RunArchive {
    /// Runs a prompt and reads its features, of which it takes over what another run has at the tokens with which both begin.
    fileprivate init(_ tokens: [Int], on model: LoadedModel, continuing known: RunArchive?) throws {
        let record = try model.decoder.forward(tokens, continuing: known?.record)
        let activations = try model.replacement.map { replacement in
            guard let known, let features = known.activations else { return try replacement.activations(of: record) }
            return try replacement.activations(of: record, beginningAs: features, count: known.record.sharedTokens(with: tokens))
        }
        self.init(record: record, activations: activations)
    }
}
