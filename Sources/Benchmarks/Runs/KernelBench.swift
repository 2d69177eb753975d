internal import Foundation
package import Tensors

/// Times the products with stored weights of each instruction set that this processor has, beside BLAS's on widened weights.
package struct KernelBench: Sendable {
    /// From which side the weights are read.
    package enum Orientation: String, Sendable, CaseIterable {
        /// `[rows, 2048] x [8192, 2048]^T`.
        case transposed = "x W^T"
        /// `[rows, 8192] x [8192, 2048]`.
        case plain = "x W"
    }

    /// What is timed together.
    package struct Part: Sendable {
        /// nil for BLAS.
        let kernels: Kernels?
        package let dtype: DType
        package let orientation: Orientation

        /// Who multiplies.
        package var column: String { kernels?.name ?? "sgemm" }
        package var name: String { "\(column), \(dtype.rawValue), \(orientation.rawValue)" }
    }

    /// Products with weights of one type: BLAS's, on widened ones, and those of each instruction set.
    package static func parts(_ dtype: DType, _ orientation: Orientation) -> [Part] {
        [Part(kernels: nil, dtype: .float32, orientation: orientation)]
            + Kernels.runnable.map { Part(kernels: $0, dtype: dtype, orientation: orientation) }
    }

    private static let weightRows = 8192
    private static let weightColumns = 2048

    private let limits: MachineLimits
    package let rows: [Int]

    package init(limits: MachineLimits, isQuick: Bool) {
        self.limits = limits
        rows = isQuick ? [1, 13, 128] : [1, 2, 4, 8, 13, 16, 34, 64, 128, 256, 1024]
    }

    /// One measurement for each number of rows.
    ///
    /// - Throws: `CancellationError`.
    package func measure(_ part: Part) throws -> [BenchFigure] {
        let weights = StoredWeights(part.dtype, rows: Self.weightRows, columns: Self.weightColumns)
        let widened = part.kernels == nil ? weights.matrices.map { $0.widened() } : []
        return try rows.map { count in
            try Task.checkCancellation()
            let columns = part.orientation == .transposed ? Self.weightColumns : Self.weightRows
            let left = Matrix(rows: count, columns: columns, elements: [Float](repeating: 0.5, count: count * columns))
            var number = 0
            func multiply() {
                number += 1
                let result: Matrix
                if let kernels = part.kernels {
                    let matrix = weights.matrices[number % weights.matrices.count]
                    result = Kernels.$current.withValue(kernels) {
                        part.orientation == .transposed ? left.multiplied(byTransposeOf: matrix) : left.multiplied(by: matrix)
                    }
                } else {
                    let matrix = widened[number % widened.count]
                    result = part.orientation == .transposed ? left.multiplied(byTransposeOf: matrix) : left.multiplied(by: matrix)
                }
                keep(result.elements[0])
            }
            // A first one touches all that it needs.
            let first = Stopwatch.seconds(multiply)
            let seconds = first > 1 ? first : Stopwatch.best(of: max(3, min(20, Int(0.2 / first))), multiply)
            let (cells, bytes) = (Self.weightRows * Self.weightColumns, part.dtype.byteCount)
            let work = Work(operations: 2 * Double(count * cells), bytes: Double(cells * bytes))
            let step = "\(part.name), \(count) \(count == 1 ? "row" : "rows")"
            // One row is bound by memory, and so counted in it.
            if count == 1 { return BenchFigure("kernels", step, .bandwidth, work.bytes / seconds / 1e9, bound: limits.memory / 1e9) }
            return BenchFigure(
                "kernels", step, .operations, work.operations / seconds / 1e9, bound: work.operations / work.seconds(at: limits) / 1e9)
        }
    }
}

/// Matrices of one type, too many for a cache to keep one until it comes again.
private struct StoredWeights {
    let matrices: [StoredMatrix]

    private static let leastBytes = 256 << 20

    init(_ dtype: DType, rows: Int, columns: Int) {
        let size = rows * columns * dtype.byteCount
        matrices = (0..<max(1, Self.leastBytes / size)).map { _ in
            // Four bytes are one number of 32 bits, or twice the same of 16, more or less.
            let bits: UInt32 =
                switch dtype {
                case .float32: Float(0.01).bitPattern
                case .bfloat16: 0x3C24_3C24
                case .float16: 0x211F_211F
                }
            let memory = FloatMemory(count: size / 4)
            memory.base.update(repeating: Float(bitPattern: bits), count: size / 4)
            return StoredMatrix(dtype: dtype, rows: rows, columns: columns, base: UnsafeRawPointer(memory.base), owner: memory)
        }
    }
}
