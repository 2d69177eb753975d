import Fuzzing
import Testing

/// Every reader on every input that was ever found, and on a few hundred changes of them, the same on every machine.
/// `make fuzz READER=NAME` looks for more, guided by what code an input reaches.
@Suite struct FuzzTests {
    @Test(arguments: FuzzedReader.all)
    func `whatever the bytes, a reader takes them or says what is wrong`(_ reader: FuzzedReader) throws {
        let seeds = try reader.seeds()
        #expect(!seeds.isEmpty)
        for (number, seed) in seeds.enumerated() {
            #expect(reader.fault(reading: seed) == nil, "seed \(number)")
        }
        var mutation = Mutation(seed: 1, words: reader.words)
        for round in 0..<600 {
            let input = mutation.mutated(seeds[round % seeds.count], other: seeds[(round / seeds.count + 1) % seeds.count])
            if let fault = reader.fault(reading: input) {
                Issue.record("round \(round): \(fault)")
                return
            }
        }
    }
}
