/// SHA-1, by which git names what it stores (FIPS 180-4, section 6.1).
package struct SHA1: BlockFunction {
    private var state: (UInt32, UInt32, UInt32, UInt32, UInt32) = (0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0)

    package init() {}

    package var words: [UInt32] { [state.0, state.1, state.2, state.3, state.4] }

    package mutating func compress(_ block: UnsafeRawBufferPointer) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 80) { schedule in
            for t in 0..<16 { schedule[t] = block.bigEndianWord(t) }
            for t in 16..<80 {
                schedule[t] = rotatedLeft(schedule[t - 3] ^ schedule[t - 8] ^ schedule[t - 14] ^ schedule[t - 16], by: 1)
            }
            var (a, b, c, d, e) = state
            for t in 0..<80 {
                let (mixed, constant): (UInt32, UInt32) =
                    switch t {
                    case ..<20: (b & c | ~b & d, 0x5A82_7999)
                    case ..<40: (b ^ c ^ d, 0x6ED9_EBA1)
                    case ..<60: (b & c | b & d | c & d, 0x8F1B_BCDC)
                    default: (b ^ c ^ d, 0xCA62_C1D6)
                    }
                let next = rotatedLeft(a, by: 5) &+ mixed &+ e &+ constant &+ schedule[t]
                (a, b, c, d, e) = (next, a, rotatedLeft(b, by: 30), c, d)
            }
            state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d, state.4 &+ e)
        }
    }
}
