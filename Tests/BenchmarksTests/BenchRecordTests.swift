@testable import Benchmarks
import Foundation
import TestSupport
import Testing

@Suite struct BenchRecordTests {
    private func record(forward: Double, generation: Double) -> BenchRecord {
        BenchRecord(
            processor: "A processor", limits: MachineLimits(memory: 2e10, products: 1.8e11),
            measurements: [
                BenchFigure("llama-1b", "forward", .seconds, forward, bound: 0.5), BenchFigure("llama-1b", "generation", .tokens, generation, bound: 10),
                BenchFigure("llama-1b", "memory", .bytes, 1e9, bound: nil),
            ])
    }

    @Test func `the fraction is of the bound, for times and for rates`() {
        #expect(record(forward: 1, generation: 4).measurements.map(\.fraction) == [0.5, 0.4, nil])
    }

    @Test func `what is written reads as the same`() throws {
        let file = try TemporaryFolder()["bench.json"]
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        let record = record(forward: 0.8, generation: 7)
        try record.write(to: file)
        #expect(try BenchRecord(reading: file) == record)
    }

    @Test func `a loss of more than 15 percent is found, and a gain or less is not`() {
        let before = record(forward: 1, generation: 8)
        #expect(record(forward: 1.17, generation: 6.9).changes(since: before).map(\.isLoss) == [false, false])
        #expect(record(forward: 0.5, generation: 9).changes(since: before).map(\.isLoss) == [false, false])
        #expect(
            record(forward: 1.25, generation: 6).changes(since: before).map { ($0.step, $0.isLoss, $0.before, $0.now) }.map { "\($0)" } == [
                "(\"forward\", true, 0.5, 0.4)", "(\"generation\", true, 0.8, 0.6)",
            ])
        // A machine that is slower altogether has lower bounds, too.
        #expect(before.changes(since: BenchRecord(processor: "", limits: before.limits)).isEmpty)
    }
}
