/// Cards, and a node for each rank that a link passes, in an order from left to right within each rank. Links between neighbouring ranks are
/// its segments.
struct RankedGraph {
    /// The nodes after the cards are those of links: `chains[link][1 ..< count - 1]`; a chain goes up.
    let cardCount: Int
    /// The nodes along each link from the lower card to the upper one; empty for a link from a card to itself. `[links]`.
    let chains: [[Int]]
    let isReversed: [Bool]
    /// `[nodes]`.
    let ranks: [Int]
    /// The nodes of each rank from left to right.
    private(set) var rows: [[Int]]
    /// Each node's place in its row. `[nodes]`.
    private(set) var places: [Int]
    /// The neighbours of each node in the rank above, and in the one below, as often as there are segments.
    let above: Neighbors
    let below: Neighbors

    init(_ ranking: Ranking, links: [LayeredLayout.Link], across: [Double]) {
        var ranks = ranking.ranks
        var across = across
        var segments: [(low: Int, high: Int)] = []
        chains = zip(links, ranking.isReversed).map { link, isReversed in
            if link.source == link.target { return [] }
            let (low, high) = isReversed ? (link.target, link.source) : (link.source, link.target)
            var chain = [low]
            for rank in ranks[low] + 1..<ranks[high] {
                let share = Double(rank - ranks[low]) / Double(ranks[high] - ranks[low])
                chain.append(ranks.count)
                ranks.append(rank)
                across.append(across[low] + share * (across[high] - across[low]))
            }
            chain.append(high)
            segments += zip(chain, chain.dropFirst()).map { ($0, $1) }
            return chain
        }
        cardCount = ranking.ranks.count
        isReversed = ranking.isReversed
        above = Neighbors(ranks.count, segments)
        below = Neighbors(ranks.count, segments.map { ($0.high, $0.low) })
        rows = [[Int]](repeating: [], count: (ranks.max() ?? -1) + 1)
        for node in ranks.indices.sorted(by: { (across[$0], $0) < (across[$1], $1) }) { rows[ranks[node]].append(node) }
        places = [Int](repeating: 0, count: ranks.count)
        self.ranks = ranks
        for row in rows.indices { setPlaces(row) }
    }

    func isCard(_ node: Int) -> Bool { node < cardCount }

    /// The segments to the next rank in one direction.
    func neighbors(_ direction: Direction) -> Neighbors { direction == .up ? above : below }

    enum Direction { case up, down }

    /// The width that each node needs. `[nodes]`.
    func widths(of sizes: [Size], links: [LayeredLayout.Link], spacing: LayeredLayout.Spacing) -> [Double] {
        // Where many links pass a rank they run closer together, so that it does not become many times wider than the cards need.
        let cards = rows.map { row in row.reduce(0) { $0 + (isCard($1) ? sizes[$1].width + spacing.cards : 0) } }
        let room = zip(rows, cards).map { row, width -> Double in
            let passing = row.count { !isCard($0) }
            return passing == 0 ? .infinity : max((cards.max() ?? 0) * 1.5 - width, spacing.links) / Double(passing)
        }
        let passing = rows.indices.map { min(spacing.links, max(room[$0], spacing.links / 8)) }
        var widths = ranks.indices.map { isCard($0) ? sizes[$0].width : passing[ranks[$0]] }
        // A link from a card to itself goes out at the side; both sides, since a card is in the middle of its place.
        for card in Set(links.filter { $0.source == $0.target }.map(\.source)) { widths[card] += 2 * spacing.links }
        return widths
    }

    // MARK: - Orders

    mutating func setRow(_ row: Int, _ nodes: [Int]) {
        rows[row] = nodes
        setPlaces(row)
    }

    mutating func swap(_ row: Int, _ place: Int) {
        rows[row].swapAt(place, place + 1)
        places[rows[row][place]] = place
        places[rows[row][place + 1]] = place + 1
    }

    private mutating func setPlaces(_ row: Int) {
        for (place, node) in rows[row].enumerated() { places[node] = place }
    }
}

/// Lists of nodes for each node, in one array.
struct Neighbors {
    private let starts: [Int]
    private let nodes: [Int]

    init(_ count: Int, _ pairs: [(Int, Int)]) {
        var starts = [Int](repeating: 0, count: count + 1)
        for pair in pairs { starts[pair.0 + 1] += 1 }
        for node in 0..<count { starts[node + 1] += starts[node] }
        var nodes = [Int](repeating: 0, count: pairs.count)
        var next = starts
        for pair in pairs {
            nodes[next[pair.0]] = pair.1
            next[pair.0] += 1
        }
        (self.starts, self.nodes) = (starts, nodes)
    }

    subscript(node: Int) -> ArraySlice<Int> { nodes[starts[node]..<starts[node + 1]] }
}
