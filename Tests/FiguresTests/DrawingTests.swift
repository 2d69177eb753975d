import Figures
import ShownText
import Testing

/// Laws of circuits drawn with characters.
@Suite struct DrawingTests {
    @Test(arguments: NamedFigure.all) func `no line is wider than the terminal, and nothing steers it`(_ named: NamedFigure) {
        for width in [24, 40, 80, 140] {
            for isUnicode in [true, false] {
                for line in named.figure.text(width: width, isUnicode: isUnicode) {
                    let text = line.map(\.text).joined()
                    #expect(text.displayWidth <= width, "\(width): \(text)")
                    #expect(!text.unicodeScalars.contains { $0.steersTerminal }, "\(text)")
                }
            }
        }
    }

    @Test(arguments: NamedFigure.random) func `every card is shown by its name`(_ named: NamedFigure) {
        let figure = named.figure
        for width in [40, 140] {
            let text = figure.text(width: width, isUnicode: true).map { $0.map(\.text).joined() }.joined(separator: "\n")
            for card in figure.cards { #expect(text.contains(card.name), "\(card.name)\n\(text)") }
        }
    }

    @Test func `a small circuit is boxes and lines, with what was done and how active each is`() {
        var figure = CircuitFigure(prompt: "p", target: nil, outputs: [], cards: [], links: [])
        figure.cards = [
            .init(name: "Texas", kind: .supernode, badge: "−2x", isFaded: true, layer: 0, position: 0),
            .init(name: "say Austin", kind: .supernode, activation: 0.04, layer: 5, position: 1),
        ]
        figure.links = [.init(source: 0, target: 1, weight: 0.4)]
        let lines = figure.text(width: 80, isUnicode: true).map { $0.map(\.text).joined() }
        #expect(
            lines == [
                "┌────────────┐", "│ say Austin │", "│     4%     │", "└────────────┘", "       ▲", "       ┃", "   ┌───────┐", "   │ Texas │", "   │  −2x  │",
                "   └───────┘",
            ])
    }
}
