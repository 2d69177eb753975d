/// A directed graph drawn in ranks, each link's source below its target, with links that go round the cards: Sugiyama's method. The same
/// graph is always drawn in the same way.
package struct LayeredLayout: Sendable, Equatable {
    /// A link from one card to another, as indices of cards.
    package struct Link: Sendable, Equatable {
        package var source: Int
        package var target: Int
        /// The part of the source's edge, measured from its left end, where the link leaves; nil for all of it.
        package var leaves: ClosedRange<Double>?
        /// The same of the target, where it arrives.
        package var arrives: ClosedRange<Double>?

        package init(from source: Int, to target: Int, leaves: ClosedRange<Double>? = nil, arrives: ClosedRange<Double>? = nil) {
            (self.source, self.target, self.leaves, self.arrives) = (source, target, leaves, arrives)
        }
    }

    /// The space that stays free.
    package struct Spacing: Sendable, Equatable {
        /// Between cards of a rank.
        package var cards: Double
        /// Between ranks, at least: where links go far to the side it is more.
        package var ranks: Double
        /// Between links that pass a rank, and between links and cards.
        package var links: Double
        /// How wide a rank's cards may be together; those of a wider rank are put into several ranks.
        package var widestRank: Double

        package init(cards: Double = 28, ranks: Double = 46, links: Double = 14, widestRank: Double = .infinity) {
            (self.cards, self.ranks, self.links, self.widestRank) = (cards, ranks, links, widestRank)
        }
    }

    /// Where each card is. `[cards]`.
    package let cards: [Rectangle]
    /// Each card's rank, 0 at the bottom. `[cards]`.
    package let ranks: [Int]
    /// Each link's points from its source to its target. Between two points the link is either straight, up or down, or a curve that leaves
    /// and arrives vertically: then it stays between the two heights, where no card is. `[links]`.
    package let routes: [[Point]]
    /// Where each link is across at each rank from that of its source to that of its target; empty for one from a card to itself. `[links]`.
    package let columns: [[Double]]
    package let size: Size

    /// - Parameters:
    ///   - cards: their sizes. `[cards]`
    ///   - order: finite numbers: which of two cards is the lower one where links form a cycle, or where no link decides. Cards without
    ///     inputs that have the least are at the bottom, cards without outputs that have the most at the top. `[cards]`
    ///   - across: finite numbers: the order from left to right from which the search for few crossings begins. `[cards]`
    package init(cards sizes: [Size], links: [Link], order: [Double], across: [Double], spacing: Spacing = Spacing()) {
        precondition(order.count == sizes.count && across.count == sizes.count, "every card has a place in both orders")
        let ranking = Ranking(cards: sizes.count, links: links, order: order).splitting(sizes, order: order, across: across, spacing: spacing)
        var graph = RankedGraph(ranking, links: links, across: across)
        graph.reduceCrossings()
        let widths = graph.widths(of: sizes, links: links, spacing: spacing)
        let centers = Coordinates(graph, widths: widths, spacing: spacing).centers
        let drawing = Drawing(graph, centers: centers, sizes: sizes, links: links, spacing: spacing)
        (cards, ranks, routes, columns, size) = (drawing.cards, ranking.ranks, drawing.routes, drawing.columns, drawing.size)
    }
}
