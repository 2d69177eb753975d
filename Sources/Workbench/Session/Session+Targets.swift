internal import Attribution
public import Graphs
internal import Tensors
internal import Tokenization
internal import Transformers

/// What a graph is to explain.
public enum TargetRequest: Hashable, Sendable {
    /// The likeliest next tokens.
    case likeliest
    case tokens([TokenReference])
    /// By how much the first one's logit exceeds the second one's.
    case difference(TokenReference, TokenReference)
    /// What tokens have that their counterparts, one for each, lack.
    case concept([TokenReference], counterparts: [TokenReference])
}

extension Session {
    /// What the graphs to come are to explain.
    public func setTargets(_ request: TargetRequest) throws -> TargetsReport {
        _ = try tokenIDs(request, try loaded())
        state.targets = request
        return try targets()
    }

    /// What the next graph explains; on a prompt with the weights they have there.
    public func targets() throws -> TargetsReport {
        let model = try loaded()
        let targets = try state.prompt.map { try self.targets(state.targets, AttributionOptions(), $0, model).targets }
        return TargetsReport(request: state.targets, targets: targets)
    }

    func targets(
        _ request: TargetRequest, _ options: AttributionOptions, _ prompt: PromptState, _ model: LoadedModel
    ) throws -> AttributionTargets {
        let unembedding = state.unembedding ?? Unembedding(model.decoder.weights.unembedding)
        state.unembedding = unembedding
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

    func targetCount(
        _ request: TargetRequest, _ options: AttributionOptions, _ prompt: PromptState, _ model: LoadedModel
    ) throws -> Int {
        switch request {
        case .likeliest: salientTokens(options, prompt).count
        case .tokens(let tokens): Set(try tokenIDs(.tokens(tokens), model)).count
        case .difference, .concept: 1
        }
    }

    private func salientTokens(_ options: AttributionOptions, _ prompt: PromptState) -> [Int] {
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
}

/// What the next graph is to explain.
public struct TargetsReport: Sendable {
    public let request: TargetRequest
    /// On the current prompt; nil where there is none.
    public let targets: [AttributionTarget]?
}
