internal import Tensors

/// A linear layer of every expert: `x W^T + b`, with W and b of the expert.
public struct ExpertLayers: Sendable {
    /// W of each expert. `[out, in]`.
    enum Weights: Sendable {
        case plain([StoredMatrix])
        case mxfp4([MXFP4Matrix])
    }

    let weights: Weights
    /// b of each expert. `[experts, out]`.
    let biases: StoredMatrix

    /// `[n, in] -> [n, out]`.
    func apply(_ expert: Int, _ rows: Matrix) -> Matrix {
        var result =
            switch weights {
            case .plain(let weights): rows.multiplied(byTransposeOf: weights[expert])
            case .mxfp4(let weights): rows.multiplied(byTransposeOf: weights[expert])
            }
        result.addToRows(biases.row(expert))
        return result
    }
}
