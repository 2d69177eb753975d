internal import CKernels

extension Matrix {
    /// `self weight^T`, a linear layer. `[rows, k] x [n, k] -> [rows, n]`; reads each weight once.
    public func multiplied(byTransposeOf weight: StoredMatrix) -> Matrix {
        precondition(columns == weight.columns, "[\(rows), \(columns)] times the transpose of [\(weight.rows), \(weight.columns)]")
        var result = Matrix(rows: rows, columns: weight.rows)
        guard !elements.isEmpty, !result.elements.isEmpty else { return result }
        let kernels = Kernels.current
        withArranged { a in
            result.elements.withUnsafeMutableBufferPointer { out in
                // Threads write to parts that do not overlap.
                nonisolated(unsafe) let (a, out) = (a, out.baseAddress!)
                let isWorthThreads = rows * weight.rows * columns >= Self.leastOperations
                inPieces(weight.rows, multiple: Int(ckernels_panel_step), most: Panels.columns, isWorthThreads: isWorthThreads) { piece in
                    Panels.withRoom(columns: piece.count) { panels in
                        kernels.product(a, rows, weight.rows(piece), out + piece.lowerBound, weight.rows, panels)
                    }
                }
            }
        }
        return result
    }

    /// `self weight`, the transpose of a linear layer. `[rows, n] x [n, k] -> [rows, k]`; reads each weight once.
    public func multiplied(by weight: StoredMatrix) -> Matrix { multiplied(byTransposeOf: weight.transposed) }

    /// The number of multiplications from which a second thread saves more time than starting it costs.
    private static var leastOperations: Int { 1 << 18 }

    /// Calls `body` with the elements in the order in which the kernels read them.
    func withArranged(_ body: (UnsafePointer<Float>) -> Void) {
        withUnsafeTemporaryAllocation(byteCount: ckernels_arranged_count(rows, columns) * 4, alignment: 64) { room in
            let arranged = room.baseAddress!.assumingMemoryBound(to: Float.self)
            elements.withUnsafeBufferPointer { ckernels_arrange($0.baseAddress, rows, columns, arranged) }
            body(arranged)
        }
    }
}

/// Room for widened weights, which stay in the second-level cache.
enum Panels {
    /// The most columns that a thread computes at a time.
    static let columns = ckernels_panel_columns()

    /// - Parameter columns: at most `Self.columns`.
    static func withRoom(columns: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
        let step = Int(ckernels_panel_step)
        let count = (columns + step - 1) / step * step * Int(ckernels_depth)
        withUnsafeTemporaryAllocation(byteCount: count * 4, alignment: 64) { body($0.baseAddress!.assumingMemoryBound(to: Float.self)) }
    }
}
