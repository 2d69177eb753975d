internal import Tensors

extension AttributionGraph {
    /// The graph in which every feature node but some counts as error: what such a feature sends is added to the error
    /// node at its layer and position, and what it receives is gone. Its scores say how much those features explain alone.
    ///
    /// - Parameter kept: sites that are no nodes are ignored.
    /// - Complexity: reads every edge once.
    public func mergingFeaturesIntoErrors(except kept: Set<FeatureSite>) -> AttributionGraph {
        let index = index
        let places = (0..<index.features).filter { kept.contains(site(ofFeatureNode: $0)) }
        let mergedInto: [Int?] = (0..<index.features).map { place in
            let site = site(ofFeatureNode: place)
            return kept.contains(site) ? nil : places.count + site.layer * index.positions + site.position
        }
        let rows = places + Array(index.features..<edges.rows)
        var merged = Matrix(rows: rows.count, columns: index.sources - index.features + places.count)
        for (row, from) in rows.enumerated() {
            for (column, place) in places.enumerated() { merged[row, column] = edges[from, place] }
            for column in index.features..<index.sources {
                merged[row, column - index.features + places.count] = edges[from, column]
            }
            for (place, column) in mergedInto.enumerated() {
                if let column { merged[row, column] += edges[from, place] }
            }
        }
        return AttributionGraph(
            prompt: prompt, tokens: tokens, activeFeatures: activeFeatures, activations: activations,
            selectedFeatures: places.map { selectedFeatures[$0] }, targets: targets, edges: merged, origin: origin)
    }
}
