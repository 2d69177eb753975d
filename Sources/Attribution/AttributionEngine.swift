public import Graphs
public import Replacement
internal import Tensors
internal import Transformers

/// Computes the attribution graph of a prompt.
public struct AttributionEngine: Sendable {
    private let local: LocalReplacementModel

    /// Creates the engine of one prompt, without computing anything yet.
    public init(_ local: LocalReplacementModel) {
        self.local = local
    }

    /// The most features swept together, and the most positions that they reach, one after another. More need more memory; with fewer,
    /// weights are widened more often. The result does not depend on them.
    package static let sweepFeatures = 256
    package static let sweepRows = 8192

    /// Computes the targets' rows, then the features' rows: all of them, or the most influential ones (docs/method.md, section 5).
    ///
    /// - Parameters:
    ///   - prompt: the decoded tokens, stored in the graph.
    ///   - progress: called with the number of feature rows that are done and the total.
    /// - Throws: `CancellationError`.
    public func graph(
        of targets: AttributionTargets, options: AttributionOptions, prompt: String, origin: GraphOrigin,
        progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> AttributionGraph {
        let sites = local.activations.sites
        let rows = try EdgeRows(local)
        let targetRows = try rows.rows(ofTargets: targets.vectors)
        let wanted = local.featureNodes(atMost: options.maxFeatureNodes)

        var known = KnownRows(features: sites.count, columns: targetRows.columns, count: wanted + targetRows.rows)
        func compute(_ features: [Int]) throws {
            for sweep in Self.sweeps(features.sorted(), sites) {
                known.append(sweep, try rows.rows(ofFeatures: sweep.map { sites[$0] }))
                progress(known.visited.count, wanted)
            }
        }
        if wanted == sites.count {
            try compute(Array(sites.indices))
        } else {
            let queue = FeatureQueue(features: sites.count, weights: targets.weights, targetRows: targetRows)
            // Their rows are zeros, so there is no reason to choose among them.
            try compute(sites.indices.filter { local.fixed.contains(sites[$0]) })
            while known.visited.count < wanted {
                try compute(queue.next(min(options.updateInterval * options.batchSize, wanted - known.visited.count), after: known))
            }
        }
        known.append(targets: targetRows)
        let edges = Matrix(rows: wanted + targetRows.rows, columns: known.columns, elements: known.elements)
        return AttributionGraph(
            prompt: prompt, tokens: local.record.tokens, activeFeatures: sites, activations: local.activations.values,
            selectedFeatures: known.visited.sorted(), targets: targets.targets,
            // If all features are nodes, they are visited in order.
            edges: wanted == sites.count ? edges : Self.ordered(edges, visited: known.visited, outOf: sites.count), origin: origin)
    }

    /// Batches of features in their order, and so of neighbouring layers.
    private static func sweeps(_ features: [Int], _ sites: [FeatureSite]) -> [[Int]] {
        var (sweeps, rows) = ([[Int]](), sweepRows)
        for feature in features {
            let reach = sites[feature].position + 1
            if let last = sweeps.last, last.count < sweepFeatures, rows + reach <= sweepRows {
                sweeps[sweeps.count - 1].append(feature)
                rows += reach
            } else {
                sweeps.append([feature])
                rows = reach
            }
        }
        return sweeps
    }

    /// The rows in the order of their features, without the columns of features that have no row.
    private static func ordered(_ known: Matrix, visited: [Int], outOf features: Int) -> Matrix {
        let order = visited.indices.sorted { visited[$0] < visited[$1] } + Array(visited.count..<known.rows)
        let selected = visited.sorted()
        let columns = known.columns - features + selected.count
        var edges = Matrix(rows: known.rows, columns: columns)
        for (index, row) in order.enumerated() {
            let (from, to) = (row * known.columns, index * columns)
            for (column, feature) in selected.enumerated() { edges.elements[to + column] = known.elements[from + feature] }
            edges.copy(known, from: from + features, to: to + selected.count, count: known.columns - features)
        }
        return edges
    }
}

extension LocalReplacementModel {
    /// The number of feature nodes with a limit on them, nil for none. Fixed features need no rows and are nodes whatever the limit.
    func featureNodes(atMost limit: Int?) -> Int {
        guard let limit else { return activations.count }
        return min(max(limit, activations.sites.count(where: fixed.contains)), activations.count)
    }
}
