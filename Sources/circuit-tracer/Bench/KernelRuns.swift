internal import Benchmarks
internal import Console
internal import Workbench

/// Times the products of every instruction set of this processor.
struct KernelRuns {
    let limits: MachineLimits
    let isQuick: Bool
    let operations: Operations

    func run() throws -> [BenchFigure] {
        let bench = KernelBench(limits: limits, isQuick: isQuick)
        let parts = bench.parts
        var results: [BenchFigure] = []
        try output("\(BenchFigure.head("rows times [8192, 2048] weights"))\n")
        for (number, part) in parts.enumerated() {
            let some = try operations.run { progress in
                progress(WorkProgress(phase: part.name, done: number, total: parts.count, unit: "kernels"))
                return try bench.measure(part)
            }
            for measurement in some { try output("\(measurement.line)\n") }
            results += some
        }
        try output("\n")
        return results
    }
}
