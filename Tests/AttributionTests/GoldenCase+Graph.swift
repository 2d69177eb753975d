import Attribution
import Graphs
import Replacement
import Tensors
import TestSupport
import Transformers

extension GoldenCase {
    /// The graph that this project computes for the case's prompt.
    ///
    /// - Parameter tokens: the targets; nil for the most likely next tokens.
    func graph(_ options: AttributionOptions, tokens: [Int]? = nil) throws -> AttributionGraph {
        let local = try Fixtures.localized(self)
        let last = local.record.positions - 1
        let logits = local.model.decoder.logits(of: local.record, positions: last..<last + 1).elements
        let targets = AttributionTargets.tokens(
            tokens
                ?? AttributionTargets.salientTokens(
                    logits, desiredProbability: options.desiredLogitProbability, maxCount: options.maxLogits),
            logits: logits, unembedding: Unembedding(local.model.decoder.weights.unembedding)
        ) { "#\($0)" }
        return try AttributionEngine(local).graph(of: targets, options: options, prompt: "", origin: .test(local.model))
    }
}
