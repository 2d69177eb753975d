internal import Tensors

/// The arithmetic of one attention block between its norm and the residual stream.
///
/// The `n` rows are the positions computed now; keys and values cover the `m >= n` positions from the start of the prompt
/// to the last row, so that a pass may begin after a recorded prefix.
public struct Attention: Sendable {
    /// The number and widths of its heads, the scale of scores, its window and its position encoding.
    public let spec: AttentionSpec
    let weights: LayerWeights

    /// Queries of the rows, rotated to their positions. `[n, n_heads * d_head]`.
    ///
    /// - Parameter first: the position of the first row.
    func queries(_ normalized: Matrix, first: Int) throws -> Matrix {
        placed(try weights.query.apply(normalized), norm: weights.queryNorm, first: first)
    }

    /// Keys of the rows, rotated to their positions. `[n, n_kv_heads * d_head]`.
    func keys(_ normalized: Matrix, first: Int) throws -> Matrix {
        placed(try weights.key.apply(normalized), norm: weights.keyNorm, first: first)
    }

    /// Values of the rows. `[n, n_kv_heads * d_head]`.
    func values(_ normalized: Matrix) throws -> Matrix { try weights.value.apply(normalized) }

    /// Every head of every row, normalised if the family does so, and rotated to its position.
    private func placed(_ rows: Matrix, norm: Norm?, first: Int) -> Matrix {
        var rows = normed(rows, norm)
        switch spec.positions {
        case .rotary(let rotary): rotary.rotate(&rows, first: first)
        case .learned: break
        }
        return rows
    }

    /// The same of sequences whose rows follow each other.
    private func placed(_ rows: Matrix, norm: Norm?, starts: [Int]) -> Matrix {
        var rows = normed(rows, norm)
        switch spec.positions {
        case .rotary(let rotary): rotary.rotate(&rows, starts: starts)
        case .learned: break
        }
        return rows
    }

    /// Every head of every row, normalised if the family does so.
    private func normed(_ rows: Matrix, _ norm: Norm?) -> Matrix {
        guard let norm else { return rows }
        let heads = Matrix(rows: rows.elements.count / spec.headWidth, columns: spec.headWidth, elements: rows.elements)
        return Matrix(rows: rows.rows, columns: rows.columns, elements: norm.apply(heads).elements)
    }

    /// The whole block on sequences that do not see each other; no pattern is kept. `[n, d_model] -> [n, d_model]`, before any norm.
    ///
    /// - Parameter normalized: the rows of all sequences, one sequence after the other.
    func output(_ normalized: Matrix, of batch: SequenceBatch) throws -> Matrix {
        let queries = placed(try weights.query.apply(normalized), norm: weights.queryNorm, starts: batch.starts)
        let keys = placed(try weights.key.apply(normalized), norm: weights.keyNorm, starts: batch.starts)
        let values = try values(normalized)
        var all = Matrix(rows: normalized.rows, columns: queries.columns)
        for rows in batch.ranges {
            let pattern = pattern(queries: queries.rows(rows), keys: keys.rows(rows))
            let mixed = mixed(pattern, values: values.rows(rows))
            all.copy(mixed, from: 0, to: rows.lowerBound * all.columns, count: mixed.elements.count)
        }
        return try weights.attentionOutput.apply(all)
    }

    /// Causal attention patterns after the softmax.
    func pattern(queries: Matrix, keys: Matrix) -> AttentionPattern {
        var pattern = AttentionPattern(heads: spec.heads, queries: queries.rows, keys: keys.rows)
        let (blocks, width) = (pattern.blocks, spec.headWidth)
        pattern.weights.withUnsafeMutableBufferPointer { out in
            // Threads write rows that are not the same.
            nonisolated(unsafe) let out = out
            queries.elements.withUnsafeBufferPointer { q in
                keys.elements.withUnsafeBufferPointer { k in
                    for head in 0..<spec.heads {
                        for block in blocks.all {
                            BLAS.multiply(
                                m: block.queries.count, n: block.width, k: width, scale: spec.scoreScale,
                                .init(q.baseAddress! + block.queries.lowerBound * queries.columns + head * width, stride: queries.columns),
                                .init(k.baseAddress! + spec.keyValueHead(of: head) * width, stride: keys.columns, transposed: true),
                                into: out.baseAddress! + head * blocks.count + block.start, stride: block.width)
                        }
                    }
                }
            }
            inPieces(spec.heads * blocks.queries, most: 256, isWorthThreads: out.count >= Self.leastScores) { rows in
                for row in rows {
                    let (head, query) = (row / blocks.queries, row % blocks.queries)
                    let place = blocks.row(query)
                    weigh(
                        UnsafeMutableBufferPointer(start: out.baseAddress! + head * blocks.count + place.lowerBound, count: place.count),
                        from: blocks.position(of: query), beside: weights.sinks?[head] ?? -.infinity)
                }
            }
        }
        return pattern
    }

    /// The number of scores from which a second thread saves more time than starting it costs.
    private static var leastScores: Int { 1 << 14 }

    /// Replaces the scores of one query by its weights: none for what it does not see.
    ///
    /// - Parameter sink: one more score, whose weight goes nowhere.
    private func weigh(_ scores: UnsafeMutableBufferPointer<Float>, from position: Int, beside sink: Float) {
        let seen = spec.window.visible(from: position)
        let visible = UnsafeMutableBufferPointer(rebasing: scores[seen])
        if let cap = spec.scoreSoftcap { visible.cap(at: cap) }
        [Float].softmax(visible, beside: sink)
        scores[..<seen.lowerBound].update(repeating: 0)
        scores[(seen.upperBound + 1)...].update(repeating: 0)
    }

    /// The heads' output, before any norm. `[n, d_model]`.
    ///
    /// - Parameter values: `[m, n_kv_heads * d_head]`.
    func output(_ pattern: AttentionPattern, values: Matrix) throws -> Matrix {
        try weights.attentionOutput.apply(mixed(pattern, values: values))
    }

    private func mixed(_ pattern: AttentionPattern, values: Matrix) -> Matrix {
        let (blocks, width) = (pattern.blocks, spec.headWidth)
        var mixed = Matrix(rows: blocks.queries, columns: spec.heads * width)
        mixed.elements.withUnsafeMutableBufferPointer { out in
            pattern.weights.withUnsafeBufferPointer { p in
                values.elements.withUnsafeBufferPointer { v in
                    for head in 0..<spec.heads {
                        for block in blocks.all {
                            BLAS.multiply(
                                m: block.queries.count, n: width, k: block.width,
                                .init(p.baseAddress! + head * blocks.count + block.start, stride: block.width),
                                .init(v.baseAddress! + spec.keyValueHead(of: head) * width, stride: values.columns),
                                into: out.baseAddress! + block.queries.lowerBound * mixed.columns + head * width, stride: mixed.columns)
                        }
                    }
                }
            }
        }
        return mixed
    }
}

extension UnsafeMutableBufferPointer<Float> {
    /// Applies a soft-cap to every element: `c tanh(x / c)`.
    func cap(at limit: Float) {
        for index in indices { self[index] = limit * Float.hyperbolicTangent(self[index] / limit) }
    }
}
