package import Tensors

/// Keys and values of the positions that a pass has already computed, layer by layer.
package struct KeyValueCache: Sendable {
    private var layers: [(keys: Matrix, values: Matrix)?]

    /// Creates an empty cache.
    package init(layers: Int) { self.layers = Array(repeating: nil, count: layers) }

    /// Creates a cache of the first `positions` positions of a recorded pass.
    package init(_ record: ForwardRecord, positions: Int) {
        layers = record.layers.map { ($0.keys.rows(0..<positions), $0.values.rows(0..<positions)) }
    }

    /// The number of cached positions, while no pass is under way.
    package var positions: Int { count(0) }

    /// The number of positions that a layer has.
    package func count(_ layer: Int) -> Int { layers[layer]?.keys.rows ?? 0 }

    /// The keys of a layer. `[positions, n_kv_heads * d_head]`.
    package func keys(_ layer: Int) -> Matrix { layers[layer]!.keys }

    /// The values of a layer. `[positions, n_kv_heads * d_head]`.
    package func values(_ layer: Int) -> Matrix { layers[layer]!.values }

    package mutating func append(_ layer: Int, keys: Matrix, values: Matrix) {
        guard let before = layers[layer] else {
            layers[layer] = (keys, values)
            return
        }
        layers[layer] = nil  // so that the arrays below are uniquely referenced and grow in place
        layers[layer] = (before.keys.appending(keys), before.values.appending(values))
    }
}
