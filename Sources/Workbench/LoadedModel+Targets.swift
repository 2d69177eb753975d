package import Attribution

extension LoadedModel {
    /// What a request means where the next token has these logits.
    ///
    /// - Parameters:
    ///   - logits: `[vocabulary]`.
    ///   - unembedding: the model's.
    /// - Throws: `SessionError` for what is not a token, or names no direction.
    package func targets(
        _ request: TargetRequest, _ options: AttributionOptions, logits: [Float], _ unembedding: Unembedding
    ) throws(SessionError) -> AttributionTargets {
        let ids = try tokenIDs(request)
        let text = { (id: Int) in self.text(id).text }
        switch request {
        case .mostLikely:
            return .tokens(salientTokens(options, logits), logits: logits, unembedding: unembedding, text: text)
        case .tokens:
            let distinct = ids.reduce(into: [Int]()) { if !$0.contains($1) { $0.append($1) } }
            return .tokens(distinct, logits: logits, unembedding: unembedding, text: text)
        case .difference:
            return .difference(ids[0], ids[1], logits: logits, unembedding: unembedding, text: text)
        case .concept(let tokens, _):
            let pairs = zip(ids, ids.dropFirst(tokens.count)).map { (token: $0, counterpart: $1) }
            return .concept(pairs, logits: logits, unembedding: unembedding, text: text)
        }
    }

    /// How many targets that would be.
    func targetCount(_ request: TargetRequest, _ options: AttributionOptions, logits: [Float]) throws(SessionError) -> Int {
        switch request {
        case .mostLikely: salientTokens(options, logits).count
        case .tokens(let tokens): Set(try tokenIDs(.tokens(tokens))).count
        case .difference, .concept: 1
        }
    }

    private func salientTokens(_ options: AttributionOptions, _ logits: [Float]) -> [Int] {
        AttributionTargets.salientTokens(logits, desiredProbability: options.desiredLogitProbability, maxCount: options.maxLogits)
    }

    /// The ids of the tokens a request names, in its order.
    ///
    /// - Throws: `SessionError` for what is not a token, or names no direction.
    func tokenIDs(_ request: TargetRequest) throws(SessionError) -> [Int] {
        switch request {
        case .mostLikely: return []
        case .tokens(let tokens):
            if tokens.isEmpty { throw SessionError("No token to explain is given.") }
            return try tokens.map { reference throws(SessionError) in try token(reference) }
        case .difference(let a, let b):
            let ids = [try token(a), try token(b)]
            if ids[0] == ids[1] { throw SessionError("A token's logit does not differ from itself; name two different tokens.", word: "\(b)") }
            return ids
        case .concept(let tokens, let counterparts):
            guard !tokens.isEmpty, tokens.count == counterparts.count else {
                throw SessionError(
                    "A concept is named by as many tokens as counterparts, in pairs; these are \(tokens.count) and \(counterparts.count).")
            }
            return try (tokens + counterparts).map { reference throws(SessionError) in try token(reference) }
        }
    }
}
