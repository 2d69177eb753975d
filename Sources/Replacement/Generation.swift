internal import Graphs
public import Tensors
public import Transformers

/// How the next token is chosen.
public struct Sampling: Hashable, Sendable {
    /// 0 takes the likeliest token.
    public var temperature: Float = 0
    /// Only the so many likeliest tokens can be drawn.
    public var topK: Int?
    /// Only the likeliest tokens that together have this probability can be drawn.
    public var topP: Float?
    public var seed: UInt64 = 0

    public init() {}
}

/// A continuation: the new tokens, and the logits each was chosen from.
public struct Continuation: Sendable, Equatable {
    public let tokens: [Int]
    /// `[new tokens, vocabulary]`.
    public let logits: Matrix
}

extension ReplacementModel {
    /// Continues a run token by token with the key-value cache. Nothing is frozen any more; open-ended interventions
    /// apply to every new token (method.md section 7).
    ///
    /// - Parameters:
    ///   - record: the prompt's run, plain or intervened.
    ///   - interventions: of which only the open-ended count.
    ///   - endTokens: generation stops once one of these was chosen.
    ///   - progress: called with the number of tokens so far.
    /// - Throws: `ModelError.promptTooLong` where prompt and continuation exceed the context; `CancellationError`.
    public func continued(
        _ record: ForwardRecord, by count: Int, sampling: Sampling, interventions: [Intervention] = [], endTokens: Set<Int> = [],
        progress: (Int) -> Void = { _ in }
    ) throws -> Continuation {
        guard record.positions + count <= decoder.spec.context else {
            throw ModelError.promptTooLong(tokens: record.positions + count, context: decoder.spec.context)
        }
        let edits = InterventionPass.edits(
            interventions.filter(\.isOpenEnded).map {
                Intervention(feature: $0.feature, positions: 0..<1, isOpenEnded: true, edit: $0.edit)
            }, first: 0)
        var pass = InterventionPass(
            model: self, edits: edits, frozen: nil, cache: KeyValueCache(record, positions: record.positions))
        var sampler = Sampler(sampling)
        var tokens: [Int] = []
        var chosenFrom = Matrix(rows: 0, columns: decoder.spec.vocabulary)
        var logits = logits(record, positions: record.positions - 1..<record.positions)
        while tokens.count < count {
            let token = sampler.next(logits.elements)
            tokens.append(token)
            chosenFrom = chosenFrom.appending(logits)
            progress(tokens.count)
            if tokens.count == count || endTokens.contains(token) { break }
            let (_, residual) = try pass.run(fromLayer: 0, decoder.embed([token]))
            logits = decoder.logits(residual)
        }
        return Continuation(tokens: tokens, logits: chosenFrom)
    }
}

/// Draws tokens from logits; the same seed gives the same tokens.
struct Sampler {
    private let sampling: Sampling
    private var state: UInt64

    init(_ sampling: Sampling) {
        self.sampling = sampling
        state = sampling.seed
    }

    /// - Parameter logits: `[vocabulary]`.
    mutating func next(_ logits: [Float]) -> Int {
        guard sampling.temperature > 0 else { return logits.indicesOfLargest(1)[0] }
        let order = logits.indicesOfLargest(min(sampling.topK ?? logits.count, logits.count))
        let probabilities = order.map { logits[$0] / sampling.temperature }.softmax()
        var kept = probabilities.count
        if let topP = sampling.topP {
            var sum: Float = 0
            kept = 1 + (probabilities.firstIndex { sum += $0; return sum >= topP } ?? probabilities.count - 1)
        }
        var remaining = uniform() * probabilities[..<kept].reduce(0, +)
        for place in 0..<kept {
            remaining -= probabilities[place]
            if remaining < 0 { return order[place] }
        }
        return order[kept - 1]
    }

    /// SplitMix64 (Steele, Lea, Flood 2014), as a number in [0, 1).
    private mutating func uniform() -> Float {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return Float((bits ^ bits >> 31) >> 40) * 0x1p-24
    }
}
