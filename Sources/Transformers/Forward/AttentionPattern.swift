/// How much every head reads from every position. Each row sums to 1, or, if the head has a sink, to 1 minus the sink's share.
///
/// The queries are at the last of the keys' positions, and none sees a later one.
public struct AttentionPattern: Sendable, Equatable {
    /// Number of query heads, n_heads.
    public let heads: Int
    /// Where each query's row is among the weights of a head.
    package let blocks: CausalBlocks
    /// The weights, one head after the other. `[heads, blocks.count]`.
    package internal(set) var weights: [Float]

    /// Creates a pattern that reads nothing.
    init(heads: Int, queries: Int, keys: Int) {
        let blocks = CausalBlocks(queries: queries, keys: keys)
        self.init(heads: heads, blocks: blocks, weights: [Float](repeating: 0, count: heads * blocks.count))
    }

    /// Creates a pattern from its weights as they are stored.
    ///
    /// - Precondition: there are `heads * blocks.count` weights.
    package init(heads: Int, blocks: CausalBlocks, weights: [Float]) {
        precondition(weights.count == heads * blocks.count, "the number of weights does not match the pattern's shape")
        self.heads = heads
        self.blocks = blocks
        self.weights = weights
    }

    /// Number of positions that read.
    public var queries: Int { blocks.queries }
    /// Number of positions that are read.
    public var keys: Int { blocks.keys }

    /// What one head reads at one query, from position 0 up to the query's own.
    public func row(head: Int, query: Int) -> ArraySlice<Float> {
        let start = head * blocks.count + blocks.row(query).lowerBound
        return weights[start...start + blocks.position(of: query)]
    }
}

/// Where the weights of one head of a causal pattern are: blocks of consecutive queries, each a dense matrix that is as wide as its last query
/// sees, so that what no query sees takes little room and a block is one product.
package struct CausalBlocks: Sendable, Equatable {
    package let queries: Int
    package let keys: Int

    /// The most queries of a block.
    package static let height = 128

    /// - Parameters:
    ///   - queries: they are at the last of the keys' positions.
    ///   - keys: not fewer than queries.
    package init(queries: Int, keys: Int) {
        precondition(queries <= keys, "\(queries) queries at the last of \(keys) positions")
        self.queries = queries
        self.keys = keys
    }

    /// A dense matrix `[queries.count, width]`.
    struct Block {
        let queries: Range<Int>
        /// The number of positions that its last query sees.
        let width: Int
        /// Where it begins among the weights of a head.
        let start: Int
    }

    /// The blocks, in order.
    var all: [Block] { (0..<(queries + Self.height - 1) / Self.height).map(block) }

    /// The number of weights.
    package var count: Int {
        guard let last = all.last else { return 0 }
        return last.start + last.queries.count * last.width
    }

    /// The place of a query's row, which is as wide as its block.
    func row(_ query: Int) -> Range<Int> {
        let block = block(query / Self.height)
        let start = block.start + (query - block.queries.lowerBound) * block.width
        return start..<start + block.width
    }

    /// The position of a query, which is the last one that it sees.
    func position(of query: Int) -> Int { keys - queries + query }

    private func block(_ number: Int) -> Block {
        let (first, earlier) = (number * Self.height, keys - queries)
        let end = min(first + Self.height, queries)
        // Those before are full: of height * (earlier + height), height * (earlier + 2 height), ... weights.
        return Block(queries: first..<end, width: earlier + end, start: first * earlier + first * (first + Self.height) / 2)
    }
}

extension AttentionPattern {
    /// The rows of some patterns of the same heads, one pattern after the other. Each row stays at its position.
    private init(keys: Int, rows parts: [(pattern: AttentionPattern, queries: Range<Int>)]) {
        self.init(heads: parts[0].pattern.heads, queries: parts.reduce(0) { $0 + $1.queries.count }, keys: keys)
        weights.withUnsafeMutableBufferPointer { mine in
            for head in 0..<heads {
                var query = 0
                for (pattern, queries) in parts {
                    pattern.weights.withUnsafeBufferPointer { theirs in
                        for other in queries {
                            let (to, from) = (blocks.row(query), pattern.blocks.row(other))
                            // Whichever is shorter has all that the query sees.
                            (mine.baseAddress! + head * blocks.count + to.lowerBound).update(
                                from: theirs.baseAddress! + head * pattern.blocks.count + from.lowerBound, count: min(to.count, from.count))
                            query += 1
                        }
                    }
                }
            }
        }
    }

    /// The rows of query `first` and those after it.
    public func queries(from first: Int) -> AttentionPattern { AttentionPattern(keys: keys, rows: [(self, first..<queries)]) }

    /// How much the first positions read from each other, of a pattern of all.
    func beginning(_ count: Int) -> AttentionPattern { AttentionPattern(keys: count, rows: [(self, 0..<count)]) }

    /// The pattern of these positions and those that follow them, which read from all.
    func continued(by later: AttentionPattern) -> AttentionPattern {
        AttentionPattern(keys: later.keys, rows: [(self, 0..<queries), (later, 0..<later.queries)])
    }

    /// The pattern with the rows of query `first` and those after it taken from another pattern.
    public func replacing(from first: Int, by later: AttentionPattern) -> AttentionPattern {
        AttentionPattern(keys: keys, rows: [(self, 0..<first), (later, 0..<later.queries)])
    }

    /// The pattern with the first queries' rows taken from another run, which may have fewer keys.
    func keeping(_ kept: AttentionPattern?) -> AttentionPattern {
        guard let kept else { return self }
        return AttentionPattern(keys: keys, rows: [(kept, 0..<kept.queries), (self, kept.queries..<queries)])
    }
}
