internal import COpenBLAS

/// OpenBLAS's products and sums on pointers; the safe forms are methods of `Matrix` and `[Float]`.
package enum BLAS {
    /// An operand: its first element, its leading dimension, and whether it is used transposed.
    package struct Operand {
        let base: UnsafePointer<Float>
        let stride: Int
        let transposed: Bool

        package init(_ base: UnsafePointer<Float>, stride: Int, transposed: Bool = false) {
            self.base = base
            self.stride = stride
            self.transposed = transposed
        }
    }

    /// `c = scale * a b + keep * c`, where `a` is `[m, k]` and `b` is `[k, n]` after their transpositions.
    package static func multiply(
        m: Int, n: Int, k: Int, scale: Float = 1, _ a: Operand, _ b: Operand,
        keep: Float = 0, into c: UnsafeMutablePointer<Float>, stride: Int
    ) {
        guard m > 0, n > 0 else { return }
        if m == 1 && !a.transposed && k > 0 {
            // For one row, a matrix-vector product reads b once, whereas sgemm would first repack it.
            cblas_sgemv(
                CblasRowMajor, b.transposed ? CblasNoTrans : CblasTrans,
                blasint(b.transposed ? n : k), blasint(b.transposed ? k : n), scale, b.base, blasint(b.stride),
                a.base, 1, keep, c, 1)
            return
        }
        cblas_sgemm(
            CblasRowMajor, a.transposed ? CblasTrans : CblasNoTrans, b.transposed ? CblasTrans : CblasNoTrans,
            blasint(m), blasint(n), blasint(k), scale, a.base, blasint(a.stride), b.base, blasint(b.stride),
            keep, c, blasint(stride))
    }

    package static func dot(_ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>) -> Float {
        cblas_sdot(blasint(a.count), a.baseAddress, 1, b.baseAddress, 1)
    }

    package static func sumOfMagnitudes(_ a: UnsafeBufferPointer<Float>) -> Float { cblas_sasum(blasint(a.count), a.baseAddress, 1) }
}

extension Matrix {
    /// `self other^T`. `[rows, k] x [n, k] -> [rows, n]`.
    public func multiplied(byTransposeOf other: Matrix) -> Matrix {
        precondition(columns == other.columns, "[\(rows), \(columns)] times the transpose of [\(other.rows), \(other.columns)]")
        var result = Matrix(rows: rows, columns: other.rows)
        multiply(other, transposed: true, n: other.rows, into: &result)
        return result
    }

    /// `self other`. `[rows, k] x [k, n] -> [rows, n]`.
    public func multiplied(by other: Matrix) -> Matrix {
        precondition(columns == other.rows, "[\(rows), \(columns)] times [\(other.rows), \(other.columns)]")
        var result = Matrix(rows: rows, columns: other.columns)
        multiply(other, transposed: false, n: other.columns, into: &result)
        return result
    }

    private func multiply(_ other: Matrix, transposed: Bool, n: Int, into result: inout Matrix) {
        elements.withUnsafeBufferPointer { a in
            other.elements.withUnsafeBufferPointer { b in
                result.elements.withUnsafeMutableBufferPointer { c in
                    guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
                    BLAS.multiply(
                        m: rows, n: n, k: columns, .init(a, stride: columns),
                        .init(b, stride: other.columns, transposed: transposed), into: c, stride: n)
                }
            }
        }
    }

    /// `self weight^T`, a linear layer. `[rows, k] x [n, k] -> [rows, n]`; reads each weight once.
    public func multiplied(byTransposeOf weight: StoredMatrix) -> Matrix {
        precondition(columns == weight.columns, "[\(rows), \(columns)] times the transpose of [\(weight.rows), \(weight.columns)]")
        return multiplied(byStored: weight, transposed: !weight.isTransposed, n: weight.rows)
    }

    /// `self weight`, the transpose of a linear layer. `[rows, n] x [n, k] -> [rows, k]`; reads each weight once.
    public func multiplied(by weight: StoredMatrix) -> Matrix {
        precondition(columns == weight.rows, "[\(rows), \(columns)] times [\(weight.rows), \(weight.columns)]")
        return multiplied(byStored: weight, transposed: weight.isTransposed, n: weight.columns)
    }

    /// - Parameter transposed: whether stored rows, not stored columns, correspond to the result's columns.
    private func multiplied(byStored weight: StoredMatrix, transposed: Bool, n: Int) -> Matrix {
        var result = Matrix(rows: rows, columns: n)
        elements.withUnsafeBufferPointer { a in
            result.elements.withUnsafeMutableBufferPointer { c in
                guard let a = a.baseAddress, let c = c.baseAddress else { return }
                if transposed, weight.multiplyFew(a, m: rows, into: c) { return }
                weight.forEachTile { tile, stride, range in
                    if transposed {
                        BLAS.multiply(
                            m: rows, n: range.count, k: columns, .init(a, stride: columns),
                            .init(tile, stride: stride, transposed: true), into: c + range.lowerBound, stride: n)
                    } else {
                        BLAS.multiply(
                            m: rows, n: n, k: range.count, .init(a + range.lowerBound, stride: columns),
                            .init(tile, stride: stride), keep: range.lowerBound == 0 ? 0 : 1, into: c, stride: n)
                    }
                }
            }
        }
        return result
    }
}

extension StoredMatrix {
    /// The number of elements in a tile of widened rows, small enough to stay in the second-level cache.
    private static var tileElements: Int { 1 << 17 }

    /// Calls `body` with the stored rows as 32-bit floats: in one piece and in place if they are stored that way and aligned,
    /// otherwise in tiles of widened rows.
    func forEachTile(_ body: (_ tile: UnsafePointer<Float>, _ stride: Int, _ rows: Range<Int>) -> Void) {
        guard rows > 0, columns > 0 else { return }
        let (count, width) = isTransposed ? (columns, rows) : (rows, columns)
        let inPlace: Bool = withBase { dtype == .float32 && UInt(bitPattern: $0) % 4 == 0 }
        if inPlace {
            withBase { body($0.assumingMemoryBound(to: Float.self), rowStride, 0..<count) }
            return
        }
        let tileRows = Swift.max(1, Swift.min(count, Self.tileElements / width))
        withUnsafeTemporaryAllocation(of: Float.self, capacity: tileRows * width) { scratch in
            let tile = scratch.baseAddress!
            for start in stride(from: 0, to: count, by: tileRows) {
                let range = start..<Swift.min(start + tileRows, count)
                for row in range { widen(row: row, into: tile + (row - start) * width) }
                body(tile, width, range)
            }
        }
    }
}
