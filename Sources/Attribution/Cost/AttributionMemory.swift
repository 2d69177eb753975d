package import Graphs
package import Replacement
internal import Tensors
internal import Transcoders
internal import Transformers

/// The memory in bytes of one attribution and of the work on its graph. It is computed from shapes, and is not less than what
/// was measured (docs/reliability.md).
package struct AttributionMemory: Sendable {
    /// The vectors that features write, row by row, and the errors.
    package let writers: Int
    /// The rows of the matrix while they are computed, and the gradients of those being swept. If only some features are nodes,
    /// also the rows put in order, or the shares that features are ranked by.
    package let edges: Int
    /// The matrix, and the edges that pruning works on, at most all of them, or the square matrix of a `.pt` file.
    package let pruning: Int

    /// The most that is needed at once.
    package var peak: Int { max(writers + edges, pruning) }

    /// - Parameter nodes: the number of feature nodes.
    package init(_ local: LocalReplacementModel, nodes: Int, targets: Int) {
        let (active, layers, positions) = (local.activations.count, local.record.layers.count, local.record.positions)
        let width = local.model.decoder.spec.width
        let written = local.activations.sites.reduce(0) { $0 + local.model.transcoders.layers[$1.layer].decoders.count }
        // The errors are first one matrix for each layer, from which each row is copied.
        writers = 4 * width * (written + 2 * layers * positions + positions) + Self.matrixBytes * written
        let index = NodeIndex(features: nodes, layers: layers, positions: positions, targets: targets)
        let (rows, columns) = (nodes + targets, index.sources)
        let graph = 4 * rows * columns
        let known = 4 * rows * (active + columns - nodes)
        edges = SweepMemory(local, nodes: nodes, targets: targets).bytes + (nodes == active ? graph : known + max(graph, 4 * rows * active))
        // The matrix is a lower triangle, so half of it is zero.
        pruning = graph + max(Self.pruning(edges: rows * columns, nonZero: rows * columns / 2), Self.square(of: index))
    }

    /// Scores, their positive ones sorted with a buffer of half their size, and two flags for each edge.
    private static func pruning(edges: Int, nonZero: Int) -> Int { 6 * edges + 6 * nonZero }

    /// The memory that pruning a graph needs in addition to the graph.
    package static func pruning(of graph: AttributionGraph) -> Int {
        pruning(edges: graph.edges.elements.count, nonZero: graph.edgeCount)
    }

    /// The matrix of a graph's `.pt` file.
    package static func square(of index: NodeIndex) -> Int { 4 * index.count * index.count }

    /// The largest number of feature nodes, below `nodes`, whose graph needs no more than `bytes`; 0 if not even one fits.
    package static func nodes(fitting bytes: Int, _ local: LocalReplacementModel, nodes: Int, targets: Int) -> Int {
        (1..<max(nodes, 1)).partitionPoint { AttributionMemory(local, nodes: $0, targets: targets).peak <= bytes } - 1
    }

    /// The same, rounded down to two digits and with some reserve, because less memory may be free at the next attempt.
    public static func advisedNodes(fitting bytes: Int, _ local: LocalReplacementModel, nodes: Int, targets: Int) -> Int {
        let fitting = Self.nodes(fitting: bytes / 10 * 9, local, nodes: nodes, targets: targets)
        var unit = 1
        while fitting / unit >= 100 { unit *= 10 }
        return fitting / unit * unit
    }

    /// The memory of a pruned graph's document and its text, whose buffers grow by doubling.
    public static func document(of pruning: Pruning) -> Int { 500 * pruning.edgeCount }

    /// The memory of a small matrix in addition to its elements.
    private static let matrixBytes = 96
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
        let features = min(nodes, AttributionEngine.sweepFeatures)
        let (cone, batch) = (Self.coneRows(local, features: features, targets: targets), max(features, targets))
        // A copy of the gradients for each norm and product, two rectangles of one head, and positions.
        let gradients = cone * (4 * (6 * spec.width + heads) + 32)
        let rectangles = 8 * batch * local.record.positions * headWidth
        let columns = local.activations.count + (local.record.layers.count + 1) * local.record.positions
        bytes = gradients + rectangles + 3 * 4 * batch * columns
    }

    /// The most rows that a batch can have.
    private static func coneRows(_ local: LocalReplacementModel, features: Int, targets: Int) -> Int {
        let largest = local.activations.sites.map { $0.position + 1 }.sorted(by: >).prefix(features)
        return max(targets * local.record.positions, min(largest.reduce(0, +), max(AttributionEngine.sweepRows, largest.first ?? 0)))
    }
}
