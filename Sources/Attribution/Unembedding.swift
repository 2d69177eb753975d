public import Tensors

/// The rows of W_U as attribution uses them: minus the mean of all rows, which raises every logit by the same amount.
public struct Unembedding: Sendable {
    /// W_U. `[vocabulary, d_model]`.
    private let rows: StoredMatrix
    /// The mean of all rows. `[d_model]`.
    private let mean: [Float]

    /// - Complexity: reads W_U once. Create one for a model and keep it.
    public init(_ rows: StoredMatrix) {
        self.rows = rows
        let ones = Matrix(rows: 1, columns: rows.rows, elements: [Float](repeating: 1 / Float(rows.rows), count: rows.rows))
        mean = ones.multiplied(by: rows).elements
    }

    /// d_model.
    public var width: Int { rows.columns }

    /// The tokens' rows of W_U. `[tokens.count, d_model]`.
    public func vectors(_ tokens: [Int]) -> Matrix { rows.gather(rows: tokens) }

    /// The tokens' rows of W_U minus the mean of all rows. `[tokens.count, d_model]`.
    public func directions(_ tokens: [Int]) -> Matrix {
        var directions = vectors(tokens)
        for row in 0..<directions.rows { directions.addToRow(row, mean, scale: -1) }
        return directions
    }
}
