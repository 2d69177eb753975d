/// What is counted of one feature: how often it fires and how strongly, the strongest examples, and some at each strength below.
///
/// Tallies add up: the sum of those of several texts is that of all, whatever the order, to the last bit.
package struct FeatureTally: Sendable, Equatable {
    /// How many activations there are in a range.
    package struct Bin: Sendable, Equatable {
        package let range: ActivationBin
        package var count: Int
    }

    /// Positions where it fires, by activation, ascending.
    package internal(set) var histogram: [Bin] = []
    /// Its smallest activation; 0 if it never fires.
    package internal(set) var minimum: Float = 0
    /// In how many sequences it fires.
    package internal(set) var sequences = 0
    /// The strongest, strongest first, no two with the same text around the peak.
    package internal(set) var strongest: [Example] = []
    /// One for each of the strongest slots of peaks, strongest first; a slot is a quarter of a power of two. Of all in a slot, which one is in the
    /// tally depends only on a hash of the texts.
    package internal(set) var sampled: [Example] = []

    /// How many of the strongest are kept.
    package static let strongestCount = 20
    /// How many slots are kept: four powers of two.
    package static let slotCount = 16

    package init() {}

    /// Positions where it fires.
    package var firings: Int { histogram.reduce(0) { $0 + $1.count } }

    /// The largest activation; nil if it never fires.
    package var maximum: Float? { strongest.first?.activation }

    /// The activation that a share of its firings does not exceed, read off the histogram: linear within a range. nil if it never fires.
    package func quantile(_ share: Double) -> Float? {
        guard let maximum else { return nil }
        let wanted = share * Double(firings)
        var below = 0.0
        for bin in histogram {
            let count = Double(bin.count)
            if below + count >= wanted {
                let part = Float(max(0, wanted - below) / count)
                return min(bin.range.lower + part * (bin.range.upper - bin.range.lower), maximum)
            }
            below += count
        }
        return maximum
    }

    // MARK: - Adding

    mutating func count(_ activation: Float) {
        minimum = histogram.isEmpty ? activation : min(minimum, activation)
        let range = ActivationBin(activation)
        var (low, high) = (0, histogram.count)
        while low < high {
            let middle = (low + high) / 2
            if histogram[middle].range < range { low = middle + 1 } else { high = middle }
        }
        if low < histogram.count, histogram[low].range == range {
            histogram[low].count += 1
        } else {
            histogram.insert(Bin(range: range, count: 1), at: low)
        }
    }

    /// Whether an example with that peak would change the tally.
    func wants(_ activation: Float, context: UInt64) -> Bool {
        if strongest.count < Self.strongestCount || activation >= strongest[strongest.count - 1].activation { return true }
        let slot = Self.slot(of: activation)
        guard let known = sampled.first(where: { Self.slot(of: $0.activation) == slot }) else {
            return sampled.count < Self.slotCount || slot > Self.slot(of: sampled[sampled.count - 1].activation)
        }
        return context <= known.context
    }

    mutating func add(_ example: Example) {
        addToStrongest(example)
        addToSampled(example)
    }

    private mutating func addToStrongest(_ example: Example) {
        if let same = strongest.firstIndex(where: { $0.context == example.context }) {
            guard example.isStronger(than: strongest[same]) else { return }
            strongest.remove(at: same)
        }
        let rank = strongest.firstIndex { example.isStronger(than: $0) } ?? strongest.count
        guard rank < Self.strongestCount else { return }
        strongest.insert(example, at: rank)
        if strongest.count > Self.strongestCount { strongest.removeLast() }
    }

    private mutating func addToSampled(_ example: Example) {
        let slot = Self.slot(of: example.activation)
        let place = sampled.firstIndex { Self.slot(of: $0.activation) <= slot } ?? sampled.count
        if place < sampled.count, Self.slot(of: sampled[place].activation) == slot {
            if example.comesFirstInSample(before: sampled[place]) { sampled[place] = example }
        } else if place < Self.slotCount {
            sampled.insert(example, at: place)
            if sampled.count > Self.slotCount { sampled.removeLast() }
        }
    }

    /// A quarter of a power of two.
    private static func slot(of activation: Float) -> Int16 { ActivationBin(activation).number >> 1 }

    mutating func add(_ other: FeatureTally) {
        if !other.histogram.isEmpty { minimum = histogram.isEmpty ? other.minimum : min(minimum, other.minimum) }
        sequences += other.sequences
        histogram = Self.sum(histogram, other.histogram)
        for example in other.strongest { addToStrongest(example) }
        for example in other.sampled { addToSampled(example) }
    }

    private static func sum(_ a: [Bin], _ b: [Bin]) -> [Bin] {
        var (sum, i, j) = ([Bin](), 0, 0)
        sum.reserveCapacity(max(a.count, b.count))
        while i < a.count || j < b.count {
            if j == b.count || i < a.count && a[i].range < b[j].range {
                sum.append(a[i])
                i += 1
            } else if i == a.count || b[j].range < a[i].range {
                sum.append(b[j])
                j += 1
            } else {
                sum.append(Bin(range: a[i].range, count: a[i].count + b[j].count))
                (i, j) = (i + 1, j + 1)
            }
        }
        return sum
    }
}
