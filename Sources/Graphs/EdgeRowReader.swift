internal import Tensors

/// The edges among some of a graph's nodes, read one row at a time: they are not copied to a matrix of their own.
struct EdgeRowReader {
    private let edges: Matrix
    /// Rows of the graph's edges: features in layer order, then all targets.
    let rows: [Int]
    /// Columns of the graph's edges, of which the first are the features of `rows` in the same order.
    let columns: [Int]
    private let row: FloatMemory

    init(_ edges: Matrix, rows: [Int], columns: [Int]) {
        (self.edges, self.rows, self.columns) = (edges, rows, columns)
        row = FloatMemory(count: columns.count)
    }

    /// All edges.
    init(_ edges: Matrix) { self.init(edges, rows: Array(0..<edges.rows), columns: Array(0..<edges.columns)) }

    /// The edges of one of `rows`, in a memory that the next call overwrites. `[columns]`.
    func read(_ place: Int) -> UnsafeMutableBufferPointer<Float> {
        edges.elements.withUnsafeBufferPointer { all in
            let from = all.baseAddress! + rows[place] * edges.columns
            if columns.count == edges.columns {
                row.base.update(from: from, count: columns.count)
            } else {
                columns.withUnsafeBufferPointer { columns in
                    var index = 0
                    while index < columns.count {
                        row.base[index] = from[columns[index]]
                        index += 1
                    }
                }
            }
        }
        return UnsafeMutableBufferPointer(start: row.base, count: columns.count)
    }
}
