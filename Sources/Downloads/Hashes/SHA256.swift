/// SHA-256, by which the hub names large files (FIPS 180-4, section 6.2).
///
/// Our own: swift-crypto hashes 1.4 GB/s but takes 87 s to build on two cores; this hashes faster than a network brings.
package struct SHA256: BlockFunction {
    private var state: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32) = (
        0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19
    )
    private let constants = Self.constants

    package init() {}

    package var words: [UInt32] { [state.0, state.1, state.2, state.3, state.4, state.5, state.6, state.7] }

    package mutating func compress(_ block: UnsafeRawBufferPointer) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
            for t in 0..<16 { schedule[t] = block.bigEndianWord(t) }
            for t in 16..<64 {
                let (early, late) = (schedule[t - 15], schedule[t - 2])
                let small0 = rotatedLeft(early, by: 25) ^ rotatedLeft(early, by: 14) ^ early &>> 3
                let small1 = rotatedLeft(late, by: 15) ^ rotatedLeft(late, by: 13) ^ late &>> 10
                schedule[t] = schedule[t - 16] &+ small0 &+ schedule[t - 7] &+ small1
            }
            var (a, b, c, d, e, f, g, h) = state
            constants.withUnsafeBufferPointer { constants in
                // Eight rounds bring every letter back to its place, so that none is ever moved.
                for t in stride(from: 0, to: 64, by: 8) {
                    round(a, b, c, &d, e, f, g, &h, constants[t] &+ schedule[t])
                    round(h, a, b, &c, d, e, f, &g, constants[t + 1] &+ schedule[t + 1])
                    round(g, h, a, &b, c, d, e, &f, constants[t + 2] &+ schedule[t + 2])
                    round(f, g, h, &a, b, c, d, &e, constants[t + 3] &+ schedule[t + 3])
                    round(e, f, g, &h, a, b, c, &d, constants[t + 4] &+ schedule[t + 4])
                    round(d, e, f, &g, h, a, b, &c, constants[t + 5] &+ schedule[t + 5])
                    round(c, d, e, &f, g, h, a, &b, constants[t + 6] &+ schedule[t + 6])
                    round(b, c, d, &e, f, g, h, &a, constants[t + 7] &+ schedule[t + 7])
                }
            }
            state = (
                state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d, state.4 &+ e, state.5 &+ f, state.6 &+ g, state.7 &+ h
            )
        }
    }

    /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
    private static let constants: [UInt32] = [
        0x428A_2F98, 0x7137_4491, 0xB5C0_FBCF, 0xE9B5_DBA5, 0x3956_C25B, 0x59F1_11F1, 0x923F_82A4, 0xAB1C_5ED5,
        0xD807_AA98, 0x1283_5B01, 0x2431_85BE, 0x550C_7DC3, 0x72BE_5D74, 0x80DE_B1FE, 0x9BDC_06A7, 0xC19B_F174,
        0xE49B_69C1, 0xEFBE_4786, 0x0FC1_9DC6, 0x240C_A1CC, 0x2DE9_2C6F, 0x4A74_84AA, 0x5CB0_A9DC, 0x76F9_88DA,
        0x983E_5152, 0xA831_C66D, 0xB003_27C8, 0xBF59_7FC7, 0xC6E0_0BF3, 0xD5A7_9147, 0x06CA_6351, 0x1429_2967,
        0x27B7_0A85, 0x2E1B_2138, 0x4D2C_6DFC, 0x5338_0D13, 0x650A_7354, 0x766A_0ABB, 0x81C2_C92E, 0x9272_2C85,
        0xA2BF_E8A1, 0xA81A_664B, 0xC24B_8B70, 0xC76C_51A3, 0xD192_E819, 0xD699_0624, 0xF40E_3585, 0x106A_A070,
        0x19A4_C116, 0x1E37_6C08, 0x2748_774C, 0x34B0_BCB5, 0x391C_0CB3, 0x4ED8_AA4A, 0x5B9C_CA4F, 0x682E_6FF3,
        0x748F_82EE, 0x78A5_636F, 0x84C8_7814, 0x8CC7_0208, 0x90BE_FFFA, 0xA450_6CEB, 0xBEF9_A3F7, 0xC671_78F2,
    ]
}

/// One round: only `d` and `h` change; the next round has each letter's value under the letter after it.
@inline(__always) private func round(
    _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32, _ g: UInt32, _ h: inout UInt32,
    _ word: UInt32
) {
    let mixed = rotatedLeft(e, by: 26) ^ rotatedLeft(e, by: 21) ^ rotatedLeft(e, by: 7)
    h = h &+ mixed &+ (g ^ e & (f ^ g)) &+ word
    d = d &+ h
    h = h &+ (rotatedLeft(a, by: 30) ^ rotatedLeft(a, by: 19) ^ rotatedLeft(a, by: 10)) &+ (a & b | c & (a | b))
}
