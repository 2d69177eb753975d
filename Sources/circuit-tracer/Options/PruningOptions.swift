internal import ArgumentParser
internal import Graphs

/// How much of a graph is kept, with the reference's names and defaults.
struct PruningOptions: ParsableArguments {
    @Option(
        name: [.customLong("node_threshold"), .customLong("node-threshold")],
        help: "Keep the nodes that carry this share of the influence. (default: \(PruningThresholds().nodes); a graph that was pruned before stays as it is)")
    var nodeThreshold: Float?

    @Option(
        name: [.customLong("edge_threshold"), .customLong("edge-threshold")],
        help: "Keep the edges that carry this share of what flows through them. (default: \(PruningThresholds().edges), likewise)")
    var edgeThreshold: Float?

    func validate() throws {
        for (name, value) in [("node_threshold", nodeThreshold), ("edge_threshold", edgeThreshold)] {
            if let value, !(0...1).contains(value) { throw ValidationError("--\(name) is \(value) and must be from 0 to 1.") }
        }
    }

    /// nil if none is given.
    var thresholds: PruningThresholds? {
        guard nodeThreshold != nil || edgeThreshold != nil else { return nil }
        let usual = PruningThresholds()
        return PruningThresholds(nodes: nodeThreshold ?? usual.nodes, edges: edgeThreshold ?? usual.edges)
    }
}
