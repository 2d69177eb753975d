package import Tensors

/// A decoder frozen on one recorded prompt: attention patterns and norm denominators are constants, so that the rest is
/// linear in the residual stream (docs/method.md, section 3). Its transpose carries gradients from targets back to sources.
package struct Linearization: Sendable {
    /// The decoder that is frozen.
    package let decoder: TransformerDecoder
    /// The pass that it is frozen on.
    package let record: ForwardRecord

    /// - Precondition: `record` is a pass of `decoder`.
    package init(_ decoder: TransformerDecoder, on record: ForwardRecord) {
        self.decoder = decoder
        self.record = record
    }

    // MARK: - Attention

    /// The frozen attention block of a layer, residual bypass included. `[P, d_model] -> [P, d_model]`.
    ///
    /// It is affine: biases are added if a family has them.
    package func attention(_ layer: Int, _ residual: Matrix) throws -> Matrix {
        var cache = KeyValueCache(layers: decoder.layerCount)
        let recorded = record.layers[layer]
        let frozen = FrozenAttention(
            pattern: recorded.pattern, denominators: recorded.attentionDenominators,
            postDenominators: recorded.attentionPostDenominators)
        return try decoder.attend(layer, residual, cache: &cache, frozen: frozen).residualMid
    }

    /// The transpose of `attention`'s linear part, over the rows of a cone.
    ///
    /// `g[k] += sum_heads pattern[h, q, k] (W_O W_V)^T g[q]`, through the frozen norms on both sides.
    package func attentionTransposed(_ layer: Int, _ cone: inout CausalCone) throws {
        let (attention, weights, recorded) = (decoder.attention(layer), decoder.weights.layers[layer], record.layers[layer])
        let positions = cone.rowPositions
        let output = weights.attentionPostNorm.map { norm in
            norm.applyTransposed(cone.rows) { recorded.attentionPostDenominators[positions[$0]] }
        }
        let heads = try weights.attentionOutput.applyTransposed(output ?? cone.rows)
        let normalized = try weights.value.applyTransposed(attention.mixedTransposed(recorded.pattern, heads, cone))
        cone.rows.add(weights.attentionNorm.applyTransposed(normalized) { recorded.attentionDenominators[positions[$0]] })
    }

    // MARK: - From the MLP to the residual stream

    /// The frozen norm after a layer's MLP, if there is one. `[P, d_model] -> [P, d_model]`.
    package func mlpAdded(_ layer: Int, _ output: Matrix) -> Matrix {
        decoder.mlpAdded(layer, output, denominators: record.layers[layer].mlpPostDenominators).added
    }

    /// The transpose of `mlpAdded`'s linear part, over the rows of a cone.
    package func mlpAddedTransposed(_ layer: Int, _ cone: CausalCone) -> CausalCone {
        guard let norm = decoder.weights.layers[layer].mlpPostNorm else { return cone }
        var result = cone
        let (positions, denominators) = (cone.rowPositions, record.layers[layer].mlpPostDenominators)
        result.rows = norm.applyTransposed(cone.rows) { denominators[positions[$0]] }
        return result
    }

    // MARK: - From the residual stream to the logits

    /// The frozen final norm. `[P, d_model] -> [P, d_model]`.
    package func finalNorm(_ residual: Matrix) -> Matrix {
        decoder.weights.finalNorm.apply(residual, over: record.finalDenominators)
    }

    /// Directions after the final norm, pulled back to the residual stream at `position`. `[n, d_model]`.
    package func finalNormTransposed(_ directions: Matrix, position: Int) -> Matrix {
        decoder.weights.finalNorm.applyTransposed(directions) { _ in record.finalDenominators[position] }
    }
}

extension Attention {
    /// The transpose of mixing values by a frozen pattern: `[rows, n_heads * d_head] -> [rows, n_kv_heads * d_head]`.
    ///
    /// For each head, the ragged rows of the cone are laid out as a rectangle `[positions, targets * d_head]`, with zeros at
    /// positions that a target does not reach, so that mixing positions is one product with the pattern's transpose.
    func mixedTransposed(_ pattern: AttentionPattern, _ gradients: Matrix, _ cone: CausalCone) -> Matrix {
        let (width, positions, targets) = (spec.headWidth, cone.positions, cone.targets.count)
        let groupSize = spec.heads / spec.keyValueHeads
        var values = Matrix(rows: gradients.rows, columns: spec.keyValueHeads * width)
        var (read, mixed) = (Matrix(rows: positions, columns: targets * width), Matrix(rows: positions, columns: targets * width))
        for head in 0..<spec.heads {
            cone.forEachRow { row, position, target in
                read.copy(gradients, from: row * gradients.columns + head * width, to: (position * targets + target) * width, count: width)
            }
            pattern.mixTransposed(head, read, cone, addingTo: &mixed, keep: head % groupSize > 0)
            guard head % groupSize == groupSize - 1 else { continue }
            cone.forEachRow { row, position, target in
                values.copy(
                    mixed, from: (position * targets + target) * width,
                    to: row * values.columns + head / groupSize * width, count: width)
            }
        }
        return values
    }
}

extension AttentionPattern {
    /// `mixed[k] = sum_q weights[head, q, k] rows[q]`, added to the previous content if `keep` is true, at the positions that a target reaches.
    ///
    /// Targets whose last position is in the same block are one product for each block of queries that they reach.
    ///
    /// - Parameter rows: one for each position of the cone, with as many columns for each target. `[positions, n]`.
    fileprivate func mixTransposed(_ head: Int, _ rows: Matrix, _ cone: CausalCone, addingTo mixed: inout Matrix, keep: Bool) {
        let all = blocks.all.filter { $0.queries.lowerBound < cone.positions }
        weights.withUnsafeBufferPointer { weights in
            rows.elements.withUnsafeBufferPointer { rows_ in
                mixed.elements.withUnsafeMutableBufferPointer { out in
                    for (last, block) in all.enumerated() {
                        let end = min(block.queries.upperBound, cone.positions)
                        let targets = (end < cone.positions ? cone.count(end) : 0)..<cone.count(block.queries.lowerBound)
                        let each = rows.columns / cone.targets.count
                        let column = targets.lowerBound * each
                        // From the last one, which has all of the positions.
                        for place in (0...last).reversed() {
                            let block = all[place]
                            let queries = block.queries.clamped(to: 0..<end)
                            BLAS.multiply(
                                m: queries.upperBound, n: targets.count * each, k: queries.count,
                                .init(weights.baseAddress! + head * blocks.count + block.start, stride: block.width, transposed: true),
                                .init(rows_.baseAddress! + queries.lowerBound * rows.columns + column, stride: rows.columns),
                                keep: keep || place < last ? 1 : 0, into: out.baseAddress! + column, stride: rows.columns)
                        }
                    }
                }
            }
        }
    }
}

extension CausalCone {
    /// Calls `body` with every row, its position and its target.
    fileprivate func forEachRow(_ body: (_ row: Int, _ position: Int, _ target: Int) -> Void) {
        for position in 0..<positions {
            for target in 0..<count(position) { body(start(position) + target, position, target) }
        }
    }
}
