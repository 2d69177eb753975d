/// Rectangles and routes, from the places of the nodes across.
struct Drawing {
    private(set) var cards: [Rectangle] = []
    private(set) var routes: [[Point]] = []
    private(set) var columns: [[Double]] = []
    private(set) var size = Size(width: 0, height: 0)

    private let graph: RankedGraph
    private let centers: [Double]
    private let links: [LayeredLayout.Link]
    private let spacing: LayeredLayout.Spacing
    /// The upper and lower edge of each rank.
    private var bands: [(top: Double, bottom: Double)] = []

    init(_ graph: RankedGraph, centers: [Double], sizes: [Size], links: [LayeredLayout.Link], spacing: LayeredLayout.Spacing) {
        (self.graph, self.centers, self.links, self.spacing) = (graph, centers, links, spacing)
        placeBands(sizes)
        cards = sizes.indices.map { card in
            let band = bands[graph.ranks[card]]
            return Rectangle(
                origin: Point(x: centers[card] - sizes[card].width / 2, y: (band.top + band.bottom - sizes[card].height) / 2), size: sizes[card])
        }
        let ports = ports()
        columns = zip(graph.chains, ports).enumerated().map { link, way in
            guard !way.0.isEmpty else { return [] }
            let columns = [way.1.low] + way.0.dropFirst().dropLast().map { centers[$0] } + [way.1.high]
            return graph.isReversed[link] ? columns.reversed() : columns
        }
        routes = links.indices.map { route($0, ports: ports[$0]) }
        let right = max(cards.map(\.right).max() ?? 0, routes.joined().map(\.x).max() ?? 0)
        size = Size(width: right, height: bands.first?.bottom ?? 0)
    }

    /// The top rank is at 0. Ranks are further apart where a link between them goes far to the side.
    private mutating func placeBands(_ sizes: [Size]) {
        let heights = graph.rows.map { row in row.map { graph.isCard($0) ? sizes[$0].height : 0 }.max() ?? 0 }
        let gaps = graph.rows.indices.dropLast().map { row in
            let farthest = graph.rows[row].flatMap { node in graph.above[node].map { abs(centers[$0] - centers[node]) } }.max() ?? 0
            return spacing.ranks + min(spacing.cards, 0.1 * farthest)
        }
        var y = 0.0
        for row in graph.rows.indices.reversed() {
            bands.append((y, y + heights[row]))
            y += heights[row] + (row > 0 ? gaps[row - 1] : 0)
        }
        bands.reverse()
    }

    // MARK: - Links

    /// Where a link touches its lower and its upper card.
    private typealias Ports = (low: Double, high: Double)

    /// Links that leave a card side by side keep apart and cross as little as their other ends do.
    private func ports() -> [Ports] {
        var ports = graph.chains.map { chain -> Ports in chain.isEmpty ? (0, 0) : (centers[chain[0]], centers[chain[chain.count - 1]]) }
        var (leaving, arriving) = ([[Int]](repeating: [], count: cards.count), [[Int]](repeating: [], count: cards.count))
        for (link, chain) in graph.chains.enumerated() where !chain.isEmpty {
            leaving[chain[0]].append(link)
            arriving[chain[chain.count - 1]].append(link)
        }
        for card in cards.indices {
            let next = leaving[card].map { link in (link, wanted: neighbor(graph.chains[link][1], of: ports[link].high)) }
            for (link, x) in separated(next, on: card, isLow: true) { ports[link].low = x }
        }
        for card in cards.indices {
            let next = arriving[card].map { link in (link, wanted: neighbor(graph.chains[link][graph.chains[link].count - 2], of: ports[link].low)) }
            for (link, x) in separated(next, on: card, isLow: false) { ports[link].high = x }
        }
        return ports
    }

    private func neighbor(_ node: Int, of port: Double) -> Double { graph.isCard(node) ? port : centers[node] }

    /// The places on a card's edge nearest to those wanted, apart from each other where there is room.
    private func separated(_ wanted: [(link: Int, wanted: Double)], on card: Int, isLow: Bool) -> [(Int, Double)] {
        // Links to different parts of a card do not mix.
        let spans = wanted.map { span(of: $0.link, on: card, isLow: isLow) }
        return Dictionary(grouping: wanted.indices) { spans[$0].lowerBound }.values.flatMap { group -> [(Int, Double)] in
            let span = spans[group[0]]
            let sorted = group.sorted { (wanted[$0].wanted, wanted[$0].link) < (wanted[$1].wanted, wanted[$1].link) }
            let gap = min(spacing.links, (span.upperBound - span.lowerBound) / Double(max(sorted.count - 1, 1)))
            return Array(zip(sorted.map { wanted[$0].link }, nearest(to: sorted.map { wanted[$0].wanted }, gap: gap, in: span)))
        }
    }

    /// The middle of the part of the card's edge that a link may touch.
    private func span(of link: Int, on card: Int, isLow: Bool) -> ClosedRange<Double> {
        let part = isLow != graph.isReversed[link] ? links[link].leaves : links[link].arrives
        let (left, right) = part.map { (cards[card].left + $0.lowerBound, cards[card].left + $0.upperBound) } ?? (cards[card].left, cards[card].right)
        let margin = min((right - left) * 0.12, 12)
        return left + margin...max(right - margin, left + margin)
    }

    private func route(_ link: Int, ports: Ports) -> [Point] {
        let chain = graph.chains[link]
        guard !chain.isEmpty else { return loop(at: links[link].source) }
        let (low, high) = (chain[0], chain[chain.count - 1])
        var points = [Point(x: ports.low, y: cards[low].top), Point(x: ports.low, y: bands[graph.ranks[low]].top)]
        for node in chain.dropFirst().dropLast() {
            let band = bands[graph.ranks[node]]
            points += [Point(x: centers[node], y: band.bottom), Point(x: centers[node], y: band.top)]
        }
        points += [Point(x: ports.high, y: bands[graph.ranks[high]].bottom), Point(x: ports.high, y: cards[high].bottom)]
        let distinct = points.indices.filter { $0 == 0 || points[$0] != points[$0 - 1] }.map { points[$0] }
        return graph.isReversed[link] ? distinct.reversed() : distinct
    }

    /// Out at the right and back.
    private func loop(at card: Int) -> [Point] {
        let rectangle = cards[card]
        let y = (rectangle.top + 0.25 * rectangle.size.height, rectangle.bottom - 0.25 * rectangle.size.height)
        return [
            Point(x: rectangle.right, y: y.0), Point(x: rectangle.right + 0.8 * spacing.links, y: rectangle.center.y), Point(x: rectangle.right, y: y.1),
        ]
    }
}

/// The numbers nearest to some that ascend, by least squares, at least `gap` apart, in a range: neighbours that are too close share the mean
/// of what they want.
private func nearest(to wanted: [Double], gap: Double, in range: ClosedRange<Double>) -> [Double] {
    var pools: [(sum: Double, count: Int)] = []
    for (index, value) in wanted.enumerated() {
        pools.append((value - Double(index) * gap, 1))
        while pools.count > 1, let last = pools.last, pools[pools.count - 2].sum / Double(pools[pools.count - 2].count) > last.sum / Double(last.count) {
            pools.removeLast()
            pools[pools.count - 1].sum += last.sum
            pools[pools.count - 1].count += last.count
        }
    }
    let values = pools.flatMap { pool in [Double](repeating: pool.sum / Double(pool.count), count: pool.count) }
    let most = max(range.lowerBound, range.upperBound - gap * Double(max(wanted.count - 1, 0)))
    return values.enumerated().map { min(max($1, range.lowerBound), most) + Double($0) * gap }
}
