internal import GraphFiles
package import Graphs
internal import Tokenization

/// A graph for a comparison.
package enum GraphReference: Hashable, Sendable {
    /// The session's.
    case current
    /// A saved one, in any form that `openGraph` reads.
    case file(String)
}

extension Session {
    /// What two graphs of one model and transcoder set have in common, and what differs. The current graph stays.
    ///
    /// - Parameter count: how many of each kind are named.
    package func compareGraphs(_ first: GraphReference, _ second: GraphReference, count: Int) throws -> GraphComparisonReport {
        let (before, after) = (try graph(first), try graph(second))
        try Task.checkCancellation()
        let comparison = try GraphComparison(
            before.graph, after.graph, influence: (before.influence, after.influence), changes: max(count, 0), notListing: (before.set, after.set))
        func row(_ pair: GraphComparison.NodePair) -> GraphComparisonReport.NodeRow {
            .init(
                before: pair.before.map { description($0, in: before) }, after: pair.after.map { description($0, in: after) },
                influenceBefore: pair.influenceBefore, influenceAfter: pair.influenceAfter)
        }
        func rows(_ pairs: [GraphComparison.NodePair]) -> [GraphComparisonReport.NodeRow] { pairs.prefix(max(count, 0)).map(row) }
        return GraphComparisonReport(
            before: before.graph.prompt, after: after.graph.prompt,
            steeringBefore: before.graph.origin.steering, steeringAfter: after.graph.origin.steering,
            keptCount: comparison.kept.count, goneCount: comparison.gone.count, newCount: comparison.new.count,
            kept: rows(comparison.kept.filter { $0.influenceBefore != $0.influenceAfter }), gone: rows(comparison.gone), new: rows(comparison.new),
            edges: comparison.edges,
            changes: comparison.largestChanges.map {
                .init(source: row($0.source), target: row($0.target), before: $0.before, after: $0.after, fate: $0.fate)
            },
            notices: differences(before.graph.origin, after.graph.origin) + pruned(before, after) + unlisted(before, after))
    }

    private func graph(_ reference: GraphReference) throws -> GraphState {
        switch reference {
        case .current: return try graphed()
        case .file(let path):
            let file = try GraphFile(urlToRead(path))
            let name = file.graph.origin.model
            let tokenizer = state.model?.name == name ? state.model?.tokenizer : try? environment.tokenizer(named: name)
            return GraphState(file, namedBy: tokenizer, isOfLoaded: false)
        }
    }

    /// That what a graph lacks may only have been pruned.
    private func pruned(_ before: GraphState, _ after: GraphState) -> [String] {
        switch (before.document != nil, after.document != nil) {
        case (false, false): []
        case (true, false): ["The first graph was pruned before it was saved: what is new may have been in it."]
        case (false, true): ["The second graph was pruned before it was saved: what is gone may have been in it."]
        case (true, true): ["Both graphs were pruned before they were saved: what is gone or new may have been in both."]
        }
    }

    /// That the edges to what was set, which are gone in any case, are left out of the list.
    private func unlisted(_ before: GraphState, _ after: GraphState) -> [String] {
        before.set.isEmpty && after.set.isEmpty ? [] : ["Edges to features that were set are counted, but not listed: what is set has no inputs."]
    }

    /// That two graphs may be of different sets: what files call them decides nothing, since one set can go by several names.
    private func differences(_ a: GraphOrigin, _ b: GraphOrigin) -> [String] {
        guard let first = a.scan, let second = b.scan, first != second else { return [] }
        return ["One graph names the transcoder set \(first), the other \(second). If these are not the same, features of one number are not the same feature."]
    }
}

extension GraphState {
    /// The features that interventions set in the run that it explains.
    fileprivate var set: Set<FeatureSite> { graph.origin.steering?.sites(positions: graph.tokens.count) ?? [] }
}

package struct GraphComparisonReport: Sendable {
    /// A node of one of the graphs, or of both.
    package struct NodeRow: Sendable {
        package let before: NodeDescription?
        package let after: NodeDescription?
        /// Of a target its weight.
        package let influenceBefore: Float?
        package let influenceAfter: Float?

        /// As the second graph has it, else the first.
        package var node: NodeDescription { (after ?? before)! }
    }

    package struct EdgeRow: Sendable {
        package let source: NodeRow
        package let target: NodeRow
        package let before: Float
        package let after: Float
        package let fate: GraphComparison.Fate
    }

    /// The first graph's prompt.
    package let before: String
    package let after: String
    /// The interventions in the first graph's run; nil for a plain run.
    package var steeringBefore: GraphSteering?
    package var steeringAfter: GraphSteering?
    package let keptCount: Int
    package let goneCount: Int
    package let newCount: Int
    /// Those whose influence changed most.
    package let kept: [NodeRow]
    /// The most influential ones.
    package let gone: [NodeRow]
    package let new: [NodeRow]
    package let edges: GraphComparison.EdgeCounts
    /// The edges that changed most.
    package let changes: [EdgeRow]
    package let notices: [String]
}
