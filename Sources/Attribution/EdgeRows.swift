internal import Graphs
internal import Replacement
internal import Tensors
internal import Transcoders
internal import Transformers

/// Computes rows of the adjacency matrix: what every source contributes to a batch of targets (docs/method.md, section 4).
///
/// A batch is swept down through the frozen model once, inside its targets' causal cones; targets join at their layers. The contributions
/// of features and errors are read at every layer's output, those of the tokens at the bottom.
struct EdgeRows {
    private let local: LocalReplacementModel
    private let linearization: Linearization
    /// The index of all sources, with every active feature: features, errors, tokens.
    let sources: NodeIndex
    /// The features that write to each layer's output.
    private let writers: [[Writers]]
    /// The errors' vectors, by layer. `[P, d_model]`.
    private let errors: [Matrix]
    /// The tokens' vectors. `[P, d_model]`.
    private let embedding: Matrix

    /// Features of one layer that are active at one position: consecutive sources.
    fileprivate struct Writers {
        let position: Int
        /// The column of the first one.
        let column: Int
        /// What they write for an activation of 1. `[n, d_model]`.
        let decoderRows: StoredMatrix
        /// Their activations. `[n]`.
        let activations: ArraySlice<Float>
    }

    init(_ local: LocalReplacementModel) throws {
        self.local = local
        linearization = local.linearization
        let (layers, positions) = (local.model.decoder.layerCount, local.record.positions)
        sources = NodeIndex(features: local.activations.count, layers: layers, positions: positions, targets: 0)
        errors = try local.errors()
        embedding = local.model.decoder.embed(local.record.tokens)
        writers = (0..<layers).map { layer in
            (0..<positions).flatMap { position in
                (0...layer).filter { local.model.transcoders.writesTo(layer, from: $0) }.flatMap { source in
                    let indices = local.activations.indices(layer: source, position: position)
                    let rows = local.decoderRows(from: source, position: position, to: layer)
                    // In parts, for threads.
                    return stride(from: 0, to: indices.count, by: Self.columnsAtOnce).map { start in
                        let part = start..<min(start + Self.columnsAtOnce, indices.count)
                        let column = indices.lowerBound + start
                        return Writers(
                            position: position, column: column, decoderRows: rows.rows(part),
                            activations: local.activations.values[column..<column + part.count])
                    }
                }
            }
        }
    }

    /// How many sources a thread reads at a time.
    private static let columnsAtOnce = 128

    /// The rows of targets after the final norm at the last position. `[n, sources]`.
    func rows(ofTargets vectors: Matrix) throws -> Matrix {
        let (last, top) = (local.record.positions - 1, local.model.decoder.layerCount)
        let cone = CausalCone(
            targets: Array(0..<vectors.rows), positions: Array(repeating: last, count: vectors.rows),
            vectors: linearization.finalNormTransposed(vectors, position: last))
        return try rows(vectors.rows, from: top) { $0 == top ? cone : nil }
    }

    /// The rows of features in the given order; zeros for those that are fixed. `[n, sources]`.
    func rows(ofFeatures sites: [FeatureSite]) throws -> Matrix {
        let byLayer = Dictionary(grouping: sites.indices.filter { !local.fixed.contains(sites[$0]) }) { sites[$0].layer }
        return try rows(sites.count, from: byLayer.keys.max() ?? 0) { layer in
            byLayer[layer].map { targets in
                let sites = targets.map { sites[$0] }
                return CausalCone(targets: targets, positions: sites.map(\.position), vectors: local.targetVectors(sites))
            }
        }
    }

    /// Sweeps targets down from the residual stream before the MLP of layer `top`. If that is the number of layers, the sweep
    /// starts after the last layer.
    ///
    /// - Parameter joining: those that begin at a layer; their numbers are rows of the result.
    private func rows(_ count: Int, from top: Int, joining: (_ layer: Int) -> CausalCone?) throws -> Matrix {
        var result = Matrix(rows: count, columns: sources.sources)
        var cone = CausalCone(targets: [], positions: [], vectors: Matrix(rows: 0, columns: embedding.columns))
        for layer in stride(from: top, through: 0, by: -1) {
            try Task.checkCancellation()
            if let others = joining(layer) { cone = cone.joined(by: others) }
            if layer < local.model.decoder.layerCount { try linearization.attentionTransposed(layer, &cone) }
            guard layer > 0 else { break }
            try Task.checkCancellation()
            let written = local.outputTransposed(layer - 1, cone)
            let arranged = ArrangedRows(written.rows)
            written.read(arranged, writers[layer - 1], into: &result)
            // Some of the features may have been left out.
            try Task.checkCancellation()
            written.read(errors[layer - 1], into: &result) { sources.error(layer: layer - 1, position: $0) }
            try local.mlpTransposed(layer - 1, written: arranged, &cone)
        }
        cone.read(embedding, into: &result) { sources.token(position: $0) }
        return result
    }
}

extension CausalCone {
    /// Adds the products of the gradients with what features write to the columns of the features.
    ///
    /// - Parameter gradients: the cone's rows.
    fileprivate func read(_ gradients: ArrangedRows, _ writers: [EdgeRows.Writers], into result: inout Matrix) {
        let (columns, reached) = (result.columns, writers.filter { $0.position < positions })
        result.elements.withUnsafeMutableBufferPointer { out in
            // The columns of writers do not overlap.
            nonisolated(unsafe) let out = out.baseAddress!
            inPieces(reached.count, most: 1, isWorthThreads: rows.elements.count > 1 << 12, stopsIfCancelled: true) { piece in
                let writers = reached[piece.lowerBound]
                let range = start(writers.position)..<start(writers.position) + count(writers.position)
                let products = gradients.rows(range).multiplied(byTransposeOf: writers.decoderRows)
                products.elements.withUnsafeBufferPointer { products in
                    writers.activations.withUnsafeBufferPointer { activations in
                        for row in 0..<range.count {
                            let place = out + targets[row] * columns + writers.column
                            for column in activations.indices {
                                place[column] += activations[column] * products[row * activations.count + column]
                            }
                        }
                    }
                }
            }
        }
    }

    /// Adds the inner products of the gradients at each position with one vector there to one column.
    ///
    /// - Parameters:
    ///   - vectors: one for each position. `[P, d_model]`.
    ///   - column: of a position.
    fileprivate func read(_ vectors: Matrix, into result: inout Matrix, column: (_ position: Int) -> Int) {
        rows.elements.withUnsafeBufferPointer { gradients in
            vectors.elements.withUnsafeBufferPointer { vectors in
                for position in 0..<positions {
                    let vector = UnsafeBufferPointer(rebasing: vectors[position * rows.columns..<(position + 1) * rows.columns])
                    for place in 0..<count(position) {
                        let first = (start(position) + place) * rows.columns
                        result.elements[targets[place] * result.columns + column(position)] +=
                            BLAS.dot(UnsafeBufferPointer(rebasing: gradients[first..<first + rows.columns]), vector)
                    }
                }
            }
        }
    }
}
