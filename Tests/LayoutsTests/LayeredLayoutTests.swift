import Layouts
import Testing

/// What holds for every graph.
@Suite struct LayeredLayoutTests {
    @Test(arguments: RandomDrawing.all) func `no two cards overlap, and all are as large as asked for`(_ drawing: RandomDrawing) {
        let layout = drawing.layout()
        #expect(layout.cards.map(\.size) == drawing.cards)
        for (a, first) in layout.cards.enumerated() {
            #expect(first.left > -0.001 && first.right < layout.size.width + 0.001 && first.top > -0.001 && first.bottom < layout.size.height + 0.001)
            for (b, second) in layout.cards.enumerated().dropFirst(a + 1) where layout.ranks[a] == layout.ranks[b] {
                let gap = max(second.left - first.right, first.left - second.right)
                #expect(gap > LayeredLayout.Spacing().cards - 0.001, "cards \(a) and \(b)")
            }
            for (b, second) in layout.cards.enumerated() where layout.ranks[a] < layout.ranks[b] {
                #expect(first.top - second.bottom > LayeredLayout.Spacing().ranks - 0.001, "cards \(a) and \(b)")
            }
        }
    }

    @Test(arguments: RandomDrawing.all) func `a route goes from its source to its target and touches no other card`(_ drawing: RandomDrawing) {
        let layout = drawing.layout()
        for (link, route) in zip(drawing.links, layout.routes) {
            let (source, target) = (layout.cards[link.source], layout.cards[link.target])
            #expect(isOnEdge(route[0], of: source) && isOnEdge(route[route.count - 1], of: target))
            for (start, end) in zip(route, route.dropFirst()) {
                // A curve that leaves and arrives vertically stays within the rectangle of its ends.
                let piece = (left: min(start.x, end.x), right: max(start.x, end.x), top: min(start.y, end.y), bottom: max(start.y, end.y))
                for (number, card) in layout.cards.enumerated() where number != link.source || link.source != link.target {
                    let isAcross = piece.right > card.left + 0.001 && piece.left < card.right - 0.001
                    #expect(!(isAcross && piece.bottom > card.top + 0.001 && piece.top < card.bottom - 0.001), "card \(number), \(link)")
                }
            }
        }
    }

    private func isOnEdge(_ point: Point, of card: Rectangle) -> Bool {
        let isAcross = (card.left...card.right).contains(point.x)
        return isAcross && (point.y == card.top || point.y == card.bottom) || point.x == card.right && (card.top...card.bottom).contains(point.y)
    }

    @Test(arguments: RandomDrawing.all) func `links go up, and down only where they close a cycle against the order`(_ drawing: RandomDrawing) {
        let ranks = drawing.layout().ranks
        let reaches = reachability(drawing)
        for link in drawing.links where link.source != link.target {
            let closesCycle = reaches[link.target][link.source]
            let isAgainst = (drawing.order[link.source], link.source) > (drawing.order[link.target], link.target)
            #expect((ranks[link.source] < ranks[link.target]) == !(closesCycle && isAgainst))
            #expect(ranks[link.source] != ranks[link.target])
        }
    }

    /// Whether one card can reach another. `[cards][cards]`.
    private func reachability(_ drawing: RandomDrawing) -> [[Bool]] {
        drawing.cards.indices.map { start in
            var reached = [Bool](repeating: false, count: drawing.cards.count)
            var open = [start]
            while let card = open.popLast() {
                for link in drawing.links where link.source == card && !reached[link.target] {
                    reached[link.target] = true
                    open.append(link.target)
                }
            }
            return reached
        }
    }

    @Test(arguments: RandomDrawing.all) func `the same graph is drawn in the same way`(_ drawing: RandomDrawing) {
        #expect(drawing.layout() == drawing.layout())
    }

    @Test(arguments: RandomDrawing.all) func `a rank is no wider than asked for`(_ drawing: RandomDrawing) {
        let layout = drawing.layout(LayeredLayout.Spacing(widestRank: 700))
        for rank in 0...(layout.ranks.max() ?? 0) {
            let cards = layout.ranks.indices.filter { layout.ranks[$0] == rank }
            // A rank is divided evenly, up to the width of a card.
            #expect(cards.reduce(0) { $0 + drawing.cards[$1].width + 28 } < 700 + 2 * 208)
        }
    }

    @Test func `tokens are at the bottom, logits at the top, and the others by their links`() {
        // 0 to 2 are tokens, 6 and 7 logits.
        let links = [(0, 3), (1, 3), (3, 4), (4, 6), (2, 5), (5, 6)].map { LayeredLayout.Link(from: $0.0, to: $0.1) }
        let layout = LayeredLayout(
            cards: [Size](repeating: Size(width: 60, height: 30), count: 8), links: links, order: [-1, -1, -1, 3, 9, 12, 20, 20],
            across: [0, 1, 2, 1, 1, 2, 2, 2])
        #expect(layout.ranks == [0, 0, 0, 1, 2, 2, 3, 3])
        #expect(layout.cards[0].top == layout.cards[2].top && layout.cards[6].top == 0)
    }

    @Test func `cards without links are put in rows by their order`() {
        let layout = LayeredLayout(
            cards: [Size](repeating: Size(width: 60, height: 30), count: 4), links: [], order: [0, 0, 5, 5], across: [1, 0, 0, 1])
        #expect(layout.ranks == [0, 0, 1, 1])
        #expect(layout.cards[1].right < layout.cards[0].left && layout.cards[2].right < layout.cards[3].left)
    }

    @Test func `nothing takes no room`() {
        let layout = LayeredLayout(cards: [], links: [], order: [], across: [])
        #expect(layout.cards.isEmpty && layout.routes.isEmpty && layout.size == Size(width: 0, height: 0))
    }

    @Test func `a chain is a straight line`() {
        let links = (0..<4).map { LayeredLayout.Link(from: $0, to: $0 + 1) } + [LayeredLayout.Link(from: 0, to: 4)]
        let layout = LayeredLayout(
            cards: [Size](repeating: Size(width: 60, height: 30), count: 5), links: links, order: [0, 1, 2, 3, 4], across: [0, 0, 0, 0, 0])
        #expect(Set(layout.cards.dropFirst().dropLast().map(\.center.x)).count == 1)
        // The long link passes the middle cards without a bend.
        #expect(Set(layout.routes[4].dropFirst(2).dropLast(2).map(\.x)).count == 1)
    }

    @Test func `links to a part of a card end there`() {
        let cards = [Size(width: 200, height: 30), Size(width: 60, height: 30), Size(width: 60, height: 30)]
        let links = [LayeredLayout.Link(from: 0, to: 1, leaves: 120...200), LayeredLayout.Link(from: 0, to: 2, leaves: 0...80)]
        let layout = LayeredLayout(cards: cards, links: links, order: [0, 1, 1], across: [0, 1, 0])
        #expect((120...200).contains(layout.routes[0][0].x - layout.cards[0].left) && (0...80).contains(layout.routes[1][0].x - layout.cards[0].left))
    }
}
