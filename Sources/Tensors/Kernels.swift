internal import CKernels

/// The product that BLAS does not have, with weights as they are stored, compiled for one instruction set (CKernels.h).
package struct Kernels: Sendable {
    /// Writes `a weights^T`, `[m, k] x [n, k] -> [m, n]`. The arguments are `a`, the weights, `out` and its stride, and room for panels.
    package typealias Product =
        @Sendable (ArrangedRows, StoredMatrix, UnsafeMutablePointer<Float>, Int, UnsafeMutablePointer<Float>) -> Void

    package let name: String
    package let product: Product

    package init(name: String, product: @escaping Product) {
        self.name = name
        self.product = product
    }

    /// The sets that this CPU can run, the widest first; the last one runs on every CPU.
    package static let runnable: [Kernels] = {
        var sets: [Kernels] = []
        while let set = ckernels_runnable(sets.count)?.pointee {
            let product = set.product!
            sets.append(
                Kernels(name: String(cString: set.name)) { a, weights, out, stride, panels in
                    weights.withKernelWeights {
                        product(a.base, a.arrangedRows, $0, out, stride, a.rows, weights.rows, weights.columns, panels)
                    }
                })
        }
        return sets
    }()

    /// The set in use: the widest, unless a test chooses another.
    @TaskLocal package static var current = runnable[0]
}

extension StoredMatrix {
    fileprivate func withKernelWeights(_ body: (UnsafePointer<ckernels_weights>) -> Void) {
        let type =
            switch dtype {
            case .float32: ckernels_float32
            case .bfloat16: ckernels_bfloat16
            case .float16: ckernels_float16
            }
        withBase { base in
            func call(_ rows: UnsafePointer<Int32>?) {
                var weights = ckernels_weights(base: base, stride: rowStride, rows: rows, type: type, by_columns: isTransposed ? 1 : 0)
                body(&weights)
            }
            guard let picked else { return call(nil) }
            picked.withUnsafeBufferPointer { call($0.baseAddress) }
        }
    }
}
