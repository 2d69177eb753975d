public import Tensors

/// `x W^T + b`.
public struct LinearLayer: Sendable {
    /// W. `[out, in]`.
    public let weight: StoredMatrix
    /// b. `[out]`; nil if there is none.
    public let bias: [Float]?

    /// `[n, in] -> [n, out]`.
    ///
    /// - Throws: `CancellationError`.
    func apply(_ rows: Matrix) throws -> Matrix {
        var result = try rows.multipliedUnlessCancelled(byTransposeOf: weight)
        if let bias { result.addToRows(bias) }
        return result
    }

    /// The transpose of `apply`'s linear part. `[n, out] -> [n, in]`.
    ///
    /// - Throws: `CancellationError`.
    func applyTransposed(_ gradients: Matrix) throws -> Matrix { try gradients.multipliedUnlessCancelled(byTransposeOf: weight.transposed) }
}
