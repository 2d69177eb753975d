/// The scalars that one piece of a regular expression matches.
///
/// However classes were combined, it is one list of intervals, with the categories that belong in each: testing a scalar
/// takes one search.
struct ScalarSet: Sendable {
    /// Where each interval begins, ascending from 0; each ends where the next begins.
    private let starts: [UInt32]
    /// The categories whose scalars belong, for each interval.
    private let masks: [UInt32]
    /// Which ASCII scalars belong, precomputed: nearly every test is one shift.
    private var ascii: (low: UInt64, high: UInt64) = (0, 0)

    private init(starts: [UInt32], masks: [UInt32]) {
        self.starts = starts
        self.masks = masks
        var interval = 0
        for value: UInt8 in 0..<128 {
            while interval + 1 < starts.count, starts[interval + 1] <= UInt32(value) { interval += 1 }
            guard masks[interval] >> ScalarCategory.bit(of: Unicode.Scalar(value)) & 1 == 1 else { continue }
            if value < 64 { ascii.low |= 1 << value } else { ascii.high |= 1 << (value - 64) }
        }
    }

    /// Scalars of some categories, and those in some ranges.
    init(categories: UInt32 = 0, ranges: [ClosedRange<UInt32>] = []) {
        var joined: [ClosedRange<UInt32>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = joined.last, range.lowerBound <= last.upperBound + 1 {
                joined[joined.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                joined.append(range)
            }
        }
        let isAtStart = joined.first?.lowerBound == 0
        self.init(
            starts: (isAtStart ? [] : [0]) + joined.flatMap { [$0.lowerBound, $0.upperBound + 1] },
            masks: (isAtStart ? [] : [categories]) + joined.flatMap { _ in [ScalarCategory.all, categories] })
    }

    /// All other scalars.
    var negated: ScalarSet { ScalarSet(starts: starts, masks: masks.map { ScalarCategory.all & ~$0 }) }

    func contains(_ scalar: ClassifiedScalar) -> Bool {
        if scalar.value < 64 { return ascii.low >> scalar.value & 1 == 1 }
        if scalar.value < 128 { return ascii.high >> (scalar.value - 64) & 1 == 1 }
        return masks[interval(of: scalar.value)] >> scalar.category & 1 == 1
    }

    private func interval(of value: UInt32) -> Int {
        var (low, high) = (0, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= value { low = middle } else { high = middle }
        }
        return low
    }
}

extension ScalarSet {
    /// The union of the sets; there must be at least one.
    static func union(of sets: [ScalarSet]) -> ScalarSet { combination(of: sets) { $0 | $1 } }

    /// The intersection of the sets; there must be at least one.
    static func intersection(of sets: [ScalarSet]) -> ScalarSet { combination(of: sets) { $0 & $1 } }

    /// Combines pairs, then pairs of the results, so that many sets do not take quadratic time.
    private static func combination(of sets: [ScalarSet], _ mask: (UInt32, UInt32) -> UInt32) -> ScalarSet {
        var sets = sets
        while sets.count > 1 {
            sets = stride(from: 0, to: sets.count, by: 2).map {
                $0 + 1 < sets.count ? combination(of: sets[$0], sets[$0 + 1], mask) : sets[$0]
            }
        }
        return sets[0]
    }

    private static func combination(
        of first: ScalarSet, _ second: ScalarSet, _ mask: (UInt32, UInt32) -> UInt32
    ) -> ScalarSet {
        var (starts, masks): ([UInt32], [UInt32]) = ([], [])
        var (i, j) = (0, 0)
        while true {
            let value = mask(first.masks[i], second.masks[j])
            if masks.last != value {
                starts.append(max(first.starts[i], second.starts[j]))
                masks.append(value)
            }
            let next = (i + 1 < first.starts.count ? first.starts[i + 1] : .max, j + 1 < second.starts.count ? second.starts[j + 1] : .max)
            if next.0 == .max, next.1 == .max { return ScalarSet(starts: starts, masks: masks) }
            if next.0 <= next.1 { i += 1 }
            if next.1 <= next.0 { j += 1 }
        }
    }
}

extension ScalarSet {
    /// `.`
    static let anyButNewline = ScalarSet(ranges: [0xA...0xA]).negated
    /// `[\w]`: the alphabetic scalars, marks, decimal digits and connectors.
    static let word = ScalarSet(
        categories: ["L", "M", "Nd", "Nl", "Pc"].reduce(0) { $0 | ScalarCategory.mask(named: $1)! },
        ranges: [0x24B6...0x24E9, 0x1F130...0x1F149, 0x1F150...0x1F169, 0x1F170...0x1F189])
    /// `\w` outside brackets, where Oniguruma includes Latin-1's superscript digits and fractions.
    static let wordEscape = union(of: [word, ScalarSet(ranges: [0xB2...0xB3, 0xB9...0xB9, 0xBC...0xBE])])
}
