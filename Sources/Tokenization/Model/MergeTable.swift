/// What pairs of tokens become, and how early. A hash table over plain slots, since looking up and filling in the merges is
/// half of reading a large file.
struct MergeTable: Sendable {
    /// What a pair becomes, and its line in the file.
    struct Merge: Sendable {
        var rank: Int32
        var id: Int32
    }

    private struct Slot {
        var left: Int32 = -1
        var right: Int32 = -1
        var merge = Merge(rank: 0, id: 0)
    }

    /// A power of two, at most three quarters full.
    private var slots: [Slot]
    private var count = 0
    /// Seeds the hash, so that no file can be crafted to make its pairs collide.
    private let seed = UInt64.random(in: .min ... .max)

    /// - Parameter capacity: how many pairs it will hold.
    init(capacity: Int) {
        var size = 16
        while 3 * size < 4 * capacity { size *= 2 }
        slots = [Slot](repeating: Slot(), count: size)
    }

    /// Sets what a pair becomes; the last value counts.
    mutating func set(_ left: Int32, _ right: Int32, to merge: Merge) {
        let slot = find(left, right)
        if slots[slot].left < 0 {
            count += 1
            precondition(4 * count <= 3 * slots.count, "a table that was made for fewer pairs")
        }
        slots[slot] = Slot(left: left, right: right, merge: merge)
    }

    func merge(_ left: Int32, _ right: Int32) -> Merge? {
        let slot = slots[find(left, right)]
        return slot.left < 0 ? nil : slot.merge
    }

    /// Where the pair is, or would go.
    private func find(_ left: Int32, _ right: Int32) -> Int {
        let key = UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: (key ^ seed).mixed) & mask
        while slots[slot].left >= 0, slots[slot].left != left || slots[slot].right != right { slot = (slot + 1) & mask }
        return slot
    }
}
