public import Foundation
public import Graphs
public import Replacement
internal import Tensors
internal import Transformers

/// Computes the attribution graph of a prompt.
public struct AttributionEngine: Sendable {
    private let local: LocalReplacementModel
    private let scratch: URL?
    private let sweepFeatures: Int
    private let sweepRows: Int

    /// Creates the engine of one prompt, without computing anything yet.
    ///
    /// - Parameter scratch: a folder for a temporary file with rows that do not fit in memory; nil to keep all in memory.
    public init(_ local: LocalReplacementModel, scratchIn scratch: URL? = nil) { self.init(local, scratchIn: scratch, sweepFeatures: Self.sweepFeatures) }

    /// The same with sweeps of other sizes.
    init(_ local: LocalReplacementModel, scratchIn scratch: URL? = nil, sweepFeatures: Int, sweepRows: Int = Self.sweepRows) {
        self.local = local
        self.scratch = scratch
        self.sweepFeatures = sweepFeatures
        self.sweepRows = sweepRows
    }

    /// The most features swept together, and the most positions that they reach, each counted. More need more memory and longer until a
    /// cancellation is noticed; with fewer, weights are widened more often. The result does not depend on them.
    package static let sweepFeatures = 256
    package static let sweepRows = 2048
    /// The most edges that they have together: of a long prompt a row has millions.
    private static let sweepEdges = 1 << 25

    /// The most features swept together in a graph with this many sources.
    package static func sweepFeatures(sources: Int) -> Int { min(sweepFeatures, max(sweepEdges / max(sources, 1), 1)) }

    /// Computes the targets' rows, then the features' rows: all of them, or the most influential ones (docs/method.md, section 5).
    ///
    /// - Parameters:
    ///   - prompt: the decoded tokens, stored in the graph.
    ///   - tied: called once if features are not nodes because of rounding: their influence was, to rounding, that of the last ones taken.
    ///   - progress: called with the number of feature rows that are done and the total.
    /// - Returns: if the task is cancelled, the graph of the features whose rows are done.
    /// - Throws: `CancellationError` if none is; an error that says so if there is no room for a temporary file.
    public func graph(
        of targets: AttributionTargets, options: AttributionOptions, prompt: String, origin: GraphOrigin,
        tied: (_ sites: [FeatureSite]) -> Void = { _ in }, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> AttributionGraph {
        let sites = local.activations.sites
        let rows = try EdgeRows(local)
        let targetRows = try rows.rows(ofTargets: targets.vectors)
        let wanted = local.featureNodes(atMost: options.maxFeatureNodes)
        var known = try KnownRows(
            features: sites.count, columns: targetRows.columns, count: wanted + targetRows.rows, scratchIn: scratch)
        let most = min(sweepFeatures, Self.sweepFeatures(sources: targetRows.columns))
        func compute(_ features: [Int]) throws {
            // From the top: if the task is cancelled, what is done are paths from the targets down.
            for sweep in sweeps(features.sorted(), sites, most: most).reversed() {
                known.append(sweep, try rows.rows(ofFeatures: sweep.map { sites[$0] }))
                progress(known.visited.count, wanted)
            }
        }
        do {
            if wanted == sites.count {
                try compute(Array(sites.indices))
            } else {
                let layers = (0..<local.activations.layers).map(local.activations.indices(layer:))
                let queue = FeatureQueue(layers: layers, weights: targets.weights, targetRows: targetRows)
                // Their rows are zeros, so there is no reason to choose among them.
                try compute(sites.indices.filter { local.fixed.contains(sites[$0]) })
                var close: Set<Int> = []
                while known.visited.count < wanted {
                    let choice = try queue.next(min(options.updateInterval * options.batchSize, wanted - known.visited.count), after: known)
                    close.formUnion(choice.tied)
                    try compute(choice.taken)
                }
                // Those that a later ranking took are nodes whichever came first.
                close.subtract(known.visited)
                if !close.isEmpty { tied(close.sorted().map { sites[$0] }) }
            }
        } catch is CancellationError where !known.visited.isEmpty {}
        return AttributionGraph(
            prompt: prompt, tokens: local.record.tokens, activeFeatures: sites, activations: local.activations.values,
            selectedFeatures: known.visited.sorted(), targets: targets.targets, edges: known.edges(targetRows: targetRows), origin: origin)
    }

    /// Batches of features in their order, and so of neighbouring layers.
    private func sweeps(_ features: [Int], _ sites: [FeatureSite], most: Int) -> [[Int]] {
        var (sweeps, rows) = ([[Int]](), sweepRows)
        for feature in features {
            let reach = sites[feature].position + 1
            if let last = sweeps.last, last.count < most, rows + reach <= sweepRows {
                sweeps[sweeps.count - 1].append(feature)
                rows += reach
            } else {
                sweeps.append([feature])
                rows = reach
            }
        }
        return sweeps
    }
}

extension LocalReplacementModel {
    /// The number of feature nodes with a limit on them, nil for none. Fixed features need no rows and are nodes whatever the limit.
    func featureNodes(atMost limit: Int?) -> Int {
        guard let limit else { return activations.count }
        return min(max(limit, activations.sites.count(where: fixed.contains)), activations.count)
    }
}
