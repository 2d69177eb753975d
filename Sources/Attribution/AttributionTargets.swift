public import Graphs
public import Tensors

/// What a graph explains, as vectors behind the final norm at the last position (method.md sections 4 and 5).
public struct AttributionTargets: Sendable {
    public let targets: [AttributionTarget]
    /// `[targets, d_model]`.
    public let vectors: Matrix

    public init(targets: [AttributionTarget], vectors: Matrix) {
        precondition(targets.count == vectors.rows, "\(targets.count) targets with \(vectors.rows) vectors")
        self.targets = targets
        self.vectors = vectors
    }

    /// The weights of the targets. `[targets]`.
    public var weights: [Float] { targets.map(\.weight) }

    /// The smallest set of likeliest tokens whose probabilities sum to `desiredProbability`, at most `maxCount`.
    ///
    /// - Parameter logits: of the last position. `[vocabulary]`.
    public static func salientTokens(_ logits: [Float], desiredProbability: Float, maxCount: Int) -> [Int] {
        let order = logits.indicesOfLargest(min(maxCount, logits.count))
        let probabilities = logits.softmax()
        var sum = 0.0
        for (place, token) in order.enumerated() {
            sum += Double(probabilities[token])
            if Float(sum) >= desiredProbability { return Array(order[...place]) }
        }
        return order
    }

    /// Tokens as targets, weighted by their probabilities.
    ///
    /// - Parameters:
    ///   - tokens: their ids.
    ///   - logits: of the last position. `[vocabulary]`.
    ///   - text: of a token id.
    public static func tokens(
        _ tokens: [Int], logits: [Float], unembedding: Unembedding, text: (Int) -> String
    ) -> AttributionTargets {
        let probabilities = logits.softmax()
        return AttributionTargets(
            targets: tokens.map { AttributionTarget(text: text($0), id: $0, weight: probabilities[$0]) },
            vectors: unembedding.directions(tokens))
    }
}
