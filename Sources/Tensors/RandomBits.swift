/// A random generator that gives the same numbers for the same seed on every computer: SplitMix64 (Steele, Lea, Flood 2014).
package struct RandomBits: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Creates a generator; the same seed gives the same bits.
    package init(seed: UInt64) { state = seed }

    /// The next 64 random bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return bits ^ bits >> 31
    }

    /// A random number in [0, 1).
    package mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }
}
