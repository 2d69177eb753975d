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

    /// The number of rows swept together. More rows need more memory; fewer rows repack weights more often. The result does not
    /// depend on it.
    package static let sweepRows = 256

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

        // Rows in the order in which they are computed, the targets' last. They are appended, not written into zeros: touching a
        // large matrix for the first time takes seconds, during which nothing could be cancelled.
        let columns = targetRows.columns
        var known: [Float] = []
        known.reserveCapacity((wanted + targetRows.rows) * columns)
        var visited: [Int] = []
        func compute(_ features: [Int]) throws {
            for sweep in Self.sweeps(features, sites) {
                known += try rows.rows(ofFeatures: sweep.map { sites[$0] }).elements
                visited += sweep
                progress(visited.count, wanted)
            }
        }
        if wanted == sites.count {
            try compute(Array(sites.indices))
        } else {
            var queue = FeatureQueue(features: sites.count, weights: targets.weights, targetRows: targetRows)
            func visit(_ features: [Int]) throws {
                let done = visited.count
                try compute(features)
                for index in done..<visited.count {
                    queue.visit(visited[index], row: Array(known[index * columns..<(index + 1) * columns]))
                }
            }
            // Their rows are zeros, so there is no reason to choose among them.
            try visit(sites.indices.filter { local.fixed.contains(sites[$0]) })
            while visited.count < wanted {
                try visit(queue.next(min(options.updateInterval * options.batchSize, wanted - visited.count)))
            }
        }
        known += targetRows.elements
        let edges = Matrix(rows: wanted + targetRows.rows, columns: columns, elements: known)
        return AttributionGraph(
            prompt: prompt, tokens: local.record.tokens, activeFeatures: sites, activations: local.activations.values,
            selectedFeatures: visited.sorted(), targets: targets.targets,
            // If all features are nodes, they are visited in order.
            edges: wanted == sites.count ? edges : Self.ordered(edges, visited: visited, outOf: sites.count), origin: origin)
    }

    /// Batches of features, each from one layer. The lowest layer comes first, so that features in order stay in order.
    private static func sweeps(_ features: [Int], _ sites: [FeatureSite]) -> [[Int]] {
        let byLayer = Dictionary(grouping: features) { sites[$0].layer }
        return byLayer.keys.sorted().flatMap { layer in
            let group = byLayer[layer]!
            return stride(from: 0, to: group.count, by: sweepRows).map { start in
                Array(group[start..<min(start + sweepRows, group.count)])
            }
        }
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
