internal import Tensors

/// The MLP of a layer in which each row goes through a few of many experts.
struct Experts: Sendable {
    let spec: ExpertsSpec
    let router: LinearLayer
    let gateUp: ExpertLayers
    let down: ExpertLayers

    /// `[n, d_model] -> [n, d_model]`.
    ///
    /// Runs each expert on all its rows together, so that its weights are read once; those of experts without rows are not read.
    func apply(_ normalized: Matrix) throws -> Matrix {
        var result = Matrix(rows: normalized.rows, columns: normalized.columns)
        for (expert, routes) in try routes(normalized).enumerated() where !routes.isEmpty {
            try Task.checkCancellation()
            let rows = Matrix(
                rows: routes.count, columns: normalized.columns, elements: routes.flatMap { normalized.row($0.row) })
            let outputs = down.apply(expert, hidden(gateUp.apply(expert, rows)))
            for (index, route) in routes.enumerated() { result.addToRow(route.row, outputs.row(index), scale: route.share) }
        }
        return result
    }

    /// For each expert, the rows that go through it, and the weight of its output in each.
    private func routes(_ normalized: Matrix) throws -> [[(row: Int, share: Float)]] {
        let scores = try router.apply(normalized)
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
    /// - Parameter gateUp: for each hidden dimension, the gate and then the up value.
    private func hidden(_ gateUp: Matrix) -> Matrix {
        var hidden = Matrix(rows: gateUp.rows, columns: gateUp.columns / 2)
        hidden.elements.withUnsafeMutableBufferPointer { out in
            for index in out.indices {
                // The value comes first: if it is NaN, `min` and `max` return their first argument.
                let gate = min(gateUp.elements[2 * index], spec.limit)
                let up = max(min(gateUp.elements[2 * index + 1], spec.limit), -spec.limit)
                out[index] = (up + 1) * gate / (1 + Float.exponential(-spec.steepness * gate))
            }
        }
        return hidden
    }
}
