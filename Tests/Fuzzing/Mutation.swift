import Tensors

/// Changes inputs as files get damaged and as people who mean harm would, the same way for the same seed.
package struct Mutation {
    private var random: RandomBits
    private let words: [[UInt8]]

    package init(seed: UInt64, words: [String]) {
        random = RandomBits(seed: seed)
        self.words = words.map { Array($0.utf8) }
    }

    /// Numbers at the edges of what formats hold.
    private static let edges: [UInt64] = [
        0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, .max,
    ]

    /// One to four changes of an input.
    ///
    /// - Parameter other: what pieces are taken from.
    package mutating func mutated(_ input: [UInt8], other: [UInt8]) -> [UInt8] {
        var bytes = input
        for _ in 0...below(4) { change(&bytes, other) }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8], _ other: [UInt8]) {
        guard !bytes.isEmpty else { return bytes = other }
        let place = below(bytes.count)
        switch below(9) {
        case 0: bytes[place] ^= 1 << UInt8(below(8))
        case 1: bytes[place] = UInt8(below(256))
        case 2: bytes.removeSubrange(place...)
        case 3: bytes.removeSubrange(place..<min(bytes.count, place + 1 + below(16)))
        case 4: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 1 + below(64))], at: below(bytes.count))
        case 5 where !other.isEmpty:
            let from = below(other.count)
            bytes.insert(contentsOf: other[from..<min(other.count, from + 1 + below(64))], at: place)
        case 6 where !words.isEmpty: bytes.insert(contentsOf: words[below(words.count)], at: place)
        case 7: overwrite(&bytes, at: place, with: Self.edges[below(Self.edges.count)])
        default: bytes.insert(contentsOf: [UInt8](repeating: bytes[place], count: 1 + below(300)), at: place)
        }
    }

    /// As a little-endian number of one to eight bytes.
    private func overwrite(_ bytes: inout [UInt8], at place: Int, with number: UInt64) {
        for offset in 0..<8 where place + offset < bytes.count { bytes[place + offset] = UInt8(truncatingIfNeeded: number >> (8 * UInt64(offset))) }
    }

    private mutating func below(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }
}
