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
}
