/// 64-bit FNV-1a: the same in every process and on every machine. For names that must not change, not against forgery.
package enum StableHash {
    static let start: UInt64 = 0xCBF2_9CE4_8422_2325
    static let prime: UInt64 = 0x0000_0100_0000_01B3

    /// - Complexity: O(bytes).
    package static func of(_ bytes: some Sequence<UInt8>) -> UInt64 { bytes.reduce(start) { ($0 ^ UInt64($1)) &* prime } }
}

extension UInt64 {
    /// In 16 hexadecimal digits, as files spell it.
    package var sixteenDigits: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
