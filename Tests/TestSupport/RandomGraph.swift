package import Graphs
internal import Tensors

/// A random graph with features at every layer and position; edges go up in layers and on in positions only.
package struct RandomGraph {
    package let graph: AttributionGraph

    package init(layers: Int, featuresPerSite: Int, positions: Int, targets: Int, seed: UInt64) {
        var random = RandomBits(seed: seed)
        let sites = (0..<layers).flatMap { layer in
            (0..<positions).flatMap { position in
                (0..<featuresPerSite).map { FeatureSite(layer: layer, position: position, index: 3 * $0 + position) }
            }
        }
        let index = NodeIndex(features: sites.count, layers: layers, positions: positions, targets: targets)
        /// Where a source stands; tokens are below all layers.
        func place(_ column: Int) -> (layer: Int, position: Int) {
            if column < sites.count { return (sites[column].layer, sites[column].position) }
            if index.errors.contains(column) { return ((column - sites.count) / positions, (column - sites.count) % positions) }
            return (-1, column - index.errors.upperBound)
        }
        var edges = Matrix(rows: sites.count + targets, columns: index.sources)
        for row in 0..<edges.rows {
            let (layer, position) = row < sites.count ? (sites[row].layer, sites[row].position) : (layers, positions - 1)
            for column in 0..<edges.columns {
                let source = place(column)
                if source.layer < layer, source.position <= position { edges[row, column] = random.floats(1)[0] }
            }
        }
        graph = AttributionGraph(
            prompt: "a prompt", tokens: (0..<positions).map { $0 + 1 }, activeFeatures: sites,
            activations: random.floats(sites.count).map { abs($0) + 0.1 }, selectedFeatures: Array(sites.indices),
            targets: (0..<targets).map { AttributionTarget(text: " t\($0)", id: $0 + 10, weight: 0.6 / Float($0 + 1)) }, edges: edges,
            origin: GraphOrigin(
                model: "tiny/random", scan: "tiny/random-plt", architecture: "none", layers: layers, width: 8, heads: 2, keyValueHeads: 1,
                headWidth: 4, mlpWidth: 16, vocabulary: 100, tokenizerSize: 90))
    }
}
