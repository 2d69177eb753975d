import Fuzzing
import TestSupport
import Testing

/// Every reader on every input that was ever found, and on a few hundred changes of them, the same on every machine.
/// `make fuzz READER=NAME` looks for more, guided by what code an input reaches.
@Suite struct FuzzTests {
    @Test(arguments: FuzzedReader.all)
    func `whatever the bytes, a reader takes them or says what is wrong`(_ reader: FuzzedReader) async throws {
        // A reader may wait for others.
        let faults = try await onThread { try Self.faults(of: reader) }
        #expect(faults.isEmpty)
    }

    private static func faults(of reader: FuzzedReader) throws -> [String] {
        let seeds = try reader.seeds()
        var faults = seeds.isEmpty ? ["nothing to start from"] : []
        for (number, seed) in seeds.enumerated() {
            if let fault = reader.fault(reading: seed) { faults.append("seed \(number): \(fault)") }
        }
        var mutation = Mutation(seed: 1, words: reader.words)
        // Fewer of long ones, so that none takes long.
        let rounds = min(600, 600_000 * seeds.count / seeds.reduce(1) { $0 + $1.count })
        for round in 0..<rounds {
            let input = mutation.mutated(seeds[round % seeds.count], other: seeds[(round / seeds.count + 1) % seeds.count])
            if let fault = reader.fault(reading: input) { faults.append("round \(round): \(fault)") }
        }
        return faults
    }
}
