internal import Attribution
package import Graphs
internal import Transformers

extension Session {
    /// What the graphs to come are to explain.
    package func setTargets(_ request: TargetRequest) throws -> TargetsReport {
        _ = try loaded().tokenIDs(request)
        state.targets = request
        return try targets()
    }

    /// What the next graph explains; on a prompt with the weights they have there.
    package func targets() throws -> TargetsReport {
        let model = try loaded()
        let targets = try state.prompt.map { try self.targets(state.targets, AttributionOptions(), logits: $0.logits, model).targets }
        let hasDirections = targets?.contains { !model.origin.isToken($0) } ?? false
        return TargetsReport(request: state.targets, targets: targets, hasDirections: hasDirections)
    }

    /// - Parameter logits: the next token's. `[vocabulary]`.
    /// - Throws: `SessionError` for what is not a token, or names no direction.
    func targets(
        _ request: TargetRequest, _ options: AttributionOptions, logits: [Float], _ model: LoadedModel
    ) throws -> AttributionTargets {
        try model.targets(request, options, logits: logits, unembedding(model))
    }
}

/// What the next graph is to explain.
package struct TargetsReport: Sendable {
    package let request: TargetRequest
    /// On the current prompt; nil if there is none.
    package let targets: [AttributionTarget]?
    /// Whether a target is a direction, which has no probability.
    package let hasDirections: Bool
}
