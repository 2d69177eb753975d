package import GraphFiles
internal import Replacement
internal import Tensors
internal import Tokenization

/// What the viewer asks: many small questions, while somebody types at the console.
extension Session {
    /// - Parameters:
    ///   - count: how many of the likeliest tokens.
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
        func likeliest(_ logits: [Float]) -> [Int] { logits.indicesOfLargest(min(max(count, 0), logits.count)) }
        let tokens = Set([state.prompt?.logits, run?.logits].compactMap(\.self).flatMap(likeliest)).sorted()
        func rows(_ logits: [Float]) -> [TokenScore] {
            (state.model?.scores(logits, of: tokens) ?? []).sorted { ($0.rank, $0.token.id) < ($1.rank, $1.token.id) }
        }
        let before = state.prompt.map { rows($0.logits) } ?? []
        let after = run.map { rows($0.logits) }
        let list = try interventions()
        return SessionSummary(
            revision: published.revision, model: state.model?.name, transcoders: state.model?.setName, prompt: promptText,
            slug: slug(in: folder).map { "\($0)" }, graphRevision: published.revision(of: state.graph?.published), interventions: list.interventions,
            before: before, after: after, notices: notices + list.notices)
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
    /// The current graph, where it is of the current prompt and lies in the folder that was asked about.
    package let slug: String?
    /// Changes whenever the session has written that graph anew.
    package let graphRevision: Int
    package let interventions: [InterventionRow]
    /// The next tokens that are likeliest without or with the interventions in force; empty without a prompt.
    package let before: [TokenScore]
    /// The same with the interventions; nil where none are.
    package let after: [TokenScore]?
    package let notices: [String]
}
