/// Byte pair encoding: of a word's tokens the pair with the lowest rank, leftmost first, becomes one token until no pair is
/// left that merges.
struct BytePairMerger: Sendable {
    let merges: MergeTable

    /// Room for one word, used again for the next.
    struct Workspace {
        /// A token and its neighbours; `id` is -1 once it is part of the token to its left.
        fileprivate struct Symbol {
            var id: Int32
            var previous: Int32
            var next: Int32
            /// How this token merges with the next; nil where it does not.
            var merge: MergeTable.Merge?
        }

        fileprivate var symbols: [Symbol] = []
        fileprivate var queue = MergeQueue()
    }

    /// Appends what the tokens of a word become.
    /// - Complexity: O(n log n) for n tokens.
    func merge(_ word: [Int32], into ids: inout [Int], workspace: inout Workspace) {
        start(word, &workspace)
        while let (rank, position) = workspace.queue.removeFirst() {
            // An entry is stale when a neighbour was merged after it was queued.
            guard let merge = workspace.symbols[position].merge, merge.rank == rank else { continue }
            apply(merge, at: position, &workspace)
        }
        for symbol in workspace.symbols where symbol.id >= 0 { ids.append(Int(symbol.id)) }
    }

    private func start(_ word: [Int32], _ workspace: inout Workspace) {
        workspace.symbols.removeAll(keepingCapacity: true)
        for (position, id) in word.enumerated() {
            workspace.symbols.append(
                .init(id: id, previous: Int32(position) - 1, next: Int32(position) + 1, merge: nil))
        }
        for position in workspace.symbols.indices.dropLast() { update(position, &workspace) }
    }

    private func apply(_ merge: MergeTable.Merge, at position: Int, _ workspace: inout Workspace) {
        let right = Int(workspace.symbols[position].next)
        let next = workspace.symbols[right].next
        workspace.symbols[right].id = -1
        workspace.symbols[right].merge = nil
        workspace.symbols[position].id = merge.id
        workspace.symbols[position].next = next
        if next < workspace.symbols.count { workspace.symbols[Int(next)].previous = Int32(position) }
        update(position, &workspace)
        let previous = workspace.symbols[position].previous
        if previous >= 0 { update(Int(previous), &workspace) }
    }

    /// Looks up how the token at `position` merges with the next, and queues it.
    private func update(_ position: Int, _ workspace: inout Workspace) {
        let next = Int(workspace.symbols[position].next)
        guard next < workspace.symbols.count else {
            workspace.symbols[position].merge = nil
            return
        }
        let merge = merges.merge(workspace.symbols[position].id, workspace.symbols[next].id)
        workspace.symbols[position].merge = merge
        if let merge { workspace.queue.insert(rank: merge.rank, position: position) }
    }
}
