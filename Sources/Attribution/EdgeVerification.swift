public import Graphs
public import Replacement
internal import Tensors
internal import Transcoders
internal import Transformers

/// Random edges of a graph compared with real interventions: with every layer constrained, doubling the source must change
/// the target's pre-activation or logit by the edge (docs/method.md, section 8).
public struct EdgeVerification: Sendable, Equatable {
    /// An edge, as the graph has it and as it was measured.
    public struct Edge: Sendable, Equatable {
        /// A feature node.
        public let source: Int
        /// Of `AttributionGraph.edges`.
        public let row: Int
        /// What the graph has.
        public let weight: Float
        /// The change measured by really doubling the source.
        public let measured: Float

        /// The distance of the two.
        public var error: Float { abs(weight - measured) }
    }

    /// By source and row, each once.
    public let edges: [Edge]

    /// How large an error may be: absolute for edges below 1, relative above. The reference's own tolerance for activations in
    /// 32-bit floats.
    public static let tolerance: Float = 5e-4

    /// The largest of all; 0 without edges.
    public var largestError: Float { edges.map(\.error).max() ?? 0 }

    /// Whether no error is above the tolerance.
    public var holds: Bool { edges.allSatisfy { $0.error <= Self.tolerance * (1 + abs($0.weight)) } }

    /// Draws edges from features, and measures them. Of a direction, which is no token, a graph does not hold the vector, so
    /// edges to one are not drawn.
    ///
    /// - Parameters:
    ///   - graph: of the same prompt as `local`.
    ///   - count: how many are drawn, with repetition.
    ///   - seed: the same seed draws the same edges.
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

    /// Edges between features or to tokens' logits that are not zero, by source.
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

/// What the rows of a graph read in a run.
private struct Readings {
    private let record: ForwardRecord
    private let graph: AttributionGraph
    private let local: LocalReplacementModel
    /// Less their mean. `[vocabulary]`.
    private let logits: [Float]

    init(_ record: ForwardRecord, _ graph: AttributionGraph, _ local: LocalReplacementModel) {
        (self.record, self.graph, self.local) = (record, graph, local)
        let logits = local.model.decoder.nextTokenLogits(record, capped: false).elements
        let mean = logits.reduce(0, +) / Float(logits.count)
        self.logits = logits.map { $0 - mean }
    }

    /// A feature's pre-activation less its bias, or a target's logit less the mean of all logits.
    subscript(row: Int) -> Float {
        guard row < graph.index.features else { return logits[graph.targets[row - graph.index.features].id] }
        let site = graph.site(ofFeatureNode: row)
        let layer = record.layers[site.layer]
        let input = local.model.featureInputs(
            site.layer, layer.residualMid.rows(site.position..<site.position + 1), denominators: [layer.mlpDenominators[site.position]])
        return local.model.transcoders.layers[site.layer].encoder.row(site.index).dot(input.elements)
    }
}
