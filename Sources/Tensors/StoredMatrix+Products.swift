internal import CKernels

extension ArrangedRows {
    /// `self weight^T`, a linear layer. `[rows, k] x [n, k] -> [rows, n]`; reads each weight once.
    package func multiplied(byTransposeOf weight: StoredMatrix) -> Matrix { product(weight, stopsIfCancelled: false) }

    /// The same, in which a cancellation is noticed.
    ///
    /// - Throws: `CancellationError`.
    package func multipliedUnlessCancelled(byTransposeOf weight: StoredMatrix) throws -> Matrix {
        let result = product(weight, stopsIfCancelled: true)
        // What was left out is zeros.
        try Task.checkCancellation()
        return result
    }

    private func product(_ weight: StoredMatrix, stopsIfCancelled: Bool) -> Matrix {
        precondition(columns == weight.columns, "[\(rows), \(columns)] times the transpose of [\(weight.rows), \(weight.columns)]")
        var result = Matrix(rows: rows, columns: weight.rows)
        guard rows > 0, columns > 0, weight.rows > 0 else { return result }
        let kernels = Kernels.current
        result.elements.withUnsafeMutableBufferPointer { out in
            // Threads write to parts that do not overlap.
            nonisolated(unsafe) let out = out.baseAddress!
            let isWorthThreads = rows * weight.rows * columns >= Self.leastOperations
            // Few rows need no panels. Stored rows are read in pieces that are as long as possible.
            let isFew = rows <= Int(ckernels_few_rows)
            inPieces(
                weight.rows, multiple: Int(ckernels_panel_step), most: isFew ? weight.rows : Panels.columns,
                perThread: isFew && weight.isTransposed ? 1 : 4, isWorthThreads: isWorthThreads, stopsIfCancelled: stopsIfCancelled
            ) { piece in
                Panels.withRoom(columns: isFew ? 0 : piece.count) { panels in
                    kernels.product(self, weight.rows(piece), out + piece.lowerBound, weight.rows, panels)
                }
            }
        }
        return result
    }

    /// The number of multiplications from which a second thread saves more time than starting it costs.
    private static var leastOperations: Int { 1 << 18 }
}

extension Matrix {
    /// `self weight^T`, a linear layer. `[rows, k] x [n, k] -> [rows, n]`; reads each weight once.
    public func multiplied(byTransposeOf weight: StoredMatrix) -> Matrix { ArrangedRows(self).multiplied(byTransposeOf: weight) }

    /// `self weight^T`, in which a cancellation is noticed.
    ///
    /// - Throws: `CancellationError`.
    package func multipliedUnlessCancelled(byTransposeOf weight: StoredMatrix) throws -> Matrix {
        try ArrangedRows(self).multipliedUnlessCancelled(byTransposeOf: weight)
    }

    /// `self weight`, the transpose of a linear layer. `[rows, n] x [n, k] -> [rows, k]`; reads each weight once.
    public func multiplied(by weight: StoredMatrix) -> Matrix { multiplied(byTransposeOf: weight.transposed) }
}

/// Room for widened weights, which stay in the second-level cache.
enum Panels {
    /// The most columns that a thread computes at a time.
    static let columns = ckernels_panel_columns()

    /// - Parameter columns: at most `Self.columns`.
    static func withRoom(columns: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
        withUnsafeTemporaryAllocation(byteCount: max(ckernels_panel_count(columns), 1) * 4, alignment: 64) {
            body($0.baseAddress!.assumingMemoryBound(to: Float.self))
        }
    }
}
