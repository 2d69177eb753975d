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
    func mixedTransposed(_ pattern: AttentionPattern, _ gradients: Matrix, _ cone: CausalCone) -> Matrix {
        let width = spec.headWidth
        var values = Matrix(rows: gradients.rows, columns: spec.keyValueHeads * width)
        let (inColumns, outColumns) = (gradients.columns, values.columns)
        let keyValueHeads = (0..<spec.heads).map(spec.keyValueHead(of:))
        values.elements.withUnsafeMutableBufferPointer { out in
            gradients.elements.withUnsafeBufferPointer { gradients in
                pattern.weights.withUnsafeBufferPointer { weights in
                    for key in 0..<cone.positions {
                        for query in key..<cone.positions {
                            for head in 0..<spec.heads {
                                let weight = weights[(head * pattern.queries + query) * pattern.keys + key]
                                let from = gradients.baseAddress! + cone.start(query) * inColumns + head * width
                                let to = out.baseAddress! + cone.start(key) * outColumns + keyValueHeads[head] * width
                                for target in 0..<cone.count(query) {
                                    let (source, sink) = (from + target * inColumns, to + target * outColumns)
                                    for place in 0..<width { sink[place] += weight * source[place] }
                                }
                            }
                        }
                    }
                }
            }
        }
        return values
    }
}
