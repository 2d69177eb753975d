@testable import Layouts
import Testing

@Suite struct CrossingTests {
    private func graph(_ drawing: RandomDrawing) -> RankedGraph {
        RankedGraph(Ranking(cards: drawing.cards.count, links: drawing.links, order: drawing.order), links: drawing.links, across: drawing.across)
    }

    @Test(arguments: RandomDrawing.all) func `reduction gives no more crossings than the beginning has`(_ drawing: RandomDrawing) {
        var graph = graph(drawing)
        let (before, nodes) = (graph.crossings, graph.rows.map(Set.init))
        graph.reduceCrossings()
        #expect(graph.crossings <= before && graph.rows.map(Set.init) == nodes)
        if before > 40 { #expect(graph.crossings < before) }
    }

    @Test(arguments: RandomDrawing.all) func `crossings are counted as pair by pair`(_ drawing: RandomDrawing) {
        let graph = graph(drawing)
        let segments = graph.rows.joined().flatMap { low in graph.above[low].map { (low, $0) } }
        var count = 0
        for (number, a) in segments.enumerated() {
            for b in segments.dropFirst(number + 1) where graph.ranks[a.0] == graph.ranks[b.0] {
                let (low, high) = (graph.places[a.0] - graph.places[b.0], graph.places[a.1] - graph.places[b.1])
                if low * high < 0 { count += 1 }
            }
        }
        #expect(graph.crossings == count)
    }

    /// A binary tree and a grid, each in a muddled order.
    @Test func `graphs that can be drawn without crossings are`() {
        let tree = (1..<15).map { card in LayeredLayout.Link(from: card, to: (card - 1) / 2) }
        let depths: [Double] = [0, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3]
        #expect(crossings(tree, order: depths.map { 3 - $0 }, across: (0..<15).map { card in Double(card * 7 % 15) }) == 0)

        // Each card is below the one above it and, but for the last of a row, the next.
        var grid: [LayeredLayout.Link] = []
        for card in 0..<12 {
            grid.append(LayeredLayout.Link(from: card, to: card + 4))
            if card % 4 < 3 { grid.append(LayeredLayout.Link(from: card, to: card + 5)) }
        }
        #expect(crossings(grid, order: (0..<16).map { card in Double(card / 4) }, across: (0..<16).map { card in Double(card * 5 % 16) }) == 0)
    }

    private func crossings(_ links: [LayeredLayout.Link], order: [Double], across: [Double]) -> Int {
        var graph = RankedGraph(Ranking(cards: order.count, links: links, order: order), links: links, across: across)
        graph.reduceCrossings()
        return graph.crossings
    }
}
