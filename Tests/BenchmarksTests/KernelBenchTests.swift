@testable import Benchmarks
import Tensors
import Testing

@Suite struct KernelBenchTests {
    @Test func `every instruction set is timed, after BLAS on widened weights`() {
        let parts = KernelBench.parts(.bfloat16, .plain)
        #expect(parts.map(\.column) == ["sgemm"] + Kernels.runnable.map(\.name))
        #expect(parts[0].name == "sgemm, F32, x W" && parts.last?.name == "\(Kernels.runnable.last!.name), BF16, x W")
    }

    @Test func `one row is counted in bytes, more in operations`() throws {
        let limits = MachineLimits(memory: 5e9, products: 1e11)
        let part = try #require(KernelBench.parts(.float16, .transposed).dropFirst().first)
        let figures = try KernelBench(limits: limits, isQuick: true).measure(part)
        #expect(figures.map(\.unit) == [.bandwidth, .operations, .operations])
        #expect(figures.map(\.bound) == [5, 65, 100])
    }
}
