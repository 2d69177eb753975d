package import Graphs
package import Replacement
internal import Tensors
internal import Transcoders
internal import Transformers

/// The memory in bytes of one attribution and of the work on its graph, computed from shapes: within a tenth of what was measured
/// (docs/benchmarks.md).
package struct AttributionMemory: Sendable {
    /// The prompt's run and its features, which are there already.
    package let held: Int
    /// The errors, and where each feature's vectors are.
    package let writers: Int
    /// The gradients of the rows being swept, and all rows; then the rows put in order.
    package let edges: Int
    /// The matrix, and which of its edges pruning keeps.
    package let pruning: Int
    /// The temporary file with the rows, where they are too many for memory; 0 for none.
    package let scratch: Int

    /// The most that is needed at once besides what is held.
    package var needed: Int { max(writers + edges, pruning) }

    /// - Parameters:
    ///   - nodes: the number of feature nodes.
    ///   - hasScratch: whether there is a folder for a temporary file.
    package init(_ local: LocalReplacementModel, nodes: Int, targets: Int, hasScratch: Bool) {
        let (active, layers, positions) = (local.activations.count, local.record.layers.count, local.record.positions)
        let width = local.model.decoder.spec.width
        held = PromptMemory(local.model.decoder, local.model.transcoders, positions: positions).record + Self.featureBytes * active
        let written = local.activations.sites.reduce(0) { $0 + local.model.transcoders.layers[$1.layer].decoders.count }
        writers = 4 * width * (layers + 2) * positions + Self.writerBytes * written
        let index = NodeIndex(features: nodes, layers: layers, positions: positions, targets: targets)
        let (rows, columns) = (nodes + targets, index.sources)
        let graph = 4 * rows * columns
        let known = 4 * rows * (active + columns - nodes)
        scratch = hasScratch && known > KnownRows.largestInMemory ? known : 0
        edges = known - scratch + Self.rankingBytes * active + max(SweepMemory(local, nodes: nodes, targets: targets).bytes, graph)
        pruning = graph + rows * columns
    }

    /// The memory that pruning a graph needs in addition to the graph: whether each edge is kept.
    package static func pruning(of graph: AttributionGraph) -> Int { graph.edges.elements.count }

    /// The matrix of a graph's `.pt` file.
    package static func square(of index: NodeIndex) -> Int { 4 * index.count * index.count }

    /// The largest number of feature nodes, below `nodes`, whose graph needs no more than `bytes`; 0 if not even one fits.
    package static func nodes(
        fitting bytes: Int, _ local: LocalReplacementModel, nodes: Int, targets: Int, hasScratch: Bool
    ) -> Int {
        (1..<max(nodes, 1)).partitionPoint {
            AttributionMemory(local, nodes: $0, targets: targets, hasScratch: hasScratch).needed <= bytes
        } - 1
    }

    /// The same, rounded down to two digits and with some reserve, because less memory may be free at the next attempt.
    public static func advisedNodes(
        fitting bytes: Int, _ local: LocalReplacementModel, nodes: Int, targets: Int, hasScratch: Bool
    ) -> Int {
        let fitting = Self.nodes(fitting: bytes / 10 * 9, local, nodes: nodes, targets: targets, hasScratch: hasScratch)
        var unit = 1
        while fitting / unit >= 100 { unit *= 10 }
        return fitting / unit * unit
    }

    /// The memory of a pruned graph's document and its text, whose buffers grow by doubling.
    public static func document(of pruning: Pruning) -> Int { 500 * pruning.edgeCount }

    /// An active feature's site and its activation.
    private static let featureBytes = 28

    /// For an active feature, its row's number, and its influence, direct and through known rows.
    private static let rankingBytes = 32

    /// The memory for a feature's place in its decoder, with its share of what each layer and position needs.
    private static let writerBytes = 24
}

/// The memory of the largest batch of rows that is swept down through the layers together (`EdgeRows`).
private struct SweepMemory {
    let bytes: Int

    init(_ local: LocalReplacementModel, nodes: Int, targets: Int) {
        let spec = local.model.decoder.spec
        var (headWidth, heads) = (0, 0)
        for attention in spec.layers.map(\.attention) {
            headWidth = max(headWidth, attention.headWidth)
            heads = max(heads, (attention.heads + attention.keyValueHeads) * attention.headWidth)
        }
        let reach = local.activations.sites.map { $0.position + 1 }
        let mean = max(reach.reduce(0, +) / max(reach.count, 1), 1)
        let columns = local.activations.count + (local.record.layers.count + 1) * local.record.positions
        // Those at the first positions reach few others, so that as many as are allowed may be swept.
        let features = min(nodes, AttributionEngine.sweepFeatures(sources: columns))
        let cone = max(targets * local.record.positions, min(features * mean * 3 / 2, AttributionEngine.sweepRows))
        // The gradients, before and after a block, as a product reads them, and its result; two rectangles of one head; positions.
        let gradients = cone * (4 * (4 * spec.width + heads) + 32)
        let rectangles = 8 * max(features, targets) * local.record.positions * headWidth
        bytes = gradients + rectangles + 4 * max(features, targets) * columns
    }
}
