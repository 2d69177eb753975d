internal import Foundation

/// Token texts and their ids, both ways. Texts are the file's own, in UTF-8: byte-level letters are not resolved here.
///
/// A hash table over one run of bytes: a `Dictionary` of 128,000 small arrays would take longer to build than everything else.
struct Vocabulary: Sendable {
    private var texts: [UInt8] = []
    /// Where each entry's text ends in `texts`.
    private var ends: [UInt32] = []
    private var ids: [Int32] = []
    private var entries: [Int32: Int32] = [:]
    /// By hash; a power of two, at most half full.
    private var slots: [Slot]
    /// Seeds the hash, so that no file can be crafted to make its tokens collide.
    private let seed = UInt64.random(in: .min ... .max)

    private struct Slot {
        /// Index into `ids` and `ends`; -1 where free.
        var entry: Int32 = -1
        /// More bits of the hash, which avoid most comparisons of different texts.
        var tag: UInt32 = 0
    }

    var count: Int { ids.count }
    private(set) var highestID: Int32 = -1

    /// - Parameter capacity: how many entries it will hold.
    init(capacity: Int) {
        var size = 16
        while size < 2 * capacity { size *= 2 }
        slots = [Slot](repeating: Slot(), count: size)
        entries.reserveCapacity(capacity)
        ids.reserveCapacity(capacity)
        ends.reserveCapacity(capacity)
    }

    enum Insertion {
        case inserted
        case textExists(id: Int32)
        case idExists
    }

    /// Adds a token, unless its text or its id is there already.
    mutating func insert(_ text: ArraySlice<UInt8>, id: Int32) -> Insertion {
        precondition(2 * ids.count < slots.count, "a vocabulary that was made for fewer entries")
        let (slot, tag) = find(text)
        guard slots[slot].entry < 0 else { return .textExists(id: ids[Int(slots[slot].entry)]) }
        guard entries.updateValue(Int32(ids.count), forKey: id) == nil else { return .idExists }
        slots[slot] = Slot(entry: Int32(ids.count), tag: tag)
        texts.append(contentsOf: text)
        ends.append(UInt32(texts.count))
        ids.append(id)
        highestID = max(highestID, id)
        return .inserted
    }

    func id(of text: ArraySlice<UInt8>) -> Int32? {
        let entry = slots[find(text).slot].entry
        return entry < 0 ? nil : ids[Int(entry)]
    }

    func text(of id: Int32) -> ArraySlice<UInt8>? {
        entries[id].map { text(ofEntry: Int($0)) }
    }

    /// Every token's text, in the file's order.
    var allTexts: some Sequence<ArraySlice<UInt8>> {
        ids.indices.lazy.map { text(ofEntry: $0) }
    }

    private func text(ofEntry entry: Int) -> ArraySlice<UInt8> {
        texts[range(ofEntry: entry)]
    }

    private func range(ofEntry entry: Int) -> Range<Int> {
        (entry == 0 ? 0 : Int(ends[entry - 1]))..<Int(ends[entry])
    }

    /// Where `text` is in `slots`, or would go, and its tag.
    private func find(_ text: ArraySlice<UInt8>) -> (slot: Int, tag: UInt32) {
        let hash = hash(of: text)
        let tag = UInt32(truncatingIfNeeded: hash >> 32)
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot].entry >= 0 {
            if slots[slot].tag == tag, equals(text, entry: Int(slots[slot].entry)) { break }
            slot = (slot + 1) & mask
        }
        return (slot, tag)
    }

    /// Eight bytes at a time.
    private func hash(of text: ArraySlice<UInt8>) -> UInt64 {
        text.withUnsafeBytes { bytes in
            var hash = seed ^ UInt64(bytes.count)
            var offset = 0
            while offset + 8 <= bytes.count {
                hash = (hash ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)).mixed
                offset += 8
            }
            var rest: UInt64 = 0
            for byte in bytes[offset...] { rest = rest << 8 | UInt64(byte) }
            return (hash ^ rest).mixed
        }
    }

    private func equals(_ text: ArraySlice<UInt8>, entry: Int) -> Bool {
        let range = range(ofEntry: entry)
        guard range.count == text.count else { return false }
        return texts.withUnsafeBytes { stored in
            text.withUnsafeBytes { wanted in
                range.isEmpty || memcmp(stored.baseAddress! + range.lowerBound, wanted.baseAddress!, range.count) == 0
            }
        }
    }
}
