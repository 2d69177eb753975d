extension StoredMatrix {
    /// Above so many rows, sgemm's larger blocks win over reading the weights as they are stored.
    private static var mostRows: Int { 64 }

    /// Elements from which on a second thread is worth its start.
    private static var leastElements: Int { 1 << 16 }

    /// `rows stored^T` for few rows, which are bound by reading weights: sgemm would repack them all.
    ///
    /// - Parameters:
    ///   - rows: `[m, k]`, `k` the length of a stored row.
    ///   - out: `[m, n]`, `n` the number of stored rows.
    /// - Returns: false where there is no kernel for so many rows or for the stored type; nothing was computed then.
    func multiplyFew(_ rows: UnsafePointer<Float>, m: Int, into out: UnsafeMutablePointer<Float>) -> Bool {
        guard m <= Self.mostRows, dtype != .float16 else { return false }
        let (n, k) = isTransposed ? (columns, self.rows) : (self.rows, columns)
        // The parts of `out` do not overlap.
        nonisolated(unsafe) let (rows, out) = (rows, out)
        let kernels = Kernels.current
        withBase { base in
            nonisolated(unsafe) let base = base
            // In blocks of four stored rows, as the kernels take them.
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
