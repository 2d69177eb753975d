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
        let (n, m, width) = (queries.rows, keys.rows, spec.headWidth)
        var pattern = AttentionPattern(heads: spec.heads, queries: n, keys: m)
        pattern.weights.withUnsafeMutableBufferPointer { out in
            queries.elements.withUnsafeBufferPointer { q in
                keys.elements.withUnsafeBufferPointer { k in
                    for head in 0..<spec.heads {
                        let scores = out.baseAddress! + head * n * m
                        BLAS.multiply(
                            m: n, n: m, k: width, scale: spec.scoreScale,
                            .init(q.baseAddress! + head * width, stride: queries.columns),
                            .init(k.baseAddress! + spec.keyValueHead(of: head) * width, stride: keys.columns, transposed: true),
                            into: scores, stride: m)
                        if let cap = spec.scoreSoftcap { UnsafeMutableBufferPointer(start: scores, count: n * m).cap(at: cap) }
                        for row in 0..<n {
                            let visible = spec.window.visible(from: m - n + row)
                            [Float].softmax(
                                UnsafeMutableBufferPointer(start: scores + row * m + visible.lowerBound, count: visible.count),
                                beside: weights.sinks?[head] ?? -.infinity)
                            for key in 0..<visible.lowerBound { scores[row * m + key] = 0 }
                            for key in visible.upperBound + 1..<m { scores[row * m + key] = 0 }
                        }
                    }
                }
            }
        }
        return pattern
    }

    /// The heads' output, before any norm. `[n, d_model]`.
    ///
    /// - Parameter values: `[m, n_kv_heads * d_head]`.
    func output(_ pattern: AttentionPattern, values: Matrix) throws -> Matrix {
        try weights.attentionOutput.apply(mixed(pattern, values: values))
    }

    private func mixed(_ pattern: AttentionPattern, values: Matrix) -> Matrix {
        let (n, m, width) = (pattern.queries, pattern.keys, spec.headWidth)
        var mixed = Matrix(rows: n, columns: spec.heads * width)
        mixed.elements.withUnsafeMutableBufferPointer { out in
            pattern.weights.withUnsafeBufferPointer { p in
                values.elements.withUnsafeBufferPointer { v in
                    for head in 0..<spec.heads {
                        BLAS.multiply(
                            m: n, n: width, k: m, .init(p.baseAddress! + head * n * m, stride: m),
                            .init(v.baseAddress! + spec.keyValueHead(of: head) * width, stride: values.columns),
                            into: out.baseAddress! + head * width, stride: mixed.columns)
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

/// How much every head reads from every position: `[n_heads, queries, keys]`. Each row sums to 1, or, if the head has a
/// sink, to 1 minus the sink's share.
///
/// The queries are at the last of the keys' positions.
public struct AttentionPattern: Sendable, Equatable {
    /// Number of query heads, n_heads; each has a `[queries, keys]` block.
    public let heads: Int
    /// Number of positions that read.
    public let queries: Int
    /// Number of positions that are read.
    public let keys: Int
    /// The weights. `[heads, queries, keys]`, row-major.
    public internal(set) var weights: [Float]

    init(heads: Int, queries: Int, keys: Int) {
        self.init(heads: heads, queries: queries, keys: keys, weights: [Float](repeating: 0, count: heads * queries * keys))
    }

    /// - Precondition: there are `heads * queries * keys` weights.
    public init(heads: Int, queries: Int, keys: Int, weights: [Float]) {
        precondition(weights.count == heads * queries * keys, "the number of weights does not match the pattern's shape")
        self.heads = heads
        self.queries = queries
        self.keys = keys
        self.weights = weights
    }

    /// The rows of query `first` and those after it.
    public func queries(from first: Int) -> AttentionPattern {
        var rows: [Float] = []
        rows.reserveCapacity(heads * (queries - first) * keys)
        for head in 0..<heads {
            rows += weights[(head * queries + first) * keys..<(head + 1) * queries * keys]
        }
        return AttentionPattern(heads: heads, queries: queries - first, keys: keys, weights: rows)
    }
}

extension AttentionPattern {
    /// The pattern with the first queries' rows taken from another run, which may have fewer keys.
    func keeping(_ kept: AttentionPattern?) -> AttentionPattern {
        guard let kept else { return self }
        var pattern = self
        for head in 0..<heads {
            for query in 0..<kept.queries {
                let row = (head * kept.queries + query) * kept.keys
                let later = [Float](repeating: 0, count: keys - kept.keys)
                let start = (head * queries + query) * keys
                pattern.weights.replaceSubrange(start..<start + keys, with: kept.weights[row..<row + kept.keys] + later)
            }
        }
        return pattern
    }

    /// The pattern with the rows of query `first` and those after it taken from another pattern.
    public func replacing(from first: Int, by later: AttentionPattern) -> AttentionPattern {
        var all: [Float] = []
        all.reserveCapacity(weights.count)
        for head in 0..<heads {
            all += weights[head * queries * keys..<(head * queries + first) * keys]
            all += later.weights[head * later.queries * keys..<(head + 1) * later.queries * keys]
        }
        return AttentionPattern(heads: heads, queries: queries, keys: keys, weights: all)
    }
}
