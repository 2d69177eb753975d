internal import CKernels

/// The inner loops that BLAS does not have, compiled for one instruction set (CKernels.h).
package struct Kernels: Sendable {
    /// `out[r][c] = sum over i < k of a[r][i] * w[c][i]`. The arguments are `a`, its stride, `w`, its stride, `out`, its stride,
    /// `m`, `n` and `k`.
    package typealias Product =
        @convention(c) (
            UnsafePointer<Float>?, Int, UnsafeRawPointer?, Int, UnsafeMutablePointer<Float>?, Int, Int, Int, Int
        ) -> Void

    package let name: String
    /// The products with weights in bfloat16 and in 32-bit floats. Both are functions without state.
    nonisolated(unsafe) package let bfloat16, float32: Product

    package init(name: String, bfloat16: @escaping Product, float32: @escaping Product) {
        self.name = name
        self.bfloat16 = bfloat16
        self.float32 = float32
    }

    /// The sets that this CPU can run, the widest first; the last one runs on every CPU.
    package static let runnable: [Kernels] = {
        var sets: [Kernels] = []
        while let set = ckernels_runnable(sets.count)?.pointee {
            sets.append(Kernels(name: String(cString: set.name), bfloat16: set.bfloat16, float32: set.float32))
        }
        return sets
    }()

    /// The set in use: the widest, unless a test chooses another.
    @TaskLocal package static var current = runnable[0]
}
