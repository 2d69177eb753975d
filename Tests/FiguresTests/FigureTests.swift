import Figures
import Testing

/// Laws of every figure, read back from its SVG.
@Suite struct FigureTests {
    @Test(arguments: NamedFigure.all) func `every text is within one card or touches none, and within the picture`(_ named: NamedFigure) throws {
        let drawn = try DrawnFigure(named.figure.svg())
        let cards = drawn.boxes.filter(\.hasBorder)
        for line in drawn.lines {
            let (top, bottom) = (line.baseline - 0.75 * line.size, line.baseline + 0.2 * line.size)
            #expect(line.left > 0 && line.right < drawn.width && top > 0 && bottom < drawn.height, "\(line.text)")
            for card in cards where line.right > card.left && line.left < card.right && bottom > card.top && top < card.bottom {
                let isWithin = line.left > card.left + 4 && line.right < card.right - 4 && top > card.top && bottom < card.bottom
                #expect(isWithin, "\(line) in \(card)")
            }
        }
    }

    @Test(arguments: NamedFigure.all) func `no two texts overlap`(_ named: NamedFigure) throws {
        let lines = try DrawnFigure(named.figure.svg()).lines
        for (number, a) in lines.enumerated() {
            for b in lines.dropFirst(number + 1) where abs(a.baseline - b.baseline) < 0.7 * min(a.size, b.size) {
                #expect(a.right <= b.left + 0.1 || b.right <= a.left + 0.1, "\(a) and \(b)")
            }
        }
    }

    /// Names of random figures say which card is which.
    @Test(arguments: NamedFigure.random) func `a link goes from edge to edge, and its whole width keeps off every other card`(_ named: NamedFigure) throws {
        let figure = named.figure
        let drawn = try DrawnFigure(figure.svg())
        // The ground comes first and has no border, the signs of the legend come last.
        let cards = drawn.boxes.filter(\.hasBorder).prefix(figure.cards.count)
        // What replaces a card is beside it, with no room for a link.
        func group(_ card: Int) -> Int { figure.cards[card].replaces ?? card }
        #expect(drawn.arrows.count == figure.links.count { group($0.source) != group($0.target) })
        for arrow in drawn.arrows {
            let names = try #require(arrow.title.firstMatch(of: /^c([0-9]+) → c([0-9]+)(: .*)?$/))
            let (source, target) = (Int(names.output.1)!, Int(names.output.2)!)
            #expect(isOnEdge(arrow.points[0], of: cards[source]) && isOnEdge(arrow.tip, of: cards[target]), "\(arrow.title)")
            for (number, card) in cards.enumerated() where number != source && number != target {
                let room = arrow.width / 2
                let isAcross = (arrow.points + [arrow.tip]).contains {
                    $0.x > card.left - room && $0.x < card.right + room && $0.y > card.top + 0.1 && $0.y < card.bottom - 0.1
                }
                #expect(!isAcross, "\(arrow.title) runs across c\(number)")
            }
        }
    }

    private func isOnEdge(_ point: (x: Double, y: Double), of card: DrawnFigure.Box) -> Bool {
        point.x > card.left - 0.1 && point.x < card.right + 0.1 && (abs(point.y - card.top) < 0.1 || abs(point.y - card.bottom) < 0.1)
    }

    @Test(arguments: NamedFigure.all) func `the same figure gives the same file`(_ named: NamedFigure) {
        let figure = named.figure
        // Equal, but made by itself.
        let again = CircuitFigure(
            prompt: figure.prompt, target: figure.target, outputs: figure.outputs.map { $0 }, cards: figure.cards.map { $0 }, links: figure.links.map { $0 })
        #expect(again.svg() == figure.svg())
        #expect(figure.svg(theme: .dark).count == figure.svg().count, "the themes differ in colours only")
    }

    @Test func `prompt, target and other prompts are at the top, and the outputs beside or below`() throws {
        let drawn = try DrawnFigure(ExampleFigure.experiment.figure.svg())
        let first = drawn.lines.prefix(6).map(\.text)
        #expect(
            first == [
                "Prompt", "Fact: the capital of the state containing Dallas is", "Target", "“ Austin”", "From",
                "Fact: the capital of the state containing Oakland is  (California)",
            ])
        let outputs = drawn.lines.drop { $0.text != "Next token" }.prefix(12).map(\.text)
        #expect(
            Array(outputs) == [
                "Next token", "before", "after", "“ Austin”", "99.4%", "0.1%", "“ Sacramento”", "<0.1%", "97.1%", "“ California”", "<0.1%", "1.3%",
            ])
    }

    @Test func `six outputs are shown, those of less than 0.1% before and after are not`() throws {
        var figure = ExampleFigure.usual.figure
        figure.outputs = (0..<9).map { .init(token: " t\($0)", before: $0 == 1 ? 0.0001 : 0.1, after: $0 == 2 ? nil : 0.0002) }
        let tokens = try DrawnFigure(figure.svg()).lines.map(\.text).filter { $0.wholeMatch(of: /“ t[0-9]”/) != nil }
        #expect(tokens == ["“ t0”", "“ t2”", "“ t3”", "“ t4”", "“ t5”", "“ t6”"])
    }

    private func legend(_ figure: CircuitFigure) throws -> String {
        let lines = try DrawnFigure(figure.svg()).lines.map(\.text)
        let start = try #require(lines.firstIndex { ["raises", "lowers", "drawn", "activation"].contains($0.split(separator: " ").first ?? "") })
        return lines[start...].joined(separator: " ")
    }

    @Test func `the legend explains what the figure has, and nothing else`() throws {
        let links = "raises its target: here by 5% and by 50% of all that the target receives lowers its target, in the same widths"
        #expect(try legend(ExampleFigure.usual.figure) == links)
        #expect(
            try legend(ExampleFigure.experiment.figure)
                == links + " activation now, as a share of that without interventions 0x what it was set to"
                + " inactive: at a quarter or less, or set to zero or below put in the place of the card on its left")
        var figure = ExampleFigure.usual.figure
        figure.links = [.init(source: 0, target: 2, weight: 0)]
        (figure.cards[2].activation, figure.cards[2].origin) = (0.5, "another prompt")
        #expect(
            try legend(figure) == "drawn by hand, without a weight activation now, as a share of that without interventions, or in the prompt that it is from")
    }

    @Test func `a link without a weight is drawn, and no weight is said`() throws {
        var figure = ExampleFigure.usual.figure
        figure.links = [.init(source: 2, target: 4, weight: 0), .init(source: 3, target: 4, weight: 0.004)]
        let drawn = try DrawnFigure(figure.svg())
        #expect(Set(drawn.arrows.map(\.title)) == ["capital → say a capital", "Texas → say a capital: 0.4%"])
        #expect(drawn.description == "7 cards and 2 links. The strongest: Texas to say a capital <1%.")
        // As a list, for lack of room for lines.
        let list = figure.text(width: 24, isUnicode: true).map { $0.map(\.text).joined() }
        #expect(list.suffix(2) == ["Texas → say a…    +<0.01", "capital → say a…"], "\(list)")
    }

    @Test func `a long name is on three lines at most, its end an ellipsis`() throws {
        var figure = ExampleFigure.usual.figure
        figure.cards = [
            .init(name: "places in the south of the United States", kind: .supernode, layer: 0, position: 0),
            .init(name: String(repeating: "a name without an end ", count: 20), kind: .supernode, layer: 0, position: 1),
            .init(name: String(repeating: "x", count: 300), kind: .supernode, layer: 0, position: 2),
        ]
        (figure.links, figure.outputs) = ([], [])
        let drawn = try DrawnFigure(figure.svg())
        let names = drawn.boxes.filter(\.hasBorder).map { box in
            drawn.lines.filter { $0.left > box.left && $0.right < box.right && $0.baseline > box.top }.map(\.text)
        }
        #expect(names[0] == ["places in the south", "of the United States"])
        #expect(names[1] == ["a name without an", "end a name without", "an end a name…"])
        #expect(names[2].count == 3 && names[2][0].allSatisfy { $0 == "x" } && names[2][2].hasSuffix("x…"))
    }
}
