public import Tensors
public import Transformers

extension LocalReplacementModel {
    /// What the next token after prompt and continuation is chosen from, computed from the first token on, without a
    /// key-value cache: one pass over all rows, in which the prompt's keep what they keep in `intervened` and those of the
    /// continuation are free (docs/method.md, section 7). `[1, vocabulary]`.
    ///
    /// - Throws: `ModelError.continuationTooLong` beyond the model's context, `ReplacementError`, `CancellationError`.
    public func nextTokenLogits(
        after continuation: [Int], _ interventions: [Intervention], options: RunOptions = RunOptions()
    ) throws -> Matrix {
        let decoder = model.decoder
        let tokens = record.tokens + continuation
        guard tokens.count <= decoder.spec.context else {
            throw ModelError.continuationTooLong(prompt: record.positions, new: continuation.count, context: decoder.spec.context)
        }
        for intervention in interventions { try model.check(intervention.feature) }
        let frozen = FrozenParts(original: self, options: options, first: 0)
        var pass = InterventionPass(
            model: model, edits: InterventionPass.edits(interventions, on: 0..<tokens.count), frozen: frozen,
            cache: KeyValueCache(layers: decoder.layerCount))
        let residual = try pass.run(fromLayer: 0, decoder.embed(tokens)).residual
        let last = residual.rows(tokens.count - 1..<tokens.count)
        let keepsDenominator = continuation.isEmpty && frozen.freezesNorms
        let logits = decoder.logits(last, denominators: keepsDenominator ? Array(record.finalDenominators.suffix(1)) : nil)
        guard logits.elements.areFinite else { throw ReplacementError.overflow }
        return logits
    }
}

/// A greedy continuation with the key-value cache, beside the same computed without it, token by token; it continues after
/// tokens that end texts.
public struct CacheComparison: Sendable {
    /// One new token.
    public struct Step: Sendable, Equatable {
        /// Its id; the most likely one with the cache.
        public let token: Int
        /// The largest difference between the logits that it was chosen from and those computed without the cache.
        public let difference: Float
        /// The largest magnitude of those logits, which rounding is measured against.
        public let scale: Float

        package init(token: Int, difference: Float, scale: Float) {
            self.token = token
            self.difference = difference
            self.scale = scale
        }

        /// Whether the difference is no more than rounding.
        public var agrees: Bool { difference <= CacheComparison.tolerance * scale }
    }

    /// Of the scale. On small models of every family rounding came to a hundredth of it.
    public static let tolerance: Float = 1e-4

    /// In the order of the tokens.
    public let steps: [Step]

    /// Whether every step agrees.
    public var agrees: Bool { steps.allSatisfy(\.agrees) }

    /// - Parameters:
    ///   - local: the model, frozen on the prompt.
    ///   - interventions: those in force on the prompt, on generated tokens, or on both.
    ///   - options: of the prompt's run.
    ///   - count: how many tokens are generated.
    ///   - progress: called with the number of tokens so far that were computed without the cache.
    /// - Throws: `ModelError.continuationTooLong` beyond the model's context, `ReplacementError`, `CancellationError`.
    public init(
        _ local: LocalReplacementModel, _ interventions: [Intervention], options: RunOptions = RunOptions(), count: Int,
        progress: (Int) -> Void = { _ in }
    ) throws {
        let run = try local.intervened(interventions, options: options)
        let continuation = try local.model.decoder.continued(
            run.record, by: count, sampling: Sampling(), steering: Steering(model: local.model, interventions: interventions))
        try self.init(continuation, progress) { try local.nextTokenLogits(after: $0, interventions, options: options) }
    }

    /// The same of a model by itself.
    ///
    /// - Parameters:
    ///   - record: the prompt's run.
    ///   - count: how many tokens are generated.
    ///   - progress: called with the number of tokens so far that were computed without the cache.
    /// - Throws: `ModelError.continuationTooLong` beyond the model's context, `CancellationError`.
    public init(_ decoder: TransformerDecoder, _ record: ForwardRecord, count: Int, progress: (Int) -> Void = { _ in }) throws {
        let continuation = try decoder.continued(record, by: count, sampling: Sampling())
        try self.init(continuation, progress) { decoder.nextTokenLogits(try decoder.forward(record.tokens + $0)) }
    }

    /// - Parameter recomputed: the logits after a continuation, computed without the cache.
    private init(_ continuation: Continuation, _ progress: (Int) -> Void, recomputed: ([Int]) throws -> Matrix) throws {
        steps = try continuation.tokens.enumerated().map { number, token in
            let whole = try recomputed(Array(continuation.tokens.prefix(number))).elements
            progress(number + 1)
            return Step(
                token: token, difference: zip(continuation.logits.row(number), whole).reduce(0) { max($0, abs($1.0 - $1.1)) },
                scale: whole.reduce(0) { max($0, abs($1)) })
        }
    }
}
