public import Tensors

extension Normalization {
    /// What each row is divided by. `[n]`.
    ///
    /// - Parameter rows: `[n, d_model]`.
    public func denominators(of rows: Matrix) -> [Float] {
        switch self {
        case .rms(let epsilon):
            (0..<rows.rows).map { row in
                var sum: Float = 0
                for place in row * rows.columns..<(row + 1) * rows.columns { sum += rows.elements[place] * rows.elements[place] }
                return (sum / Float(rows.columns) + epsilon).squareRoot()
            }
        }
    }

    /// Each row over its denominator, times the weight.
    ///
    /// - Parameters:
    ///   - rows: `[n, d_model]`.
    ///   - denominators: `[n]`; another run's where the norm is frozen.
    ///   - weight: `[d_model]`, or nil to leave it out.
    public func apply(_ rows: Matrix, over denominators: [Float], weight: [Float]?) -> Matrix {
        scaled(rows, weight: weight) { denominators[$0] }
    }

    /// The transpose of `apply` with frozen denominators: it is diagonal, so the same scaling again.
    ///
    /// - Parameter denominator: of the position that a row belongs to.
    public func applyTransposed(_ gradients: Matrix, weight: [Float]?, denominator: (_ row: Int) -> Float) -> Matrix {
        scaled(gradients, weight: weight, denominator)
    }

    private func scaled(_ rows: Matrix, weight: [Float]?, _ denominator: (Int) -> Float) -> Matrix {
        var result = rows
        let columns = rows.columns
        result.elements.withUnsafeMutableBufferPointer { all in
            for row in 0..<rows.rows {
                let scale = 1 / denominator(row)
                if let weight {
                    for column in 0..<columns { all[row * columns + column] *= scale * weight[column] }
                } else {
                    for column in 0..<columns { all[row * columns + column] *= scale }
                }
            }
        }
        return result
    }
}
