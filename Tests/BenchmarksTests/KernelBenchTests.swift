@testable import Benchmarks
import Tensors
import Testing

@Suite struct KernelBenchTests {
    @Test func `every instruction set is timed in both orientations with every type, beside BLAS`() {
        let names = KernelBench(limits: MachineLimits(memory: 1, products: 1), isQuick: true).parts.map(\.name)
        #expect(names.count == 2 * (1 + 3 * Kernels.runnable.count))
        #expect(names.first == "sgemm, F32, x W^T" && names.contains("\(Kernels.runnable.last!.name), BF16, x W"))
    }
}
