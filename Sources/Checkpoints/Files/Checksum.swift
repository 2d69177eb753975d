/// A 64-bit checksum over a stream of bytes, the same in every process: `StableHash` over little-endian words, mixed. It finds
/// accidents, not forgery: changing one word always changes the sum.
///
/// How the stream is split into pieces makes no difference.
package struct Checksum: Sendable {
    private var state: UInt64 = StableHash.start
    /// Bytes that do not fill a word yet, the first in the lowest place.
    private var pending: UInt64 = 0
    private var byteCount: UInt64 = 0

    package init() {}

    /// The sum of all bytes so far.
    package var value: UInt64 {
        var sum = self
        sum.mix(pending)
        sum.mix(byteCount)
        return sum.state
    }

    /// The sum in 16 hexadecimal digits, as files spell it.
    package var text: String { value.sixteenDigits }

    /// - Complexity: O(bytes), a few gigabytes a second.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes
        while !byteCount.isMultiple(of: 8), let byte = rest.first {
            add(byte)
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst())
        }
        let whole = rest.count & ~7
        var offset = 0
        while offset < whole {
            mix(UInt64(littleEndian: rest.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            offset += 8
        }
        byteCount += UInt64(whole)
        for byte in rest[whole...] { add(byte) }
    }

    /// Adds the elements' bit patterns, so -0 differs from 0, and one NaN from another.
    package mutating func update(_ elements: [some BitwiseCopyable]) {
        elements.withUnsafeBytes { update($0) }
    }

    /// Adds the text's length and its UTF-8, so that the boundaries between texts count.
    package mutating func update(_ text: String) {
        update([UInt64(text.utf8.count)])
        update(Array(text.utf8))
    }

    private mutating func mix(_ word: UInt64) {
        state = (state ^ word) &* StableHash.prime
        state ^= state >> 32
    }

    private mutating func add(_ byte: UInt8) {
        pending |= UInt64(byte) << (byteCount % 8 * 8)
        byteCount += 1
        guard byteCount.isMultiple(of: 8) else { return }
        mix(pending)
        pending = 0
    }
}
