internal import Tensors

extension AttributionGraph {
    /// The graph in which every feature node except `kept` counts as error: the edges that it sends are added to those of the error
    /// node at its layer and position, and the edges that it receives are removed. The scores of the result say how much the kept
    /// features explain alone.
    ///
    /// - Parameter kept: the features to keep; sites that are not nodes are ignored.
    /// - Complexity: reads every edge once.
    public func mergingFeaturesIntoErrors(except kept: Set<FeatureSite>) -> AttributionGraph {
        let index = index
        let nodes = (0..<index.features).filter { kept.contains(site(ofFeatureNode: $0)) }
        let mergedInto: [Int?] = (0..<index.features).map { node in
            let site = site(ofFeatureNode: node)
            return kept.contains(site) ? nil : nodes.count + site.layer * index.positions + site.position
        }
        let rows = nodes + Array(index.features..<edges.rows)
        var merged = Matrix(rows: rows.count, columns: index.sources - index.features + nodes.count)
        for (row, from) in rows.enumerated() {
            for (column, node) in nodes.enumerated() { merged[row, column] = edges[from, node] }
            for column in index.features..<index.sources {
                merged[row, column - index.features + nodes.count] = edges[from, column]
            }
            for (node, column) in mergedInto.enumerated() {
                if let column { merged[row, column] += edges[from, node] }
            }
        }
        return AttributionGraph(
            prompt: prompt, tokens: tokens, activeFeatures: activeFeatures, activations: activations,
            selectedFeatures: nodes.map { selectedFeatures[$0] }, targets: targets, edges: merged, origin: origin)
    }
}
