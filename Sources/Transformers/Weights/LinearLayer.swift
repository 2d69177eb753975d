public import Tensors

/// `x W^T + b`.
public struct LinearLayer: Sendable {
    /// W. `[out, in]`.
    public let weight: StoredMatrix
    /// b. `[out]`; nil if there is none.
    public let bias: [Float]?

    /// `[n, in] -> [n, out]`.
    func apply(_ rows: Matrix) -> Matrix {
        var result = rows.multiplied(byTransposeOf: weight)
        if let bias { result.addToRows(bias) }
        return result
    }

    /// The transpose of `apply`'s linear part. `[n, out] -> [n, in]`.
    func applyTransposed(_ gradients: Matrix) -> Matrix { gradients.multiplied(by: weight) }
}
