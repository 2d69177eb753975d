public import Tensors

/// A decoder frozen on one recorded prompt: attention patterns and norm denominators are constants, so what is left is
/// linear in the residual stream (method.md section 3). Its transpose carries gradients from targets back to sources.
public struct Linearization: Sendable {
    public let decoder: Decoder
    public let record: ForwardRecord

    public init(_ decoder: Decoder, on record: ForwardRecord) {
        self.decoder = decoder
        self.record = record
    }

    // MARK: - Attention

    /// The frozen attention block of a layer, residual bypass included. `[P, d_model] -> [P, d_model]`.
    public func attention(_ layer: Int, _ residual: Matrix) -> Matrix {
        var cache = KeyValueCache(layers: decoder.layerCount)
        let frozen = FrozenAttention(
            pattern: record.layers[layer].pattern, denominators: record.layers[layer].attentionDenominators)
        return decoder.attend(layer, residual, cache: &cache, frozen: frozen).residualMid
    }

    /// The transpose of `attention`, over the rows of a cone.
    ///
    /// `g[k] += sum_heads pattern[h, q, k] (W_O W_V)^T g[q]`, through the frozen norm.
    public func attentionTransposed(_ layer: Int, _ cone: inout CausalCone) {
        let attention = decoder.attention(layer)
        let recorded = record.layers[layer]
        let heads = cone.rows.multiplied(by: attention.weights.attentionOutput)
        let values = attention.mixedTransposed(recorded.pattern, heads, cone)
        let normalized = values.multiplied(by: attention.weights.value)
        let positions = cone.rowPositions
        let residual = decoder.spec.layers[layer].attentionNorm.applyTransposed(
            normalized, weight: decoder.weights.layers[layer].attentionNorm
        ) { recorded.attentionDenominators[positions[$0]] }
        cone.rows.add(residual)
    }

    // MARK: - The way out

    /// The frozen final norm. `[P, d_model] -> [P, d_model]`.
    public func finalNorm(_ residual: Matrix) -> Matrix {
        decoder.spec.finalNorm.apply(residual, over: record.finalDenominators, weight: decoder.weights.finalNorm)
    }

    /// A direction behind the final norm, pulled back to the residual stream at `position`. `[n, d_model]`.
    public func finalNormTransposed(_ directions: Matrix, position: Int) -> Matrix {
        decoder.spec.finalNorm.applyTransposed(directions, weight: decoder.weights.finalNorm) { _ in
            record.finalDenominators[position]
        }
    }
}

extension Attention {
    /// The transpose of mixing values by a frozen pattern: `[rows, n_heads * d_head] -> [rows, n_kv_heads * d_head]`.
    ///
    /// Head by head, the ragged rows of the cone are laid out as a rectangle `[positions, targets * d_head]`, zero where a
    /// target does not reach, so that mixing positions is one product with the pattern's transpose.
    func mixedTransposed(_ pattern: AttentionPattern, _ gradients: Matrix, _ cone: CausalCone) -> Matrix {
        let (width, positions, targets) = (spec.headWidth, cone.positions, cone.targetPositions.count)
        let groupSize = spec.heads / spec.keyValueHeads
        var values = Matrix(rows: gradients.rows, columns: spec.keyValueHeads * width)
        var (read, mixed) = (Matrix(rows: positions, columns: targets * width), Matrix(rows: positions, columns: targets * width))
        for head in 0..<spec.heads {
            cone.forEachRow { row, position, target in
                read.copy(gradients, from: row * gradients.columns + head * width, to: (position * targets + target) * width, count: width)
            }
            pattern.mixTransposed(head, read, addingTo: &mixed, keep: head % groupSize > 0)
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
    /// `mixed[k] = sum_q weights[head, q, k] rows[q]`, added to what is there if `keep`.
    ///
    /// - Parameter rows: of the first positions. `[positions, n]`.
    fileprivate func mixTransposed(_ head: Int, _ rows: Matrix, addingTo mixed: inout Matrix, keep: Bool) {
        weights.withUnsafeBufferPointer { weights in
            rows.elements.withUnsafeBufferPointer { rows_ in
                mixed.elements.withUnsafeMutableBufferPointer { out in
                    BLAS.multiply(
                        m: rows.rows, n: rows.columns, k: rows.rows,
                        .init(weights.baseAddress! + head * queries * keys, stride: keys, transposed: true),
                        .init(rows_.baseAddress!, stride: rows.columns), keep: keep ? 1 : 0, into: out.baseAddress!,
                        stride: rows.columns)
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
