internal import Tensors

/// One layer's MLP.
struct MLP: Sendable {
    let spec: MLPSpec
    let weights: MLPWeights

    /// `[n, d_model] -> [n, d_model]`.
    func apply(_ normalized: Matrix) throws -> Matrix {
        switch (spec.kind, weights) {
        case (.gated(let nonlinearity), .gated(let gate, let up, let down)):
            var hidden = try gate.apply(normalized)
            nonlinearity.apply(&hidden)
            let up = try up.apply(normalized)
            hidden.elements.withUnsafeMutableBufferPointer { out in
                for index in out.indices { out[index] *= up.elements[index] }
            }
            return try down.apply(hidden)
        case (.plain(let nonlinearity), .plain(let up, let down)):
            var hidden = try up.apply(normalized)
            nonlinearity.apply(&hidden)
            return try down.apply(hidden)
        case (.experts(let spec), .experts(let router, let gateUp, let down)):
            return try Experts(spec: spec, router: router, gateUp: gateUp, down: down).apply(normalized)
        default:
            preconditionFailure("the weights are of another kind of MLP than the spec")
        }
    }
}

extension Nonlinearity {
    func apply(_ matrix: inout Matrix) {
        matrix.elements.withUnsafeMutableBufferPointer { values in
            // Threads write parts that do not overlap.
            nonisolated(unsafe) let values = values
            inPieces(values.count, most: 1 << 14, isWorthThreads: values.count >= 1 << 14) { piece in
                apply(UnsafeMutableBufferPointer(rebasing: values[piece]))
            }
        }
    }

    private func apply(_ values: UnsafeMutableBufferPointer<Float>) {
        switch self {
        case .silu:
            for index in values.indices { values[index] /= 1 + Float.exponential(-values[index]) }
        case .gelu:
            for index in values.indices {
                values[index] *= 0.5 * (1 + Float.errorFunction(values[index] * Float(0.5).squareRoot()))
            }
        case .geluTanh:
            let scale = (2 / Float.pi).squareRoot()
            for index in values.indices {
                let x = values[index]
                values[index] = 0.5 * x * (1 + Float.hyperbolicTangent(scale * (x + 0.044715 * x * x * x)))
            }
        }
    }
}
