/// Byte pair encoding: the pair of a word's tokens with the lowest rank, leftmost first, becomes one token, until no pair
/// merges.
struct BytePairMerger: Sendable {
    let merges: MergeTable

    /// Buffers for one word, reused for the next.
    struct MergeBuffer {
        /// A token and its neighbours; `id` is -1 once it is part of the token to its left.
        fileprivate struct Symbol {
            var id: Int32
            var previous: Int32
            var next: Int32
            /// How this token merges with the next; nil if it does not.
            var merge: MergeTable.Merge?
        }

        fileprivate var symbols: [Symbol] = []
        fileprivate var queue = MergeQueue()
    }

    /// Appends what the tokens of a word become.
    /// - Complexity: O(n log n) for n tokens.
    func merge(_ word: [Int32], into ids: inout [Int], buffer: inout MergeBuffer) {
        start(word, &buffer)
        while let (rank, position) = buffer.queue.removeFirst() {
            // An entry is stale if a neighbour was merged after it was queued.
            guard let merge = buffer.symbols[position].merge, merge.rank == rank else { continue }
            apply(merge, at: position, &buffer)
        }
        for symbol in buffer.symbols where symbol.id >= 0 { ids.append(Int(symbol.id)) }
    }

    private func start(_ word: [Int32], _ buffer: inout MergeBuffer) {
        buffer.symbols.removeAll(keepingCapacity: true)
        for (position, id) in word.enumerated() {
            buffer.symbols.append(
                .init(id: id, previous: Int32(position) - 1, next: Int32(position) + 1, merge: nil))
        }
        for position in buffer.symbols.indices.dropLast() { update(position, &buffer) }
    }

    private func apply(_ merge: MergeTable.Merge, at position: Int, _ buffer: inout MergeBuffer) {
        let right = Int(buffer.symbols[position].next)
        let next = buffer.symbols[right].next
        buffer.symbols[right].id = -1
        buffer.symbols[right].merge = nil
        buffer.symbols[position].id = merge.id
        buffer.symbols[position].next = next
        if next < buffer.symbols.count { buffer.symbols[Int(next)].previous = Int32(position) }
        update(position, &buffer)
        let previous = buffer.symbols[position].previous
        if previous >= 0 { update(Int(previous), &buffer) }
    }

    /// Looks up how the token at `position` merges with the next, and queues it.
    private func update(_ position: Int, _ buffer: inout MergeBuffer) {
        let next = Int(buffer.symbols[position].next)
        guard next < buffer.symbols.count else {
            buffer.symbols[position].merge = nil
            return
        }
        let merge = merges.merge(buffer.symbols[position].id, buffer.symbols[next].id)
        buffer.symbols[position].merge = merge
        if let merge { buffer.queue.insert(rank: merge.rank, position: position) }
    }
}
