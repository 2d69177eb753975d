@testable import Benchmarks
import Testing

@Suite struct RandomWeightsTests {
    private func numbers(_ count: Int, from first: Int = 0, seed: UInt64 = 7, deviation: Float = 2) -> [UInt16] {
        [UInt16](unsafeUninitializedCapacity: count) { buffer, filled in
            RandomWeights.fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]), from: first, seed: seed, deviation: deviation)
            filled = count
        }
    }

    @Test func `they are about normal, with the deviation that was asked for`() {
        let values = numbers(100_000).map { Double(Float(bitPattern: UInt32($0) << 16)) }
        let mean = values.reduce(0, +) / 1e5
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1e5
        #expect(abs(mean) < 0.03 && abs(variance.squareRoot() - 2) < 0.02)
        // 2.3 % of a normal distribution are beyond two deviations on either side.
        #expect(abs(Double(values.count { $0 > 4 }) / 1e5 - 0.0228) < 0.004)
    }

    @Test func `a later part of a tensor is the same, made alone`() {
        let all = numbers(3 * RandomWeights.block + 5)
        #expect(Array(all[(2 * RandomWeights.block)...]) == numbers(RandomWeights.block + 5, from: 2 * RandomWeights.block))
        #expect(numbers(100) != numbers(100, seed: 8))
    }

    @Test(arguments: [(1, 0x3F80), (-2.5, 0xC020), (0, 0), (1.00390625, 0x3F80), (1.01171875, 0x3F82), (1.006, 0x3F81)] as [(Float, UInt16)])
    func `bf16 is the nearest number, and the even one of two`(_ number: Float, _ bits: UInt16) {
        #expect(RandomWeights.bfloat16(number) == bits)
    }
}
