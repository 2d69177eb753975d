import Checkpoints
import Foundation
import Testing

@Suite struct ChecksumTests {
    private static let bytes = (0..<61).map { UInt8(truncatingIfNeeded: $0 &* 37) }

    private func sum(_ pieces: some Sequence<some Collection<UInt8>>) -> UInt64 {
        var sum = Checksum()
        for piece in pieces { sum.update(Array(piece)) }
        return sum.value
    }

    @Test func `how bytes are cut into pieces makes no difference`() {
        let whole = sum([Self.bytes])
        for first in 0...Self.bytes.count {
            for length in [0, 1, 7, 8, 20] {
                let second = min(first + length, Self.bytes.count)
                #expect(sum([Self.bytes[..<first], Self.bytes[first..<second], Self.bytes[second...]]) == whole)
            }
        }
    }

    @Test func `every flipped bit and every missing or added byte gives another sum`() {
        let whole = sum([Self.bytes])
        for bit in 0..<Self.bytes.count * 8 {
            var flipped = Self.bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            #expect(sum([flipped]) != whole)
        }
        #expect(sum([Self.bytes.dropLast()]) != whole)
        #expect(sum([Self.bytes + [0]]) != whole)
        #expect(sum([[UInt8]()]) != sum([[0]]))
    }

    @Test func `it is the same in every process`() {
        #expect(sum([Self.bytes]) == 12_513_607_713_036_026_663)
    }

    @Test func `bit patterns count, and where texts end`() {
        func sum(_ body: (inout Checksum) -> Void) -> String {
            var sum = Checksum()
            body(&sum)
            return sum.text
        }
        #expect(sum { $0.update([Float(0)]) } != sum { $0.update([-Float(0)]) })
        #expect(sum { $0.update([Float.nan]) } != sum { $0.update([Float(bitPattern: 0x7FC0_0001)]) })
        #expect(
            sum {
                $0.update("ab"); $0.update("c")
            }
                != sum {
                    $0.update("a"); $0.update("bc")
                })
        #expect(sum { _ in }.count == 16)
    }
}
