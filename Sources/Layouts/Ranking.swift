/// A rank for every card such that no link connects cards of the same rank.
struct Ranking {
    /// 0 at the bottom. `[cards]`.
    private(set) var ranks: [Int]
    /// Whether a link goes down, against its direction, since it closes a cycle. `[links]`.
    let isReversed: [Bool]

    init(cards: Int, links: [LayeredLayout.Link], order: [Double]) {
        let components = stronglyConnectedComponents(cards, links)
        isReversed = links.map { link in
            components[link.source] == components[link.target] && (order[link.source], link.source) > (order[link.target], link.target)
        }
        var above = [[Int]](repeating: [], count: cards)
        var below = above
        for (link, isReversed) in zip(links, isReversed) where link.source != link.target {
            let (low, high) = isReversed ? (link.target, link.source) : (link.source, link.target)
            above[low].append(high)
            below[high].append(low)
        }
        ranks = Self.balanced(above: above, below: below, order: order)
    }

    // MARK: - Ranks

    /// Starts with the least rank of each card, then moves cards to where their links are short.
    private static func balanced(above: [[Int]], below: [[Int]], order: [Double]) -> [Int] {
        let sorted = topological(above: above, below: below)
        var ranks = [Int](repeating: 0, count: above.count)
        for card in sorted { for high in above[card] { ranks[high] = max(ranks[high], ranks[card] + 1) } }
        guard let (least, most) = order.min().flatMap({ least in order.max().map { (least, $0) } }), least < most else { return ranks }

        let isLinked = above.indices.map { !above[$0].isEmpty || !below[$0].isEmpty }
        // Cards without links are put between the others by their order, which takes some ranks.
        let room = isLinked.allSatisfy { $0 } ? 1 : min(Set(order).count, Int(Double(above.count).squareRoot().rounded(.up)))
        let top = max(ranks.max() ?? 0, room - 1)
        for card in sorted where above[card].isEmpty && order[card] == most { ranks[card] = top }
        func isFixed(_ card: Int) -> Bool { below[card].isEmpty && order[card] == least || above[card].isEmpty && order[card] == most }
        func wanted(_ card: Int) -> Int { Int(((order[card] - least) / (most - least) * Double(top)).rounded()) }

        for _ in 0..<8 {
            var isMoved = false
            for card in sorted.reversed() + sorted where !isFixed(card) {
                let lowest = (below[card].map { ranks[$0] }.max() ?? -1) + 1
                let highest = (above[card].map { ranks[$0] }.min() ?? top + 1) - 1
                let rank =
                    above[card].count > below[card].count
                    ? highest : above[card].count < below[card].count ? lowest : min(max(wanted(card), lowest), highest)
                if rank != ranks[card] { (ranks[card], isMoved) = (rank, true) }
            }
            if !isMoved { break }
        }
        return withoutEmptyRanks(ranks)
    }

    /// The cards, each after those below it.
    private static func topological(above: [[Int]], below: [[Int]]) -> [Int] {
        var waiting = below.map(\.count)
        var sorted = above.indices.filter { waiting[$0] == 0 }
        var next = 0
        while next < sorted.count {
            for high in above[sorted[next]] {
                waiting[high] -= 1
                if waiting[high] == 0 { sorted.append(high) }
            }
            next += 1
        }
        return sorted
    }

    private static func withoutEmptyRanks(_ ranks: [Int]) -> [Int] {
        let used = Set(ranks).sorted()
        let number = Dictionary(uniqueKeysWithValues: zip(used, used.indices))
        return ranks.map { number[$0]! }
    }

    // MARK: - Wide ranks

    /// The cards of a rank that would be too wide in several ranks: by their order, or where that is the same, in turn.
    func splitting(_ sizes: [Size], order: [Double], across: [Double], spacing: LayeredLayout.Spacing) -> Ranking {
        guard spacing.widestRank.isFinite else { return self }
        var result = self
        var next = 0
        for rank in 0...(ranks.max() ?? 0) {
            let cards = ranks.indices.filter { ranks[$0] == rank }.sorted { (across[$0], $0) < (across[$1], $1) }
            let width = cards.reduce(0) { $0 + sizes[$1].width + spacing.cards }
            let count = min(max(1, Int((width / spacing.widestRank).rounded(.up))), max(cards.count, 1))
            let orders = Set(cards.map { order[$0] })
            if orders.count < count {
                for (place, card) in cards.enumerated() { result.ranks[card] = next + place % count }
            } else {
                var used = 0.0
                for card in cards.sorted(by: { (order[$0], $0) < (order[$1], $1) }) {
                    result.ranks[card] = next + min(Int(used / width * Double(count)), count - 1)
                    used += sizes[card].width + spacing.cards
                }
            }
            next += count
        }
        result.ranks = Self.withoutEmptyRanks(result.ranks)
        return result
    }
}

/// The number of each card's component: cards of the same one can reach each other. Tarjan's algorithm, without recursion.
private func stronglyConnectedComponents(_ count: Int, _ links: [LayeredLayout.Link]) -> [Int] {
    var targets = [[Int]](repeating: [], count: count)
    for link in links { targets[link.source].append(link.target) }
    var component = [Int](repeating: -1, count: count)
    var number = component
    var low = component
    var open: [Int] = []
    var calls: [(card: Int, next: Int)] = []
    var (numbers, components) = (0, 0)

    for start in 0..<count where number[start] < 0 {
        calls.append((start, 0))
        while let (card, next) = calls.last {
            if next == 0 {
                number[card] = numbers
                low[card] = numbers
                numbers += 1
                open.append(card)
            }
            if next < targets[card].count {
                calls[calls.count - 1].next += 1
                let target = targets[card][next]
                if number[target] < 0 {
                    calls.append((target, 0))
                } else if component[target] < 0 {
                    low[card] = min(low[card], number[target])
                }
                continue
            }
            if low[card] == number[card] {
                while let member = open.popLast() {
                    component[member] = components
                    if member == card { break }
                }
                components += 1
            }
            calls.removeLast()
            if let caller = calls.last?.card { low[caller] = min(low[caller], low[card]) }
        }
    }
    return component
}
