public import Graphs
public import Tensors

/// What a graph explains, as vectors after the final norm at the last position (docs/method.md, sections 4 and 5).
public struct AttributionTargets: Sendable {
    /// The targets, one for each row of `vectors`.
    public let targets: [AttributionTarget]
    /// The vectors of the targets. `[targets, d_model]`.
    public let vectors: Matrix

    /// - Precondition: there are as many targets as rows of `vectors`.
    public init(targets: [AttributionTarget], vectors: Matrix) {
        precondition(targets.count == vectors.rows, "\(targets.count) targets, but \(vectors.rows) vectors")
        self.targets = targets
        self.vectors = vectors
    }

    /// The weights of the targets. `[targets]`.
    public var weights: [Float] { targets.map(\.weight) }

    /// The most likely tokens, until their probabilities sum to `desiredProbability`; at most `maxCount`.
    ///
    /// - Parameter logits: the logits at the last position. `[vocabulary]`.
    public static func salientTokens(_ logits: [Float], desiredProbability: Float, maxCount: Int) -> [Int] {
        let order = logits.indicesOfLargest(min(maxCount, logits.count))
        let probabilities = logits.softmax()
        var sum = 0.0
        for (index, token) in order.enumerated() {
            sum += Double(probabilities[token])
            if Float(sum) >= desiredProbability { return Array(order[...index]) }
        }
        return order
    }

    /// Target tokens, weighted by their probabilities.
    ///
    /// - Parameters:
    ///   - tokens: token ids.
    ///   - logits: the logits at the last position. `[vocabulary]`.
    ///   - text: the text of a token id.
    public static func tokens(
        _ tokens: [Int], logits: [Float], unembedding: Unembedding, text: (Int) -> String
    ) -> AttributionTargets {
        let probabilities = logits.softmax()
        return AttributionTargets(
            targets: tokens.map { AttributionTarget(text: text($0), id: $0, weight: probabilities[$0]) },
            vectors: unembedding.directions(tokens))
    }

    /// The amount by which one token's logit exceeds another's: `u_A - u_B`, weighted by the difference of their probabilities.
    public static func difference(
        _ a: Int, _ b: Int, logits: [Float], unembedding: Unembedding, text: (Int) -> String
    ) -> AttributionTargets {
        let probabilities = logits.softmax()
        var vector = unembedding.vectors([a])
        vector.addToRow(0, unembedding.vectors([b]).elements, scale: -1)
        return direction(
            vector, text: "logit(\(text(a)))-logit(\(text(b)))", weight: abs(probabilities[a] - probabilities[b]), logits: logits)
    }

    /// What some tokens have that their counterparts lack: the mean over the pairs of `u_a` minus its projection on `u_b`,
    /// weighted by the mean probability of the first tokens of the pairs.
    ///
    /// - Parameter pairs: token ids; not empty.
    public static func concept(
        _ pairs: [(token: Int, counterpart: Int)], logits: [Float], unembedding: Unembedding, text: (Int) -> String
    ) -> AttributionTargets {
        let probabilities = logits.softmax()
        let share = 1 / Float(pairs.count)
        var vector = Matrix(rows: 1, columns: unembedding.width)
        for (token, counterpart) in pairs {
            let (u, v) = (unembedding.vectors([token]).elements, unembedding.vectors([counterpart]).elements)
            let length = v.dot(v)
            vector.addToRow(0, u, scale: share)
            // A row of zeros has no direction to project on.
            if length > 0 { vector.addToRow(0, v, scale: -share * u.dot(v) / length) }
        }
        func names(_ tokens: [Int]) -> String { tokens.map { text($0) }.joined(separator: ",") }
        return direction(
            vector, text: "concept(\(names(pairs.map(\.token))) / \(names(pairs.map(\.counterpart))))",
            weight: pairs.reduce(0) { $0 + probabilities[$1.token] } * share, logits: logits)
    }

    /// The minimum weight of a direction, so that its graph explains something.
    private static let leastWeight: Float = 1e-6

    /// One direction, whose id is the first one after those of tokens.
    private static func direction(_ vector: Matrix, text: String, weight: Float, logits: [Float]) -> AttributionTargets {
        AttributionTargets(
            targets: [AttributionTarget(text: text, id: logits.count, weight: max(weight, leastWeight))], vectors: vector)
    }
}
