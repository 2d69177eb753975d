/// The scalars one piece of a regular expression matches: categories and ranges, or all but those.
struct ScalarSet: Sendable {
    private let categories: UInt32
    private let ranges: [ClosedRange<UInt32>]
    private let isNegated: Bool
    /// Which ASCII scalars belong, precomputed: nearly every test is one shift.
    private var ascii: (low: UInt64, high: UInt64) = (0, 0)

    init(categories: UInt32 = 0, ranges: [ClosedRange<UInt32>] = [], isNegated: Bool = false) {
        self.categories = categories
        self.ranges = ranges
        self.isNegated = isNegated
        for value: UInt8 in 0..<128 {
            let category = ScalarCategory.bit(of: Unicode.Scalar(value))
            guard computedContains(ClassifiedScalar(value: UInt32(value), category: category)) else { continue }
            if value < 64 { ascii.low |= 1 << value } else { ascii.high |= 1 << (value - 64) }
        }
    }

    func contains(_ scalar: ClassifiedScalar) -> Bool {
        if scalar.value < 64 { return ascii.low >> scalar.value & 1 == 1 }
        if scalar.value < 128 { return ascii.high >> (scalar.value - 64) & 1 == 1 }
        return computedContains(scalar)
    }

    private func computedContains(_ scalar: ClassifiedScalar) -> Bool {
        let isListed = categories >> scalar.category & 1 == 1 || ranges.contains { $0.contains(scalar.value) }
        return isListed != isNegated
    }
}
