public import GraphFiles
public import Graphs
internal import Replacement
internal import Synchronization
internal import Tensors

/// What the viewer asks: many small questions, while somebody types at the console.
extension Session {
    /// - Parameters:
    ///   - count: how many of the likeliest tokens.
    ///   - folder: the folder of graphs that is looked at.
    public func glance(_ count: Int, at folder: GraphFolder) throws -> Glance {
        let run = try state.prompt == nil || state.model?.replacement == nil ? nil : currentRun()
        func likeliest(_ logits: [Float]) -> [Int] { logits.indicesOfLargest(min(max(count, 0), logits.count)) }
        let tokens = Set([state.prompt?.logits, run?.logits].compactMap(\.self).flatMap(likeliest)).sorted()
        func rows(_ logits: [Float]) -> [TokenScore] { scores(logits, of: tokens).sorted { ($0.rank, $0.token.id) < ($1.rank, $1.token.id) } }
        let before = state.prompt.map { rows($0.logits) } ?? []
        let after = run.map { rows($0.logits) }
        let list = try interventions()
        let slug = state.graph.flatMap { $0.isOfLoaded && $0.published?.folder == folder ? "\($0.published!.slug)" : nil }
        return Glance(
            revision: revision, model: state.model?.name, transcoders: state.model?.setName, slug: slug,
            interventions: list.interventions, before: before, after: after, notices: list.notices)
    }

    /// The whole of the current graph, where it is that one and was not pruned before.
    public nonisolated func graph(published slug: GraphSlug, in folder: GraphFolder) -> WholeGraph? {
        guard let state = viewable.withLock({ $0 }), state.document == nil, state.published == PublishedGraph(folder: folder, slug: slug) else { return nil }
        return WholeGraph(graph: state.graph, influence: state.influence, tokenTexts: state.tokenTexts)
    }
}

/// A graph with all its edges, and what is needed to prune it.
public struct WholeGraph: Sendable {
    public let graph: AttributionGraph
    public let influence: GraphInfluence
    /// `[positions]`.
    public let tokenTexts: [String]
}
