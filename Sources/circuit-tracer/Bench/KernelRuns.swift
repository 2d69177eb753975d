internal import Benchmarks
internal import Console
internal import Foundation
internal import Tensors
internal import Workbench

/// Times the products of every instruction set of this processor, beside BLAS's.
struct KernelRuns {
    let limits: MachineLimits
    let isQuick: Bool
    let operations: Operations

    func run() throws -> [BenchFigure] {
        let bench = KernelBench(limits: limits, isQuick: isQuick)
        return try KernelBench.Orientation.allCases.flatMap { orientation in
            var results: [BenchFigure] = []
            // BLAS's weights are widened, whatever they were.
            var blas: [BenchFigure] = []
            for dtype in [DType.bfloat16, .float32, .float16] {
                let parts = KernelBench.parts(dtype, orientation)
                let columns = try parts.enumerated().map { number, part in
                    if number == 0, !blas.isEmpty { return blas }
                    return try operations.run { progress in
                        progress(WorkProgress(phase: part.name, done: number, total: parts.count, unit: "kernels"))
                        return try bench.measure(part)
                    }
                }
                if blas.isEmpty { results += columns[0] }
                blas = columns[0]
                results += columns.dropFirst().joined()
                try show(columns, parts, rows: bench.rows)
            }
            return results
        }
    }

    /// A line for each number of rows, with the bound, BLAS's figure, and each instruction set's with the part of the bound.
    private func show(_ columns: [[BenchFigure]], _ parts: [KernelBench.Part], rows: [Int]) throws {
        let (dtype, orientation) = (parts.last!.dtype, parts[0].orientation)
        var head = padded("\(dtype.rawValue), \(orientation.rawValue), W [8192, 2048]", to: 32) + column("bound", 8)
        for part in parts { head += column(part.column, part.column == "sgemm" ? 8 : 18) }
        try output("\(head)\n")
        for (row, count) in rows.enumerated() {
            let figures = columns.map { $0[row] }
            let unit = figures[0].unit
            var line = padded("\(count) \(count == 1 ? "row" : "rows"), \(unit.rawValue)", to: 32) + column(figure(figures.last!.bound ?? 0), 8)
            line += column(figure(figures[0].value), 8)
            for own in figures.dropFirst() {
                line += column(figure(own.value), 11) + column(String(format: "%.0f %%", 100 * (own.fraction ?? 0)), 7)
            }
            try output("\(line)\n")
        }
        try output("\n")
    }
}
