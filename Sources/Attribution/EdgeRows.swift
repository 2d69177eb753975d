internal import Graphs
internal import Replacement
internal import Tensors
internal import Transcoders
internal import Transformers

/// Computes rows of the adjacency matrix: what every source contributes to a batch of targets (docs/method.md, section 4).
///
/// A batch is swept down through the frozen model once, inside its targets' causal cones. The contributions of features and
/// errors are read at every layer's output, those of the tokens at the bottom.
struct EdgeRows {
    private let local: LocalReplacementModel
    private let linearization: Linearization
    /// The index of all sources, with every active feature: features, errors, tokens.
    let sources: NodeIndex
    /// The sources that write to each layer's output, by layer and position.
    private let writers: [[Writers]]
    /// The tokens' vectors. `[P, d_model]`.
    private let embedding: Matrix

    /// The sources that write to one layer's output at one position.
    private struct Writers {
        /// For each run of consecutive features, the column of the first one and their vectors.
        let features: [(column: Int, vectors: Matrix)]
        /// The error's vector as a row.
        let error: Matrix
    }

    init(_ local: LocalReplacementModel) throws {
        self.local = local
        linearization = local.linearization
        let (layers, positions) = (local.model.decoder.layerCount, local.record.positions)
        sources = NodeIndex(features: local.activations.count, layers: layers, positions: positions, targets: 0)
        let errors = try local.errors()
        embedding = local.model.decoder.embed(local.record.tokens)
        writers = try (0..<layers).map { layer in
            try Task.checkCancellation()
            return (0..<positions).map { position in
                let features = (0...layer).filter { local.model.transcoders.writesTo(layer, from: $0) }.compactMap { source in
                    let indices = local.activations.indices(layer: source, position: position)
                    return indices.isEmpty
                        ? nil : (indices.lowerBound, local.sourceVectors(from: source, position: position, to: layer))
                }
                return Writers(features: features, error: errors[layer].rows(position..<position + 1))
            }
        }
    }

    /// The rows of targets after the final norm at the last position. `[n, sources]`.
    func rows(ofTargets vectors: Matrix) throws -> Matrix {
        let last = local.record.positions - 1
        return try rows(
            linearization.finalNormTransposed(vectors, position: last),
            positions: Array(repeating: last, count: vectors.rows), belowLayer: local.model.decoder.layerCount)
    }

    /// The rows of features, which must be of one layer, in the given order; zeros for those that are fixed. `[n, sources]`.
    func rows(ofFeatures sites: [FeatureSite]) throws -> Matrix {
        var result = Matrix(rows: sites.count, columns: sources.sources)
        // The cone requires its targets by descending position.
        let order = sites.indices.filter { !local.fixed.contains(sites[$0]) }.sorted { (sites[$1].position, $0) < (sites[$0].position, $1) }
        if order.isEmpty { return result }
        let sorted = order.map { sites[$0] }
        let rows = try rows(local.targetVectors(sorted), positions: sorted.map(\.position), belowLayer: sites[0].layer)
        for (row, index) in order.enumerated() {
            result.elements.replaceSubrange(
                index * rows.columns..<(index + 1) * rows.columns,
                with: rows.elements[row * rows.columns..<(row + 1) * rows.columns])
        }
        return result
    }

    /// Sweeps target vectors down from the residual stream before the MLP of layer `belowLayer`. If that is the number of
    /// layers, the sweep starts after the last layer.
    private func rows(_ vectors: Matrix, positions: [Int], belowLayer: Int) throws -> Matrix {
        var result = Matrix(rows: vectors.rows, columns: sources.sources)
        var cone = CausalCone(targetPositions: positions, width: vectors.columns)
        for target in 0..<vectors.rows { cone.inject(vectors.row(target), target: target) }
        for layer in stride(from: belowLayer, through: 0, by: -1) {
            try Task.checkCancellation()
            if layer < local.model.decoder.layerCount { linearization.attentionTransposed(layer, &cone) }
            guard layer > 0 else { break }
            let written = local.outputTransposed(layer - 1, cone)
            read(outputOf: layer - 1, written, into: &result)
            local.mlpTransposed(layer - 1, written: written, &cone)
        }
        for position in 0..<cone.positions {
            cone.read(embedding.rows(position..<position + 1), at: position, into: &result, column: sources.token(position: position))
        }
        return result
    }

    private func read(outputOf layer: Int, _ cone: CausalCone, into result: inout Matrix) {
        for position in 0..<cone.positions {
            for (column, vectors) in writers[layer][position].features {
                cone.read(vectors, at: position, into: &result, column: column)
            }
            cone.read(
                writers[layer][position].error, at: position, into: &result,
                column: sources.error(layer: layer, position: position))
        }
    }
}

extension CausalCone {
    /// Adds the inner products of the gradients at `position` with source vectors to consecutive columns of the targets' rows.
    ///
    /// - Parameter vectors: `[n, d_model]`.
    func read(_ vectors: Matrix, at position: Int, into result: inout Matrix, column: Int) {
        let columns = result.columns
        rows.elements.withUnsafeBufferPointer { gradients in
            vectors.elements.withUnsafeBufferPointer { sources in
                result.elements.withUnsafeMutableBufferPointer { out in
                    BLAS.multiply(
                        m: count(position), n: vectors.rows, k: vectors.columns,
                        .init(gradients.baseAddress! + start(position) * rows.columns, stride: rows.columns),
                        .init(sources.baseAddress!, stride: vectors.columns, transposed: true),
                        keep: 1, into: out.baseAddress! + column, stride: columns)
                }
            }
        }
    }
}
