internal import Attribution
internal import Graphs
internal import Replacement
internal import Transformers

extension Session {
    /// Checks random edges of the graph against real interventions.
    ///
    /// - Parameters:
    ///   - seed: the same seed picks the same edges.
    ///   - set: only edges from these features; nil for all.
    package func verify(_ count: Int, seed: UInt64, from set: SetExpression? = nil, progress: ProgressHandler? = nil) throws -> VerifyReport {
        _ = try local()
        let (state, prompt) = (try graphed(), try prompted())
        let graph = state.graph
        guard state.isOfLoaded, prompt.tokens.starts(with: graph.tokens) else {
            throw SessionError("The graph is of another prompt or model than the current one, so it cannot be checked. `attribute` computes a new one.")
        }
        let members = try set.map { try sites(of: $0) }
        // In the frozen steered run as it was, whatever is in force by now.
        let local = try state.steered ?? local(of: recorded(upTo: graph.tokens.count, of: prompt))
        let verification = try EdgeVerification(of: graph, on: local, count: count, seed: seed, from: { members?.contains($0) ?? true }) { done in
            progress?(WorkProgress(phase: "verifying", done: done, total: count, unit: "edges"))
        }
        let edges = verification.edges
        if edges.isEmpty {
            throw SessionError("The graph has no edges from \(set.map { "\($0)" } ?? "features"), so there is nothing to check.", word: set.map { "\($0)" })
        }
        let strongest = edges.sorted { abs($1.weight) < abs($0.weight) }.prefix(5)
        return VerifyReport(
            edgesChecked: edges.count, largestError: verification.largestError, tolerance: EdgeVerification.tolerance,
            passed: verification.holds,
            rows: strongest.map { edge in
                VerifyReport.Row(
                    source: label(state, edge.source), target: label(state, graph.index.node(ofRow: edge.row)), edge: edge.weight,
                    measured: edge.measured)
            })
    }
}

package struct VerifyReport: Sendable {
    package struct Row: Sendable {
        package let source: NodeDescription
        package let target: NodeDescription
        package let edge: Float
        /// The change measured by really doubling the source.
        package let measured: Float
    }
    package let edgesChecked: Int
    package let largestError: Float
    package let tolerance: Float
    package let passed: Bool
    /// The strongest of those checked; which are the worst is a matter of rounding.
    package let rows: [Row]
}
