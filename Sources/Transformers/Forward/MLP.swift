internal import Tensors

/// One layer's MLP.
struct MLP: Sendable {
    let spec: MLPSpec
    let weights: LayerWeights

    /// `[n, d_model] -> [n, d_model]`.
    func apply(_ normalized: Matrix) -> Matrix {
        switch spec.kind {
        case .gated(let nonlinearity):
            var hidden = normalized.multiplied(byTransposeOf: weights.gate)
            nonlinearity.apply(&hidden)
            let up = normalized.multiplied(byTransposeOf: weights.up)
            hidden.elements.withUnsafeMutableBufferPointer { out in
                for place in out.indices { out[place] *= up.elements[place] }
            }
            return hidden.multiplied(byTransposeOf: weights.down)
        }
    }
}

extension Nonlinearity {
    func apply(_ matrix: inout Matrix) {
        matrix.elements.withUnsafeMutableBufferPointer { values in
            switch self {
            case .silu:
                for place in values.indices { values[place] /= 1 + Float.exponential(-values[place]) }
            }
        }
    }
}
