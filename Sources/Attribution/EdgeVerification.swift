public import Graphs
public import Replacement
internal import Tensors
internal import Transcoders
internal import Transformers

/// Random edges of a graph, compared with real interventions: with every layer constrained, doubling the source must change
/// the target's pre-activation or logit by the edge's weight (docs/method.md, section 8).
public struct EdgeVerification: Sendable, Equatable {
    /// An edge, with its weight in the graph and as measured.
    public struct Edge: Sendable, Equatable {
        /// The source, a feature node.
        public let source: Int
        /// The target's row in `AttributionGraph.edges`.
        public let row: Int
        /// The weight in the graph.
        public let weight: Float
        /// The change that doubling the source really caused.
        public let measured: Float

        /// The absolute difference of the two.
        public var error: Float { abs(weight - measured) }
    }

    /// The edges, by source and row, each once.
    public let edges: [Edge]

    /// The largest allowed error: about absolute for edges below 1, relative above. It is the reference's tolerance for activations
    /// in 32-bit floats.
    public static let tolerance: Float = 5e-4

    /// The largest error; 0 if there are no edges.
    public var largestError: Float { edges.map(\.error).max() ?? 0 }

    /// Whether every error is within the tolerance.
    public var holds: Bool { edges.allSatisfy { $0.error <= Self.tolerance * (1 + abs($0.weight)) } }

    /// Draws edges that start at features, and measures them. Edges to directions are not drawn, because a graph does not
    /// contain a direction's vector.
    ///
    /// - Parameters:
    ///   - graph: a graph of the same prompt as `local`.
    ///   - count: the number of edges to draw, with repetition.
    ///   - seed: the seed of the random choice; the same seed draws the same edges.
    ///   - isWanted: whether edges from a feature may be drawn.
    ///   - progress: called with the number of edges measured so far.
    /// - Throws: `CancellationError`.
    public init(
        of graph: AttributionGraph, on local: LocalReplacementModel, count: Int, seed: UInt64,
        from isWanted: (FeatureSite) -> Bool = { _ in true }, progress: (Int) -> Void = { _ in }
    ) throws {
        let everything = RunOptions(constrainedLayers: 0..<local.model.decoder.layerCount)
        let before = Readings(local.record, graph, local)
        var edges: [Edge] = []
        for (source, rows) in Self.drawn(from: graph, vocabulary: local.model.decoder.spec.vocabulary, count, seed: seed, isWanted) {
            let site = graph.site(ofFeatureNode: source)
            let doubling = Intervention(
                feature: site.feature, positions: site.position..<site.position + 1, edit: .scale(2))
            let after = Readings(try local.intervened([doubling], options: everything).record, graph, local)
            edges += rows.map { row in
                Edge(source: source, row: row, weight: graph.edges[row, source], measured: after[row] - before[row])
            }
            progress(edges.count)
        }
        self.edges = edges
    }

    /// Random nonzero edges between features or to tokens' logits, by source.
    private static func drawn(
        from graph: AttributionGraph, vocabulary: Int, _ count: Int, seed: UInt64, _ isWanted: (FeatureSite) -> Bool
    ) -> [(source: Int, rows: [Int])] {
        let (features, columns) = (graph.index.features, graph.edges.columns)
        func isToken(_ row: Int) -> Bool { row < features || graph.targets[row - features].id < vocabulary }
        let isSource = (0..<features).map { isWanted(graph.site(ofFeatureNode: $0)) }
        let all = graph.edges.elements.indices.filter {
            $0 % columns < features && isSource[$0 % columns] && graph.edges.elements[$0] != 0 && isToken($0 / columns)
        }
        var random = RandomBits(seed: seed)
        let picked = all.isEmpty ? [] : (0..<max(count, 0)).map { _ in all[Int(random.next() % UInt64(all.count))] }
        let bySource = Dictionary(grouping: Set(picked)) { $0 % columns }
        return bySource.sorted { $0.key < $1.key }.map { source, edges in (source, edges.map { $0 / columns }.sorted()) }
    }
}

/// The values of a graph's rows in a run.
private struct Readings {
    private let record: ForwardRecord
    private let graph: AttributionGraph
    private let local: LocalReplacementModel
    /// The next token's logits minus their mean. `[vocabulary]`.
    private let logits: [Float]

    init(_ record: ForwardRecord, _ graph: AttributionGraph, _ local: LocalReplacementModel) {
        (self.record, self.graph, self.local) = (record, graph, local)
        let logits = local.model.decoder.nextTokenLogits(record, capped: false).elements
        let mean = logits.reduce(0, +) / Float(logits.count)
        self.logits = logits.map { $0 - mean }
    }

    /// A feature's pre-activation without its bias, or a target's logit minus the mean of all logits.
    subscript(row: Int) -> Float {
        guard row < graph.index.features else { return logits[graph.targets[row - graph.index.features].id] }
        let site = graph.site(ofFeatureNode: row)
        let layer = record.layers[site.layer]
        let input = local.model.featureInputs(
            site.layer, layer.residualMid.rows(site.position..<site.position + 1), denominators: [layer.mlpDenominators[site.position]])
        return local.model.transcoders.layers[site.layer].encoder.row(site.index).dot(input.elements)
    }
}
