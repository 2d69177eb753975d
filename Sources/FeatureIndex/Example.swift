/// One place where a feature fires, with its activations around it: the peak of one sequence. Its tokens are in the sequence, which the index keeps
/// once for all features.
package struct Example: Sendable, Equatable {
    /// The corpus it is in, by its key in the index.
    package let corpus: Int64
    /// The block of the corpus.
    package let block: Int32
    /// The sequence in the block.
    package let sequence: Int32
    /// The position of the peak in the sequence.
    package let position: Int32
    package let activation: Float
    /// A hash of the tokens around the peak: examples with the same one say the same.
    package let context: UInt64
    /// Where else it fires near the peak, and the peak: how far after it, in positions, with the activation.
    package let window: [Firing]

    package struct Firing: Sendable, Equatable {
        package let offset: Int8
        package let activation: Float
    }

    /// How many positions before and after the peak belong to an example.
    package static let (before, after) = (24, 10)
    /// How many of them must be the same for two examples to say the same.
    static let (sameBefore, sameAfter) = (8, 4)

    /// Hashes of the tokens around each position of a sequence.
    static func contexts(of tokens: [Int]) -> [UInt64] {
        tokens.indices.map { position in
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            for place in position - sameBefore...position + sameAfter {
                hash = (hash ^ UInt64(truncatingIfNeeded: tokens.indices.contains(place) ? tokens[place] : -1)) &* 0x0000_0100_0000_01B3
            }
            return mixed(hash)
        }
    }

    /// Another number for each number, without visible order (the finaliser of MurmurHash3).
    static func mixed(_ number: UInt64) -> UInt64 {
        var mixed = number
        mixed = (mixed ^ mixed >> 33) &* 0xFF51_AFD7_ED55_8CCD
        mixed = (mixed ^ mixed >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return mixed ^ mixed >> 33
    }

    /// Of two of the same text, and where all else is the same.
    private func isEarlier(than other: Example) -> Bool {
        (corpus, block, sequence) < (other.corpus, other.block, other.sequence)
    }

    /// The order of the strongest ones. It depends on nothing but the two, so the strongest of several parts are those of the whole.
    func isStronger(than other: Example) -> Bool {
        if activation != other.activation { return activation > other.activation }
        return context != other.context ? context < other.context : isEarlier(than: other)
    }

    /// The order of a random sample that depends on the texts alone, and so is the same in whatever order they come.
    func comesFirstInSample(before other: Example) -> Bool {
        context != other.context ? context < other.context : isStronger(than: other)
    }
}
