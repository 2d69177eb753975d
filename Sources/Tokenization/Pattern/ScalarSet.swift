/// The scalars one piece of a regular expression matches: categories, ranges and other sets, or all but those.
struct ScalarSet: Sendable {
    private let categories: UInt32
    private let ranges: [ClosedRange<UInt32>]
    private let sets: [ScalarSet]
    private let isNegated: Bool
    /// Which ASCII scalars belong, precomputed: nearly every test is one shift.
    private var ascii: (low: UInt64, high: UInt64) = (0, 0)

    init(categories: UInt32 = 0, ranges: [ClosedRange<UInt32>] = [], sets: [ScalarSet] = [], isNegated: Bool = false) {
        self.categories = categories
        self.ranges = ranges
        self.sets = sets
        self.isNegated = isNegated
        for value: UInt8 in 0..<128 {
            let category = ScalarCategory.bit(of: Unicode.Scalar(value))
            guard computedContains(ClassifiedScalar(value: UInt32(value), category: category)) else { continue }
            if value < 64 { ascii.low |= 1 << value } else { ascii.high |= 1 << (value - 64) }
        }
    }

    /// All other scalars.
    var negated: ScalarSet { ScalarSet(categories: categories, ranges: ranges, sets: sets, isNegated: !isNegated) }

    /// What all of the sets hold.
    static func intersection(of sets: [ScalarSet]) -> ScalarSet {
        sets.count == 1 ? sets[0] : ScalarSet(sets: sets.map(\.negated), isNegated: true)
    }

    func contains(_ scalar: ClassifiedScalar) -> Bool {
        if scalar.value < 64 { return ascii.low >> scalar.value & 1 == 1 }
        if scalar.value < 128 { return ascii.high >> (scalar.value - 64) & 1 == 1 }
        return computedContains(scalar)
    }

    private func computedContains(_ scalar: ClassifiedScalar) -> Bool {
        let isListed =
            categories >> scalar.category & 1 == 1 || ranges.contains { $0.contains(scalar.value) }
            || sets.contains { $0.contains(scalar) }
        return isListed != isNegated
    }
}

extension ScalarSet {
    /// `.`
    static let anyButNewline = ScalarSet(ranges: [0xA...0xA], isNegated: true)
    /// `[\w]`: the alphabetic scalars, marks, decimal digits and what joins words.
    static let word = ScalarSet(
        categories: ["L", "M", "Nd", "Nl", "Pc"].reduce(0) { $0 | ScalarCategory.mask(named: $1)! },
        ranges: [0x24B6...0x24E9, 0x1F130...0x1F149, 0x1F150...0x1F169, 0x1F170...0x1F189])
    /// `\w` outside brackets, where Oniguruma counts Latin-1's raised digits and fractions too.
    static let wordEscape = ScalarSet(ranges: [0xB2...0xB3, 0xB9...0xB9, 0xBC...0xBE], sets: [word])
}
