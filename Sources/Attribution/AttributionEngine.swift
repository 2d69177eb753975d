public import Graphs
public import Replacement
internal import Tensors
internal import Transformers

/// Computes the attribution graph of a prompt.
public struct AttributionEngine: Sendable {
    private let local: LocalReplacementModel

    public init(_ local: LocalReplacementModel) {
        self.local = local
    }

    /// Rows swept together; larger ones cost memory, smaller ones repack weights more often. Not part of the result.
    private static let sweepRows = 256

    /// The targets' rows first, then features', by influence where not all are wanted (method.md section 5).
    ///
    /// - Parameters:
    ///   - prompt: the decoded tokens, for the graph to carry.
    ///   - progress: feature rows done, and to do.
    /// - Throws: `CancellationError`.
    public func graph(
        of targets: AttributionTargets, options: AttributionOptions, prompt: String, origin: GraphOrigin,
        progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> AttributionGraph {
        let sites = local.activations.sites
        let rows = try EdgeRows(local)
        let targetRows = try rows.rows(ofTargets: targets.vectors)
        let wanted = min(options.maxFeatureNodes ?? sites.count, sites.count)

        var featureRows: [Int: [Float]] = [:]
        func compute(_ features: [Int]) throws {
            for sweep in Self.sweeps(features, sites) {
                let computed = try rows.rows(ofFeatures: sweep.map { sites[$0] })
                for (row, feature) in sweep.enumerated() { featureRows[feature] = computed.row(row) }
                progress(featureRows.count, wanted)
            }
        }
        if wanted == sites.count {
            try compute(Array(sites.indices))
        } else {
            var queue = FeatureQueue(features: sites.count, weights: targets.weights, targetRows: targetRows)
            while featureRows.count < wanted {
                let next = queue.next(min(options.updateInterval * options.batchSize, wanted - featureRows.count))
                try compute(next)
                for feature in next { queue.visit(feature, row: featureRows[feature]!) }
            }
        }
        let selected = featureRows.keys.sorted()
        let all = selected.map { featureRows[$0]! } + (0..<targetRows.rows).map { targetRows.row($0) }
        return AttributionGraph(
            prompt: prompt, tokens: local.record.tokens, activeFeatures: sites, activations: local.activations.values,
            selectedFeatures: selected, targets: targets.targets,
            edges: Self.keeping(selected, outOf: sites.count, all), origin: origin)
    }

    /// Features of one layer together, in portions.
    private static func sweeps(_ features: [Int], _ sites: [FeatureSite]) -> [[Int]] {
        let byLayer = Dictionary(grouping: features) { sites[$0].layer }
        return byLayer.keys.sorted(by: >).flatMap { layer in
            let group = byLayer[layer]!
            return stride(from: 0, to: group.count, by: sweepRows).map { start in
                Array(group[start..<min(start + sweepRows, group.count)])
            }
        }
    }

    /// The rows as a matrix, without the columns of features that were not selected.
    private static func keeping(_ selected: [Int], outOf features: Int, _ rows: [[Float]]) -> Matrix {
        let others = (rows.first?.count ?? features) - features
        let columns = selected.count + others
        var elements: [Float] = []
        elements.reserveCapacity(rows.count * columns)
        for row in rows {
            if selected.count == features {
                elements.append(contentsOf: row)
            } else {
                elements.append(contentsOf: selected.lazy.map { row[$0] })
                elements.append(contentsOf: row[features...])
            }
        }
        return Matrix(rows: rows.count, columns: columns, elements: elements)
    }
}
