/// A binary heap of ranks and positions: the lowest rank first, of equal ranks the leftmost position.
struct MergeQueue {
    private var heap: [UInt64] = []

    mutating func insert(rank: Int32, position: Int) {
        heap.append(UInt64(rank) << 32 | UInt64(position))
        var child = heap.count - 1
        while child > 0, heap[child] < heap[(child - 1) / 2] {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func removeFirst() -> (rank: Int32, position: Int)? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        return (Int32(first >> 32), Int(first & 0xFFFF_FFFF))
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var smallest = 2 * parent + 1
            guard smallest < heap.count else { return }
            if smallest + 1 < heap.count, heap[smallest + 1] < heap[smallest] { smallest += 1 }
            guard heap[smallest] < heap[parent] else { return }
            heap.swapAt(smallest, parent)
            parent = smallest
        }
    }
}
