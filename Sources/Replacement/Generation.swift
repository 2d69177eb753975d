internal import Graphs
public import Tensors
public import Transformers

/// How the next token is chosen.
public struct Sampling: Hashable, Sendable {
    /// 0 takes the most likely token.
    public var temperature: Float = 0
    /// Only this many of the most likely tokens can be drawn; nil for all.
    public var topK: Int?
    /// Only the most likely tokens that together have this probability can be drawn; nil for all.
    public var topP: Float?
    /// Of the draws; the same seed draws the same tokens.
    public var seed: UInt64 = 0

    /// Takes the most likely token each time: temperature 0 and no limits.
    public init() {}
}

/// How a prompt is continued.
public struct GenerationOptions: Hashable, Sendable {
    /// Of the run with interventions.
    public var run = RunOptions()
    /// The most tokens that are added.
    public var newTokens = 20
    /// How each is chosen.
    public var sampling = Sampling()

    /// Twenty tokens, each the most likely one.
    public init() {}
}

/// A continuation: the new tokens, and the logits each was chosen from.
public struct Continuation: Sendable, Equatable {
    /// The ids of the new tokens.
    public let tokens: [Int]
    /// `[new tokens, vocabulary]`.
    public let logits: Matrix
}

/// Interventions while tokens are generated: each acts on the new tokens whose positions it has.
public struct Steering: Sendable {
    let model: ReplacementModel
    let interventions: [Intervention]

    /// - Parameter interventions: what they do to the prompt's own tokens is part of its run.
    public init(model: ReplacementModel, interventions: [Intervention]) {
        self.model = model
        self.interventions = interventions
    }
}

extension TransformerDecoder {
    /// Continues a run token by token with the key-value cache. Nothing is frozen any more; interventions apply to the new
    /// tokens at their positions (docs/method.md, section 7).
    ///
    /// - Parameters:
    ///   - record: the prompt's run, plain or intervened.
    ///   - known: the logits of the token after the run, if they are known: `nextTokenLogits`. `[1, vocabulary]`.
    ///   - endTokens: generation stops once one of these was chosen.
    ///   - progress: called with the number of tokens so far.
    /// - Throws: `ModelError.continuationTooLong` where prompt and continuation exceed the context; `CancellationError`.
    public func continued(
        _ record: ForwardRecord, by count: Int, sampling: Sampling, logits known: Matrix? = nil, endTokens: Set<Int> = [],
        steering: Steering? = nil, progress: (Int) -> Void = { _ in }
    ) throws -> Continuation {
        guard record.positions + count <= spec.context else {
            throw ModelError.continuationTooLong(prompt: record.positions, new: count, context: spec.context)
        }
        var cache = KeyValueCache(record, positions: record.positions)
        var sampler = Sampler(sampling)
        var tokens: [Int] = []
        var chosenFrom = Matrix(rows: 0, columns: spec.vocabulary)
        var logits = known ?? nextTokenLogits(record)
        while tokens.count < count {
            guard logits.elements.areFinite else { throw try whyNotFinite() }
            let token = sampler.next(logits.elements)
            tokens.append(token)
            chosenFrom = chosenFrom.appending(logits)
            progress(tokens.count)
            if tokens.count == count || endTokens.contains(token) { break }
            logits = self.logits(try steering?.advance(token, &cache) ?? advance([token], &cache))
        }
        return Continuation(tokens: tokens, logits: chosenFrom)
    }
}

extension Steering {
    /// The residual stream after the last layer for one more token; nil if nothing acts on it.
    fileprivate func advance(_ token: Int, _ cache: inout KeyValueCache) throws -> Matrix? {
        let position = cache.positions
        let edits = InterventionPass.edits(interventions, on: position..<position + 1)
        guard !edits.isEmpty else { return nil }
        var pass = InterventionPass(model: model, edits: edits, frozen: nil, cache: cache)
        let residual = try pass.run(fromLayer: 0, model.decoder.embed([token], first: position)).residual
        guard model.decoder.weights.finalNorm.denominators(of: residual).areFinite else { throw ReplacementError.overflow }
        cache = pass.cache
        return residual
    }
}

/// Draws tokens from logits; the same seed gives the same tokens.
struct Sampler {
    private let sampling: Sampling
    private var random: RandomBits

    init(_ sampling: Sampling) {
        self.sampling = sampling
        random = RandomBits(seed: sampling.seed)
    }

    /// - Parameter logits: `[vocabulary]`.
    mutating func next(_ logits: [Float]) -> Int {
        guard sampling.temperature > 0 else { return logits.indicesOfLargest(1)[0] }
        let order = logits.indicesOfLargest(min(sampling.topK ?? logits.count, logits.count))
        let probabilities = order.map { logits[$0] / sampling.temperature }.softmax()
        var kept = probabilities.count
        if let topP = sampling.topP {
            var sum: Float = 0
            kept =
                1
                + (probabilities.firstIndex {
                    sum += $0; return sum >= topP
                } ?? probabilities.count - 1)
        }
        var remaining = random.uniform() * probabilities[..<kept].reduce(0, +)
        for index in 0..<kept {
            remaining -= probabilities[index]
            if remaining < 0 { return order[index] }
        }
        return order[kept - 1]
    }
}
