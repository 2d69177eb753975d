internal import Graphs
internal import Replacement
internal import Tensors
internal import Transcoders
internal import Transformers

extension Session {
    /// Checks random edges of the graph against real interventions: with every layer constrained, doubling the source
    /// must change the target's pre-activation or logit by the edge (method.md section 8).
    ///
    /// - Parameter seed: the same seed picks the same edges.
    public func verify(_ count: Int, seed: UInt64, progress: ProgressHandler? = nil) throws -> VerifyReport {
        let (state, local) = (try graphed(), try local())
        let graph = state.graph
        guard state.isOfLoaded, graph.tokens == local.record.tokens else {
            throw SessionError("The graph is of another prompt or model than the current one, so it cannot be checked. `attribute` computes a new one.")
        }
        let edges = randomEdges(graph, count, seed: seed)
        if edges.isEmpty { throw SessionError("The graph has no edges from features, so there is nothing to check.") }
        var rows: [VerifyReport.Row] = []
        var largest: (error: Float, row: VerifyReport.Row)?
        for (source, targets) in edges {
            let site = graph.site(ofFeatureNode: source)
            let doubling = Intervention(
                feature: site.feature, positions: site.position..<site.position + 1, isOpenEnded: false, edit: .scale(2))
            let run = try local.intervened([doubling], options: RunOptions(constrainedLayers: 0..<local.model.decoder.layerCount))
            for target in targets {
                let row = VerifyReport.Row(
                    source: label(state, source), target: label(state, place(ofRow: target, graph)), edge: graph.edges[target, source],
                    measured: reading(target, graph, run.record, local) - reading(target, graph, local.record, local))
                rows.append(row)
                if abs(row.edge - row.measured) > largest?.error ?? -1 { largest = (abs(row.edge - row.measured), row) }
            }
            progress?(Progress(phase: "verifying", done: rows.count, total: count, unit: "edges"))
        }
        let within = rows.allSatisfy { abs($0.edge - $0.measured) <= Self.edgeTolerance * (1 + abs($0.edge)) }
        let strongest = rows.sorted { abs($1.edge) < abs($0.edge) }
        return VerifyReport(
            edgesChecked: rows.count, largestError: largest?.error ?? 0, tolerance: Self.edgeTolerance, passed: within,
            rows: Array(strongest.prefix(5)))
    }

    /// Absolute for edges below 1, relative above: the reference's own tolerance for activations in 32-bit floats.
    private static let edgeTolerance: Float = 5e-4

    /// Random edges between features or to targets that are not zero, by source.
    private func randomEdges(_ graph: AttributionGraph, _ count: Int, seed: UInt64) -> [(source: Int, targets: [Int])] {
        let features = graph.index.features
        let all = graph.edges.elements.indices.filter { $0 % graph.edges.columns < features && graph.edges.elements[$0] != 0 }
        var random = RandomBits(seed: seed)
        let picked = all.isEmpty ? [] : (0..<max(count, 0)).map { _ in all[Int(random.next() % UInt64(all.count))] }
        let bySource = Dictionary(grouping: Set(picked)) { $0 % graph.edges.columns }
        return bySource.sorted { $0.key < $1.key }.map { source, edges in (source, edges.map { $0 / graph.edges.columns }.sorted()) }
    }

    /// A target's pre-activation less its bias, or its logit less the mean of all logits.
    private func reading(_ target: Int, _ graph: AttributionGraph, _ record: ForwardRecord, _ local: LocalReplacementModel) -> Float {
        guard target < graph.index.features else {
            let logits = local.model.decoder.nextTokenLogits(record, capped: false).elements
            return logits[graph.targets[target - graph.index.features].id] - logits.reduce(0, +) / Float(logits.count)
        }
        let site = graph.site(ofFeatureNode: target)
        let layer = record.layers[site.layer]
        let input = local.model.featureInputs(
            site.layer, layer.residualMid.rows(site.position..<site.position + 1), denominators: [layer.mlpDenominators[site.position]])
        return local.model.transcoders.layers[site.layer].encoder.row(site.index).dot(input.elements)
    }
}
