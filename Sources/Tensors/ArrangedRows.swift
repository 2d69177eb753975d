internal import CKernels

/// Rows as the kernels read them (CKernels.h): a left factor that is arranged once and used in several products. `[rows, columns]`.
package struct ArrangedRows: Sendable {
    package let rows: Int
    package let columns: Int
    /// How many were arranged together, of which these are some.
    let arrangedRows: Int
    private let memory: FloatMemory
    private let first: Int

    var base: UnsafePointer<Float> { UnsafePointer(memory.base + first * Int(ckernels_row_stride)) }

    package init(_ matrix: Matrix) {
        let (rows, columns) = (matrix.rows, matrix.columns)
        let memory = FloatMemory(count: ckernels_arranged_count(rows, columns))
        matrix.elements.withUnsafeBufferPointer { elements in
            // Threads write rows that are not the same.
            nonisolated(unsafe) let elements = elements
            inPieces(rows, most: 256, isWorthThreads: rows * columns >= 1 << 18) { piece in
                for row in piece { ckernels_arrange(elements.baseAddress, row, rows, columns, memory.base) }
            }
        }
        self.init(rows: rows, columns: columns, arrangedRows: rows, memory: memory, first: 0)
    }

    private init(rows: Int, columns: Int, arrangedRows: Int, memory: FloatMemory, first: Int) {
        self.rows = rows
        self.columns = columns
        self.arrangedRows = arrangedRows
        self.memory = memory
        self.first = first
    }

    /// Consecutive rows, without a copy.
    package func rows(_ range: Range<Int>) -> ArrangedRows {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) are outside \(rows) arranged rows")
        return ArrangedRows(rows: range.count, columns: columns, arrangedRows: arrangedRows, memory: memory, first: first + range.lowerBound)
    }
}
