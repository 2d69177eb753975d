public import Tensors

/// The rows of W_U as attribution uses them: less the mean of all rows, which raises every logit alike.
public struct Unembedding: Sendable {
    /// W_U. `[vocabulary, d_model]`.
    private let rows: StoredMatrix
    /// `[d_model]`.
    private let mean: [Float]

    /// - Complexity: reads W_U once; make it once for a model.
    public init(_ rows: StoredMatrix) {
        self.rows = rows
        let ones = Matrix(rows: 1, columns: rows.rows, elements: [Float](repeating: 1 / Float(rows.rows), count: rows.rows))
        mean = ones.multiplied(by: rows).elements
    }

    /// Logit directions of tokens. `[tokens.count, d_model]`.
    public func directions(_ tokens: [Int]) -> Matrix {
        var directions = rows.gather(rows: tokens)
        for row in 0..<directions.rows { directions.addToRow(row, mean, scale: -1) }
        return directions
    }
}
