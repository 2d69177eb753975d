/// What some rows of a matrix are beside a vector.
package struct RowProducts: Sendable {
    /// The inner product of each row with the vector. `[rows]`.
    package let products: [Float]
    /// The squared norm of each row. `[rows]`.
    package let squares: [Float]
}

extension StoredMatrix {
    /// The most rows that are 32-bit floats at a time, for each thread.
    private static var blockRows: Int { 256 }

    /// The inner products of some rows with a vector, and the rows' own squared norms: each row is read once, and few of them are widened at a time.
    ///
    /// - Parameters:
    ///   - vector: `[columns]`.
    ///   - chosen: which rows; nil for all.
    package func rowProducts(with vector: [Float], rows chosen: [Int]? = nil) -> RowProducts {
        precondition(vector.count == columns, "a vector of \(vector.count) elements for rows of \(columns)")
        let count = chosen?.count ?? rows
        var (products, squares) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
        products.withUnsafeMutableBufferPointer { products in
            squares.withUnsafeMutableBufferPointer { squares in
                // Threads write to parts that do not overlap.
                nonisolated(unsafe) let (products, squares) = (products, squares)
                inPieces(count, most: Self.blockRows, isWorthThreads: count > Self.blockRows) { block in
                    let widened = gather(rows: chosen.map { Array($0[block]) } ?? Array(block))
                    widened.elements.withUnsafeBufferPointer { elements in
                        vector.withUnsafeBufferPointer { vector in
                            for (row, index) in block.enumerated() {
                                let values = UnsafeBufferPointer(rebasing: elements[row * columns..<(row + 1) * columns])
                                products[index] = BLAS.dot(values, vector)
                                squares[index] = BLAS.dot(values, values)
                            }
                        }
                    }
                }
            }
        }
        return RowProducts(products: products, squares: squares)
    }
}
