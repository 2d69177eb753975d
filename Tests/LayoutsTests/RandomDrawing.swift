import Layouts
import Tensors
import Testing

/// A random graph of cards and its layout.
struct RandomDrawing: CustomTestStringConvertible {
    let seed: UInt64
    let cards: [Size]
    let links: [LayeredLayout.Link]
    let order: [Double]
    let across: [Double]

    /// - Parameter backward: the share of links that may go from a card to an earlier one, or to itself.
    init(cards count: Int, links linkCount: Int, backward: Double = 0, seed: UInt64) {
        self.seed = seed
        var random = RandomBits(seed: seed)
        cards = (0..<count).map { _ in Size(width: .random(in: 30...180, using: &random), height: .random(in: 24...70, using: &random)) }
        // Many cards share a layer, as tokens do.
        order = (0..<count).map { _ in Double(Int.random(in: -1...6, using: &random)) }
        across = (0..<count).map { _ in .random(in: 0...10, using: &random) }
        let order = order
        links = (0..<linkCount).map { _ in
            let pair = (Int.random(in: 0..<count, using: &random), Int.random(in: 0..<count, using: &random))
            let isBackward = Double.random(in: 0..<1, using: &random) < backward
            return (order[pair.0], pair.0) < (order[pair.1], pair.1) || isBackward
                ? LayeredLayout.Link(from: pair.0, to: pair.1) : LayeredLayout.Link(from: pair.1, to: pair.0)
        }
    }

    /// Of all kinds: none to many cards and links, cycles, links to the same card, double ones, cards without any.
    static let all: [RandomDrawing] = [(1, 0, 0), (1, 2, 1), (2, 3, 1), (5, 4, 0), (12, 5, 0.2), (12, 40, 0), (40, 90, 0.1), (40, 20, 0), (80, 300, 0.3)]
        .enumerated().flatMap { number, kind in
            (0..<6).map { RandomDrawing(cards: kind.0, links: kind.1, backward: kind.2, seed: UInt64(100 * number + $0)) }
        }

    func layout(_ spacing: LayeredLayout.Spacing = LayeredLayout.Spacing()) -> LayeredLayout {
        LayeredLayout(cards: cards, links: links, order: order, across: across, spacing: spacing)
    }

    var testDescription: String { "\(cards.count) cards, \(links.count) links, seed \(seed)" }
}
