internal import Tensors

/// The MLP of a layer whose rows each go through a few of many experts.
struct Experts: Sendable {
    let spec: ExpertsSpec
    let router: LinearLayer
    let gateUp: ExpertLayers
    let down: ExpertLayers

    /// `[n, d_model] -> [n, d_model]`.
    ///
    /// Expert by expert over the rows that chose it, so that each expert's weights are read once, and those of the others not.
    func apply(_ normalized: Matrix) -> Matrix {
        var result = Matrix(rows: normalized.rows, columns: normalized.columns)
        for (expert, routes) in routes(normalized).enumerated() where !routes.isEmpty {
            let rows = Matrix(
                rows: routes.count, columns: normalized.columns, elements: routes.flatMap { normalized.row($0.row) })
            let outputs = down.apply(expert, hidden(gateUp.apply(expert, rows)))
            for (index, route) in routes.enumerated() { result.addToRow(route.row, outputs.row(index), scale: route.share) }
        }
        return result
    }

    /// Of each expert the rows that chose it, and its share of what is added to them.
    private func routes(_ normalized: Matrix) -> [[(row: Int, share: Float)]] {
        let scores = router.apply(normalized)
        var routes: [[(row: Int, share: Float)]] = Array(repeating: [], count: spec.count)
        for row in 0..<scores.rows {
            let scores = scores.row(row)
            let chosen = scores.indicesOfLargest(spec.chosen)
            for (expert, share) in zip(chosen, chosen.map { scores[$0] }.softmax()) { routes[expert].append((row, share)) }
        }
        return routes
    }

    /// `[n, 2 d_mlp] -> [n, d_mlp]`.
    ///
    /// - Parameter gateUp: of each hidden dimension its gate and its up, in turn.
    private func hidden(_ gateUp: Matrix) -> Matrix {
        var hidden = Matrix(rows: gateUp.rows, columns: gateUp.columns / 2)
        hidden.elements.withUnsafeMutableBufferPointer { out in
            for index in out.indices {
                // The number first: of two where one is none, `min` and `max` return the first.
                let gate = min(gateUp.elements[2 * index], spec.limit)
                let up = max(min(gateUp.elements[2 * index + 1], spec.limit), -spec.limit)
                out[index] = (up + 1) * gate / (1 + Float.exponential(-spec.steepness * gate))
            }
        }
        return hidden
    }
}
