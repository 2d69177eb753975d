package import GraphFiles
internal import Graphs
internal import Replacement
internal import Tensors
internal import Tokenization
internal import Transformers

/// What the viewer asks: many small questions, while somebody types at the console.
extension Session {
    /// - Parameters:
    ///   - count: the number of most likely tokens.
    ///   - folder: the folder of graphs that is looked at.
    package func summary(_ count: Int, at folder: GraphFolder) throws -> SessionSummary {
        var notices: [String] = []
        var run: RunState?
        do {
            if state.model?.replacement != nil, state.prompt != nil { run = try currentRun() }
        } catch {
            // What is in force is still to be seen, and taken out of force.
            notices.append("\(error)")
        }
        func mostLikely(_ logits: [Float]) -> [Int] { logits.indicesOfLargest(min(max(count, 0), logits.count)) }
        let (plain, steered) = (state.prompt.map { shownLogits($0.record, $0.logits) }, run.map { shownLogits($0.run.record, $0.logits) })
        let tokens = Set([plain, steered].compactMap(\.self).flatMap(mostLikely)).sorted()
        func rows(_ logits: [Float]) -> [TokenScore] {
            (state.model?.scores(logits, of: tokens) ?? []).sorted { ($0.rank, $0.token.id) < ($1.rank, $1.token.id) }
        }
        let before = plain.map(rows) ?? []
        let after = steered.map(rows)
        let list = try interventions()
        return SessionSummary(
            revision: published.revision, model: state.model?.name, transcoders: state.model?.setName, prompt: promptText,
            slug: slug(in: folder).map { "\($0)" }, graphRevision: published.revision(of: state.graph?.published), interventions: list.interventions,
            before: before, after: after, notices: notices + list.notices)
    }

    /// What the graph explains, where that is not the prediction at the prompt's end. `[vocabulary]`.
    ///
    /// - Parameter logits: those at the end.
    private func shownLogits(_ record: ForwardRecord, _ logits: [Float]) -> [Float] {
        guard let made = state.graph, let model = state.model, made.isOfLoaded, made.graph.tokens.count < record.positions else { return logits }
        let last = made.graph.tokens.count - 1
        return model.decoder.logits(of: record, positions: last..<last + 1).elements
    }

    /// Changes the interventions for somebody who looks at a graph: as long as it is the current one, and only if the model
    /// can be run with them.
    ///
    /// - Throws: `OtherGraphError` where the session works on another one by now; then nothing is changed.
    package func change(
        removing removed: [FeatureSelector], clearing: Bool, setting requests: [InterventionRequest], on slug: GraphSlug, in folder: GraphFolder
    ) throws {
        guard self.slug(in: folder) == slug else { throw OtherGraphError(slug: "\(slug)", prompt: promptText) }
        let before = state
        do {
            try change(removing: removed, clearing: clearing, setting: requests)
            _ = try currentRun()
        } catch {
            state = before
            throw error
        }
    }

    /// The current graph's name in a folder, where it is of the current prompt and model.
    private func slug(in folder: GraphFolder) -> GraphSlug? {
        state.graph.flatMap { $0.isOfLoaded && $0.published?.folder == folder ? $0.published?.slug : nil }
    }

    private var promptText: String? { state.prompt.flatMap { prompt in state.model?.tokenizer.decode(prompt.tokens) } }
}

/// What a face that comes and goes, as a web page does, shows of the session.
package struct SessionSummary: Sendable {
    /// Changes whenever something else here may have changed.
    package let revision: Int
    package let model: String?
    package let transcoders: String?
    /// The decoded prompt.
    package let prompt: String?
    /// The current graph, if it is of the current prompt and in the folder that was asked about.
    package let slug: String?
    /// Changes whenever the session has written that graph again.
    package let graphRevision: Int
    package let interventions: [InterventionRow]
    /// The next tokens that are most likely without or with the interventions in force; empty without a prompt. Next after the
    /// prompt, or after the token whose prediction its graph explains.
    package let before: [TokenScore]
    /// The same with the interventions; nil if none are.
    package let after: [TokenScore]?
    package let notices: [String]
}
