package import Graphs
package import Replacement
internal import Tensors
internal import Transcoders
internal import Transformers

/// The memory of one attribution and of what is then done with its graph, in bytes: counted from shapes, and not less than what was
/// measured (docs/reliability.md).
package struct AttributionMemory: Sendable {
    /// What features write, row by row, and the errors.
    package let writers: Int
    /// The rows of the matrix while they are computed, the gradients of those being swept, and where only some features are nodes, the
    /// rows put in order or the shares that features are ranked by.
    package let edges: Int
    /// The matrix, and the edges among kept nodes that pruning works on, at most all of them; or the square that a `.pt` holds.
    package let pruning: Int

    /// The most at once.
    package var peak: Int { max(writers + edges, pruning) }

    /// - Parameter nodes: of features.
    package init(_ local: LocalReplacementModel, nodes: Int, targets: Int) {
        let (active, layers, positions) = (local.activations.count, local.record.layers.count, local.record.positions)
        let width = local.model.decoder.spec.width
        let written = local.activations.sites.reduce(0) { $0 + local.model.transcoders.layers[$1.layer].decoders.count }
        // The errors lie in a matrix a layer first, and each is copied out.
        writers = 4 * width * (written + 2 * layers * positions + positions) + Self.matrixBytes * written
        let index = NodeIndex(features: nodes, layers: layers, positions: positions, targets: targets)
        let (rows, columns) = (nodes + targets, index.sources)
        let graph = 4 * rows * columns
        let known = 4 * rows * (active + columns - nodes)
        edges = SweepMemory(local, nodes: nodes, targets: targets).bytes + (nodes == active ? graph : known + max(graph, 4 * rows * active))
        // Of a lower triangle half is zero.
        pruning = graph + max(Self.pruning(edges: rows * columns, nonZero: rows * columns / 2), Self.square(of: index))
    }

    /// Scores, their positive ones sorted with half of them beside, and two flags for each edge.
    private static func pruning(edges: Int, nonZero: Int) -> Int { 6 * edges + 6 * nonZero }

    /// What pruning a graph takes besides it.
    package static func pruning(of graph: AttributionGraph) -> Int {
        pruning(edges: graph.edges.elements.count, nonZero: graph.edgeCount)
    }

    /// The matrix of a graph's `.pt`.
    package static func square(of index: NodeIndex) -> Int { 4 * index.count * index.count }

    /// How many of `nodes` features a graph can have that takes no more than `bytes`; 0 where not even one fits.
    package static func nodes(fitting bytes: Int, _ local: LocalReplacementModel, nodes: Int, targets: Int) -> Int {
        (1..<max(nodes, 1)).partitionPoint { AttributionMemory(local, nodes: $0, targets: targets).peak <= bytes } - 1
    }

    /// The same to two digits, with some room: at the next try less may be free.
    public static func advisedNodes(fitting bytes: Int, _ local: LocalReplacementModel, nodes: Int, targets: Int) -> Int {
        let fitting = Self.nodes(fitting: bytes / 10 * 9, local, nodes: nodes, targets: targets)
        var unit = 1
        while fitting / unit >= 100 { unit *= 10 }
        return fitting / unit * unit
    }

    /// What a pruned graph's document and its text take, which grow by doubling.
    public static func document(of pruning: Pruning) -> Int { 500 * pruning.edgeCount }

    /// What a small matrix takes beside its elements.
    private static let matrixBytes = 96
}

/// The memory of the largest batch of rows that is swept down the layers together (`EdgeRows`).
private struct SweepMemory {
    let bytes: Int

    init(_ local: LocalReplacementModel, nodes: Int, targets: Int) {
        let spec = local.model.decoder.spec
        var (headWidth, heads) = (0, 0)
        for attention in spec.layers.map(\.attention) {
            headWidth = max(headWidth, attention.headWidth)
            heads = max(heads, (attention.heads + attention.keyValueHeads) * attention.headWidth)
        }
        let features = min(nodes, AttributionEngine.sweepRows)
        let (cone, batch) = (Self.coneRows(local, features: features, targets: targets), max(features, targets))
        // The gradients, and what norms and products make of them, a copy each; two rectangles of one head; places.
        let gradients = cone * (4 * (6 * spec.width + heads) + 32)
        let rectangles = 8 * batch * local.record.positions * headWidth
        let columns = local.activations.count + (local.record.layers.count + 1) * local.record.positions
        bytes = gradients + rectangles + 3 * 4 * batch * columns
    }

    /// Of the batch that reaches the most positions.
    private static func coneRows(_ local: LocalReplacementModel, features: Int, targets: Int) -> Int {
        var positions = local.record.layers.map { _ in [Int]() }
        for site in local.activations.sites { positions[site.layer].append(site.position + 1) }
        var most = targets * local.record.positions
        for layer in positions {
            let largest = layer.sorted(by: >).prefix(features)
            most = max(most, largest.reduce(0, +))
        }
        return most
    }
}
