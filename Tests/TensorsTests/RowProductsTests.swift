import TestSupport
import Testing

@testable import Tensors

@Suite struct RowProductsTests {
    @Test(arguments: DType.allCases) func `rows' products and squares are the plain sums, also of some rows and of a transpose`(_ dtype: DType) {
        var random = RandomBits(seed: 31)
        let stored = StoredBytes(dtype, rows: 700, columns: 9, offset: 1, &random)
        func check(_ matrix: StoredMatrix, _ rows: [Int]?) {
            let vector = random.floats(matrix.columns)
            let found = matrix.rowProducts(with: vector, rows: rows)
            let values = (rows ?? Array(0..<matrix.rows)).map(matrix.row)
            #expect(difference(found.products, values.map { row in Float(zip(row, vector).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }) }) == nil)
            #expect(difference(found.squares, values.map { row in Float(row.reduce(0.0) { $0 + Double($1) * Double($1) }) }) == nil)
        }
        check(stored.matrix, nil)
        check(stored.matrix, [699, 0, 257, 257])
        check(stored.matrix, [])
        check(stored.matrix.transposed, nil)
    }
}
