package import Tensors

/// A norm with its weights. When it is frozen, with the denominators of another run, it is affine in its input.
public struct Norm: Sendable, Equatable {
    let kind: Normalization
    /// w, with the offset added. `[d_model]`.
    public let weight: [Float]
    /// b of a LayerNorm; nil for other norms. `[d_model]`.
    public let bias: [Float]?

    init(_ kind: Normalization, weight: [Float], bias: [Float]? = nil) {
        self.kind = kind
        switch kind {
        case .rms(_, let offset): self.weight = weight.map { offset + $0 }
        case .layer: self.weight = weight
        }
        self.bias = bias
    }

    /// What each row is divided by: TransformerLens's `hook_scale`. `[n]`.
    ///
    /// - Parameter rows: `[n, d_model]`.
    package func denominators(of rows: Matrix) -> [Float] {
        switch kind {
        case .rms(let epsilon, _): rows.meanSquares.map { ($0 + epsilon).squareRoot() }
        case .layer(let epsilon): centred(rows).meanSquares.map { ($0 + epsilon).squareRoot() }
        }
    }

    /// Like `denominators(of:)`, with another run's denominators for the first rows. `[n]`.
    ///
    /// - Parameter kept: the other run's, for some first rows or for all; nil for none.
    func denominators(of rows: Matrix, keeping kept: [Float]?) -> [Float] {
        guard let kept else { return denominators(of: rows) }
        return kept.count == rows.rows ? kept : kept + denominators(of: rows).dropFirst(kept.count)
    }

    /// Each row divided by its denominator, without weight and bias.
    ///
    /// - Parameters:
    ///   - rows: `[n, d_model]`.
    ///   - denominators: `[n]`; another run's if the norm is frozen.
    package func normalize(_ rows: Matrix, over denominators: [Float]) -> Matrix {
        var result = centred(rows)
        result.scaleRows { 1 / denominators[$0] }
        return result
    }

    /// Each row divided by its denominator, times the weight, plus the bias.
    package func apply(_ rows: Matrix, over denominators: [Float]) -> Matrix {
        var result = applyLinear(rows, over: denominators)
        if let bias { result.addToRows(bias) }
        return result
    }

    /// Like `apply`, without the bias.
    func applyLinear(_ rows: Matrix, over denominators: [Float]) -> Matrix {
        var result = centred(rows)
        result.scaleRows(by: weight) { 1 / denominators[$0] }
        return result
    }

    /// Like `apply`, with the rows' own denominators.
    func apply(_ rows: Matrix) -> Matrix { apply(rows, over: denominators(of: rows)) }

    /// The transpose of `normalize` with frozen denominators.
    ///
    /// - Parameter denominator: the denominator at the position of a row.
    package func normalizeTransposed(_ gradients: Matrix, denominator: (_ row: Int) -> Float) -> Matrix {
        var result = gradients
        result.scaleRows { 1 / denominator($0) }
        return centred(result)
    }

    /// The transpose of `applyLinear` with frozen denominators.
    package func applyTransposed(_ gradients: Matrix, denominator: (_ row: Int) -> Float) -> Matrix {
        var result = gradients
        result.scaleRows(by: weight) { 1 / denominator($0) }
        return centred(result)
    }

    /// For a LayerNorm, each row minus its mean: a linear function that is its own transpose. For other norms, the rows.
    private func centred(_ rows: Matrix) -> Matrix {
        guard case .layer = kind else { return rows }
        var result = rows
        for row in 0..<rows.rows {
            let range = row * rows.columns..<(row + 1) * rows.columns
            let mean = rows.elements[range].reduce(0, +) / Float(rows.columns)
            for index in range { result.elements[index] -= mean }
        }
        return result
    }
}

extension Matrix {
    /// The mean of each row's squared elements. `[rows]`.
    fileprivate var meanSquares: [Float] {
        elements.withUnsafeBufferPointer { elements in
            (0..<rows).map { row in
                var sum: Float = 0
                for index in row * columns..<(row + 1) * columns { sum += elements[index] * elements[index] }
                return sum / Float(columns)
            }
        }
    }

    fileprivate mutating func scaleRows(_ scale: (_ row: Int) -> Float) {
        elements.withUnsafeMutableBufferPointer { all in
            for row in 0..<rows {
                let factor = scale(row)
                for column in 0..<columns { all[row * columns + column] *= factor }
            }
        }
    }

    /// - Parameter weight: one factor for each column. `[columns]`.
    fileprivate mutating func scaleRows(by weight: [Float], _ scale: (_ row: Int) -> Float) {
        elements.withUnsafeMutableBufferPointer { all in
            for row in 0..<rows {
                let factor = scale(row)
                for column in 0..<columns { all[row * columns + column] *= factor * weight[column] }
            }
        }
    }
}
