@testable import FeatureIndex
import Foundation
import Tensors
import Testing

@Suite struct TallyTests {
    @Test func `the ends of a range are powers of two and the eighths between them`() {
        let (bin, negative) = (ActivationBin(1.3), ActivationBin(-1.3))
        #expect([bin.lower, bin.upper, negative.lower, negative.upper] == [1.25, 1.375, -1.375, -1.25])
        #expect(negative < ActivationBin(-1e-20))
        #expect(ActivationBin(-1e-20) < ActivationBin(1e-20))
        #expect(ActivationBin(1e-20) < bin)
    }

    /// Examples of few texts, so that many are the same.
    private static func examples(_ count: Int, seed: UInt64) -> [Example] {
        var random = RandomBits(seed: seed)
        return (0..<count).map { number in
            let activation = Float(random.next() % 4096) / 128 + 0.01
            return Example(
                corpus: Int64(random.next() % 2), block: Int32(number), sequence: 0, position: 1, activation: activation,
                context: Example.mixed(random.next() % 90), window: [.init(offset: 0, activation: activation)])
        }
    }

    private static func tally(_ examples: some Sequence<Example>) -> FeatureTally {
        var tally = FeatureTally()
        for example in examples {
            tally.count(example.activation)
            tally.sequences += 1
            if tally.wants(example.activation, context: example.context) { tally.add(example) }
        }
        return tally
    }

    @Test(arguments: 0..<20) func `tallies of parts add up to that of the whole, whatever the parts and their order`(seed: UInt64) {
        let examples = Self.examples(400, seed: seed)
        let whole = Self.tally(examples)
        var parts: [FeatureTally] = [FeatureTally()]
        for part in 0..<7 { parts.append(Self.tally(examples.enumerated().filter { $0.offset * 31 % 7 == part }.map(\.element))) }
        for order in [parts, parts.reversed(), Array(parts[3...] + parts[..<3])] {
            var sum = FeatureTally()
            for part in order { sum.add(part) }
            #expect(sum == whole)
        }
        #expect(Self.tally(examples.reversed()) == whole)
    }

    @Test(arguments: 0..<5) func `the strongest are the strongest of each text`(seed: UInt64) {
        let examples = Self.examples(400, seed: seed)
        let tally = Self.tally(examples)
        let best = Dictionary(grouping: examples, by: \.context).values.map { $0.map(\.activation).max()! }.sorted(by: >)
        #expect(tally.strongest.map(\.activation) == Array(best.prefix(FeatureTally.strongestCount)))
        #expect(Set(tally.strongest.map(\.context)).count == FeatureTally.strongestCount)
        #expect(tally.maximum == examples.map(\.activation).max())
        #expect(tally.minimum == examples.map(\.activation).min())
        #expect(tally.firings == 400)
        // Of each quarter of a power of two, the text that the hash puts first.
        let slots = Dictionary(grouping: examples) { ActivationBin($0.activation).number >> 1 }.sorted { $0.key > $1.key }
        #expect(tally.sampled.map(\.context) == slots.prefix(FeatureTally.slotCount).map { $0.value.map(\.context).min()! })
    }

    @Test func `a quantile is within the width of a range of the true one`() throws {
        let examples = Self.examples(1000, seed: 7)
        let tally = Self.tally(examples)
        let sorted = examples.map(\.activation).sorted()
        for share in [0.1, 0.5, 0.9, 0.99] {
            let (found, expected) = (try #require(tally.quantile(share)), sorted[Int(share * 1000)])
            #expect(abs(found - expected) <= expected / 8, "\(share)")
        }
        #expect(tally.quantile(1) == tally.maximum)
        #expect(FeatureTally().quantile(0.5) == nil)
    }

    @Test func `a tally reads back from its bytes, and damaged bytes are refused`() throws {
        let tally = Self.tally(Self.examples(300, seed: 3))
        let bytes = tally.bytes
        #expect(try FeatureTally(bytes) == tally)
        #expect(try FeatureTally(FeatureTally().bytes) == FeatureTally())
        for count in 0..<bytes.count { #expect(throws: ByteReader.Damage.self) { try FeatureTally(bytes.prefix(count)) } }
        #expect(throws: ByteReader.Damage.self) { try FeatureTally(bytes + [0]) }
        var random = RandomBits(seed: 1)
        for _ in 0..<2000 {
            var other = [UInt8](bytes)
            other[Int(random.next() % UInt64(other.count))] = UInt8(truncatingIfNeeded: random.next())
            _ = try? FeatureTally(Data(other))
        }
    }

    @Test func `the text around a place is the same where eight tokens before and four after are`() {
        let tokens = Array(0..<40)
        let contexts = Example.contexts(of: tokens)
        #expect(Set(contexts).count == 40)
        var far = tokens
        (far[11], far[25]) = (99, 99)
        #expect(Example.contexts(of: far)[20] == contexts[20])
        var near = tokens
        near[24] = 99
        #expect(Example.contexts(of: near)[20] != contexts[20])
    }
}
