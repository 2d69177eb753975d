/// A hash function that eats blocks of 64 bytes and ends with the message's length: SHA-1 and SHA-256 are the same but for
/// what they do with a block.
package protocol BlockFunction {
    init()
    /// - Parameter block: 64 bytes.
    mutating func compress(_ block: UnsafeRawBufferPointer)
    /// The state as 32-bit words.
    var words: [UInt32] { get }
}

/// The hash of a message that comes in pieces (FIPS 180-4, section 5).
package struct BlockHash<Function: BlockFunction> {
    private var function = Function()
    /// What has come since the last whole block.
    private var rest: [UInt8] = []
    private var byteCount = 0

    private static var blockSize: Int { 64 }

    package init() { rest.reserveCapacity(Self.blockSize) }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        byteCount += bytes.count
        var bytes = bytes[...]
        if !rest.isEmpty {
            let missing = bytes.prefix(Self.blockSize - rest.count)
            rest += missing
            bytes = bytes.dropFirst(missing.count)
            guard rest.count == Self.blockSize else { return }
            rest.withUnsafeBytes { function.compress($0) }
            rest.removeAll(keepingCapacity: true)
        }
        while bytes.count >= Self.blockSize {
            function.compress(UnsafeRawBufferPointer(rebasing: bytes.prefix(Self.blockSize)))
            bytes = bytes.dropFirst(Self.blockSize)
        }
        rest += bytes
    }

    package mutating func update(_ text: String) {
        var text = text
        text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
    }

    /// In hexadecimal. The hash can be used no further.
    package consuming func finished() -> String {
        let bitCount = UInt64(byteCount) * 8
        let zeros = (119 - byteCount % Self.blockSize) % Self.blockSize
        let padding = [0x80] + [UInt8](repeating: 0, count: zeros)
        let length = (0..<8).map { UInt8(truncatingIfNeeded: bitCount >> (56 - 8 * UInt64($0))) }
        (padding + length).withUnsafeBytes { update($0) }
        return function.words.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }
}

extension UnsafeRawBufferPointer {
    /// The 32-bit number, most significant byte first, that lies `index` words from the start.
    @inline(__always) func bigEndianWord(_ index: Int) -> UInt32 {
        UInt32(bigEndian: loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
    }
}

@inline(__always) func rotatedLeft(_ word: UInt32, by count: UInt32) -> UInt32 { word &<< count | word &>> (32 &- count) }
