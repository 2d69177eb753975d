internal import Layouts

/// Where the cards and links of a figure are, from 0 on. A card that replaces another is beside it.
struct CircuitLayout {
    /// `[cards]`.
    let cards: [Rectangle]
    /// 0 at the bottom. `[cards]`.
    let ranks: [Int]
    /// Links between two cards that exist, by size, the smallest first. There is no room for one between a card and what replaces it.
    let links: [CircuitFigure.Link]
    /// `[links]`.
    let routes: [[Point]]
    /// Where each link is across at each rank from that of its source to that of its target. `[links]`.
    let columns: [[Double]]
    /// Cards side by side, of which the second takes the place of the first.
    let replacements: [(old: Int, new: Int)]
    let size: Size

    /// - Parameters:
    ///   - sizes: of the cards. `[cards]`
    ///   - gap: between a card and its replacement
    init(_ figure: CircuitFigure, sizes: [Size], gap: Double, spacing: LayeredLayout.Spacing) {
        let groups = Self.groups(figure.cards)
        var place = [(group: Int, offset: Double)](repeating: (0, 0), count: sizes.count)
        var groupSizes: [Size] = []
        for (number, group) in groups.enumerated() {
            var offset = 0.0
            for card in group {
                place[card] = (number, offset)
                offset += sizes[card].width + gap
            }
            groupSizes.append(Size(width: offset - gap, height: group.map { sizes[$0].height }.max()!))
        }
        let shown = figure.links.filter { link in
            let (source, target) = (link.source, link.target)
            guard figure.cards.indices.contains(source), figure.cards.indices.contains(target), link.weight.isFinite else { return false }
            return source == target || place[source].group != place[target].group
        }
        links = shown.indices.sorted { (abs(shown[$0].weight), $0) < (abs(shown[$1].weight), $1) }.map { shown[$0] }
        func span(_ card: Int) -> ClosedRange<Double>? {
            groups[place[card].group].count == 1 ? nil : place[card].offset...place[card].offset + sizes[card].width
        }
        let layout = LayeredLayout(
            cards: groupSizes,
            links: links.map {
                LayeredLayout.Link(from: place[$0.source].group, to: place[$0.target].group, leaves: span($0.source), arrives: span($0.target))
            },
            order: groups.map { finite(figure.cards[$0[0]].layer) }, across: groups.map { finite(figure.cards[$0[0]].position) }, spacing: spacing)
        cards = sizes.indices.map { card in
            let group = layout.cards[place[card].group]
            return Rectangle(
                origin: Point(x: group.left + place[card].offset, y: group.top), size: Size(width: sizes[card].width, height: group.size.height))
        }
        replacements = groups.flatMap { group in zip(group, group.dropFirst()).map { (old: $0, new: $1) } }
        ranks = place.map { layout.ranks[$0.group] }
        (routes, columns, size) = (layout.routes, layout.columns, layout.size)
    }

    /// Each card with those that replace it, by the first.
    private static func groups(_ cards: [CircuitFigure.Card]) -> [[Int]] {
        func replaced(_ card: Int) -> Int? {
            guard let old = cards[card].replaces, cards.indices.contains(old), old != card, cards[old].replaces == nil else { return nil }
            return old
        }
        let replacements = Dictionary(grouping: cards.indices.filter { replaced($0) != nil }) { replaced($0)! }
        return cards.indices.filter { replaced($0) == nil }.map { [$0] + (replacements[$0] ?? []) }
    }
}

/// What is not a number is at the beginning.
private func finite(_ value: Float) -> Double { value.isFinite ? Double(value) : 0 }
