extension StoredMatrix {
    /// With more rows than this, sgemm is faster: its larger blocks outweigh the repacking of weights.
    private static var mostRows: Int { 64 }

    /// The number of elements from which a second thread saves more time than starting it costs.
    private static var leastElements: Int { 1 << 16 }

    /// `rows stored^T` for few rows. Reading the weights takes most of the time then, and sgemm would also repack them.
    ///
    /// - Parameters:
    ///   - rows: `[m, k]`, where `k` is the length of a stored row.
    ///   - out: `[m, n]`, where `n` is the number of stored rows.
    /// - Returns: false, without computing anything, if there is no kernel for this number of rows or for the stored type.
    func multiplyFew(_ rows: UnsafePointer<Float>, m: Int, into out: UnsafeMutablePointer<Float>) -> Bool {
        guard m <= Self.mostRows, dtype != .float16 else { return false }
        let (n, k) = isTransposed ? (columns, self.rows) : (self.rows, columns)
        // The parts of `out` do not overlap.
        nonisolated(unsafe) let (rows, out) = (rows, out)
        let kernels = Kernels.current
        withBase { base in
            nonisolated(unsafe) let base = base
            // The kernels process stored rows in blocks of four.
            inParallel(n, block: 4, isWorthThreads: n * k >= Self.leastElements) { range in
                let kernel = dtype == .bfloat16 ? kernels.bfloat16 : kernels.float32
                kernel(
                    rows, k, base + range.lowerBound * rowStride * dtype.byteCount, rowStride, out + range.lowerBound, n, m,
                    range.count, k)
            }
        }
        return true
    }
}
