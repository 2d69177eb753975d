/// Byte pair encoding of one word: bytes become tokens, and the pair with the lowest rank, leftmost first, becomes
/// one token until no pair is left that merges.
struct BytePairMerger: Sendable {
    /// What a pair of tokens becomes, and how early: its line in the file.
    struct Merge: Sendable {
        var rank: Int32
        var id: Int32
    }

    /// By `key(left, right)`.
    let merges: [UInt64: Merge]
    /// The token of each byte. `[256]`
    let byteIDs: [Int32]

    static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    /// Room for one word, used again for the next.
    struct Workspace {
        /// A token and its neighbours; `id` is -1 once it is part of the token to its left.
        struct Symbol {
            var id: Int32
            var previous: Int
            var next: Int
            /// How this token merges with the next; nil where it does not.
            var merge: Merge?
        }

        var symbols: [Symbol] = []
        var queue = MergeQueue()
    }

    /// Appends the tokens of `word`.
    /// - Complexity: O(n log n) for n bytes.
    func encode(_ word: ArraySlice<UInt8>, into ids: inout [Int], workspace: inout Workspace) {
        start(word, &workspace)
        while let (rank, position) = workspace.queue.removeFirst() {
            // An entry is stale when a neighbour was merged after it was queued.
            guard let merge = workspace.symbols[position].merge, merge.rank == rank else { continue }
            apply(merge, at: position, &workspace)
        }
        for symbol in workspace.symbols where symbol.id >= 0 { ids.append(Int(symbol.id)) }
    }

    private func start(_ word: ArraySlice<UInt8>, _ workspace: inout Workspace) {
        workspace.symbols.removeAll(keepingCapacity: true)
        for (position, byte) in word.enumerated() {
            workspace.symbols.append(
                .init(id: byteIDs[Int(byte)], previous: position - 1, next: position + 1, merge: nil))
        }
        for position in workspace.symbols.indices.dropLast() { update(position, &workspace) }
    }

    private func apply(_ merge: Merge, at position: Int, _ workspace: inout Workspace) {
        let right = workspace.symbols[position].next
        let next = workspace.symbols[right].next
        workspace.symbols[right].id = -1
        workspace.symbols[right].merge = nil
        workspace.symbols[position].id = merge.id
        workspace.symbols[position].next = next
        if next < workspace.symbols.count { workspace.symbols[next].previous = position }
        update(position, &workspace)
        let previous = workspace.symbols[position].previous
        if previous >= 0 { update(previous, &workspace) }
    }

    /// Looks up how the token at `position` merges with the next, and queues it.
    private func update(_ position: Int, _ workspace: inout Workspace) {
        let next = workspace.symbols[position].next
        guard next < workspace.symbols.count else {
            workspace.symbols[position].merge = nil
            return
        }
        let merge = merges[Self.key(workspace.symbols[position].id, workspace.symbols[next].id)]
        workspace.symbols[position].merge = merge
        if let merge { workspace.queue.insert(rank: merge.rank, position: position) }
    }
}
