import Figures
import Tensors
import Testing

/// Figures that differ in size and in what is written on them.
enum ExampleFigure: String, CaseIterable {
    case usual, experiment, forty, foreign, empty, hostile

    var figure: CircuitFigure {
        switch self {
        case .usual: Self.usualFigure
        case .experiment: Self.experimentFigure
        case .forty: Self.fortyFigure
        case .foreign: Self.foreignFigure
        case .empty: CircuitFigure(prompt: "", target: nil, outputs: [], cards: [], links: [])
        case .hostile: Self.hostileFigure
        }
    }

    private static let prompt = "Fact: the capital of the state containing Dallas is"

    private static var usualFigure: CircuitFigure {
        CircuitFigure(
            prompt: prompt, target: "“ Austin”",
            outputs: [
                .init(token: " Austin", before: 0.9939, after: nil), .init(token: " Texas", before: 0.0031, after: nil),
                .init(token: " Annapolis", before: 0.0002, after: nil),
            ],
            cards: [
                .init(name: "“ capital”", kind: .token, layer: -1, position: 4), .init(name: "“ Dallas”", kind: .token, layer: -1, position: 9),
                .init(name: "capital", kind: .supernode, note: "4 features, layer 0", layer: 0, position: 4),
                .init(name: "Texas", kind: .supernode, note: "2 features, layer 0", layer: 0, position: 9),
                .init(name: "say a capital", kind: .supernode, note: "4 features, layers 2 to 5", layer: 3.2, position: 10),
                .init(name: "say Austin", kind: .feature, note: "5/1098@10", layer: 5, position: 10),
                .init(name: "“ Austin”", kind: .logit, layer: 6, position: 10),
            ],
            links: [
                .init(source: 0, target: 2, weight: 0.93), .init(source: 1, target: 3, weight: 0.88), .init(source: 2, target: 4, weight: 0.41),
                .init(source: 3, target: 4, weight: 0.08), .init(source: 3, target: 5, weight: 0.33), .init(source: 4, target: 5, weight: 0.24),
                .init(source: 5, target: 6, weight: 0.52), .init(source: 4, target: 6, weight: 0.18), .init(source: 3, target: 6, weight: -0.06),
            ])
    }

    private static var experimentFigure: CircuitFigure {
        var figure = usualFigure
        figure.outputs = [
            .init(token: " Austin", before: 0.9939, after: 0.0006), .init(token: " Sacramento", before: 0.0001, after: 0.9712),
            .init(token: " California", before: 0.0002, after: 0.0127),
        ]
        figure.cards[2].activation = 1
        (figure.cards[3].badge, figure.cards[3].isFaded) = ("−2x", true)
        figure.cards[4].activation = 0.81
        (figure.cards[5].activation, figure.cards[5].isFaded) = (0.04, true)
        figure.cards.append(
            .init(
                name: "California", kind: .supernode, badge: "2x", origin: "Fact: the capital of the state containing Oakland is", replaces: 3, layer: 0,
                position: 9))
        figure.links.append(.init(source: 7, target: 6, weight: 0.44))
        return figure
    }

    /// Twelve tokens, three errors, and features in eight layers.
    private static var fortyFigure: CircuitFigure {
        var random = RandomBits(seed: 7)
        let tokens = ["Fact", ":", " the", " capital", " of", " the", " state", " containing", " the", " city", " Dallas", " is"]
        var figure = CircuitFigure(
            prompt: "Fact: the capital of the state containing the city Dallas is", target: "“ Austin”", outputs: usualFigure.outputs, cards: [], links: [])
        figure.cards = tokens.enumerated().map { .init(name: "“\($1)”", kind: .token, layer: -1, position: Float($0)) }
        for number in 0..<26 {
            let layer = Float(number / 4) + Float.random(in: 0..<1, using: &random)
            let names = [
                "say a capital", "Texas", "places in the south of the United States", "state", "cities", "lists of three", "prepositions before a place",
            ]
            figure.cards.append(
                .init(
                    name: number % 9 == 8 ? "error \(number / 4)" : names[number % 7], kind: number % 9 == 8 ? .error : number % 3 == 0 ? .supernode : .feature,
                    note: number % 3 == 0 ? "\(number % 5 + 2) features" : "\(number / 4)/\(100 + 37 * number)", activation: number % 4 == 1 ? 0.9 : nil,
                    layer: layer,
                    position: Float.random(in: 0..<12, using: &random)))
        }
        for (name, position) in [("“ Austin”", Float(11)), ("“ Texas”", 11)] {
            figure.cards.append(.init(name: name, kind: .logit, layer: 8, position: position))
        }
        for target in 12..<40 {
            for _ in 0..<(2 + target % 2) {
                let source = Int.random(in: max(0, target - 16)..<min(target, 38), using: &random)
                guard figure.cards[source].layer < figure.cards[target].layer else { continue }
                figure.links.append(.init(source: source, target: target, weight: Float.random(in: -0.2..<0.6, using: &random)))
            }
        }
        return figure
    }

    /// Long names, wide characters, emoji, writing from right to left.
    private static var foreignFigure: CircuitFigure {
        let names = [
            "得克萨斯州的首府是奥斯汀，位于科罗拉多河畔，人口约一百万", "עיר הבירה של טקסס היא אוסטין", "عاصمة ولاية تكساس", "👩‍👩‍👧‍👦 families and 🏳️‍🌈 flags",
            "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "a < b & c > \"d\"",
            "a name that goes on for much longer than any card has room for, so that its end is not shown on it at all, however many lines it takes",
        ]
        return CircuitFigure(
            prompt: names.joined(separator: " "), target: nil,
            outputs: [.init(token: "東京", before: 0.4, after: 0.2), .init(token: "\n\n", before: Float.nan, after: 0.8)],
            cards: names.enumerated().map {
                .init(name: $1, kind: $0 < 2 ? .token : .supernode, note: $0 % 2 == 0 ? $1 : nil, layer: Float($0 / 2), position: Float($0))
            },
            links: [
                .init(source: 0, target: 2, weight: 0.5), .init(source: 1, target: 2, weight: -0.2), .init(source: 2, target: 4, weight: 0.1),
                .init(source: 3, target: 6, weight: 0.7), .init(source: 4, target: 6, weight: 0.3), .init(source: 1, target: 6, weight: 0.3),
            ])
    }

    /// What XML does not allow, numbers that are none, indices of nothing, cycles.
    private static var hostileFigure: CircuitFigure {
        let names = [
            "\u{0}\u{1B}[31m\u{8}\u{FFFE}", "]]><script>alert(1)</script>", "\u{202E}txet\u{2028}", "e" + String(repeating: "\u{301}", count: 3000), "",
        ]
        return CircuitFigure(
            prompt: names.joined(), target: "\u{FFFF}", outputs: [.init(token: names[0], before: Float.infinity, after: -.infinity)],
            cards: names.enumerated().map {
                .init(
                    name: $1, kind: .supernode, note: $1, activation: [Float.nan, -.infinity, 1e30, -4, 0][$0], badge: $1, replaces: [7, 1, 0, 2, -1][$0],
                    layer: [Float.nan, .infinity, 1, 2, -1][$0], position: .nan)
            },
            links: [
                .init(source: 0, target: 1, weight: .nan), .init(source: 9, target: -1, weight: 1), .init(source: 1, target: 3, weight: 90),
                .init(source: 3, target: 1, weight: -.infinity), .init(source: 3, target: 1, weight: -1), .init(source: 4, target: 4, weight: 0.2),
                .init(source: 0, target: 2, weight: 0.1),
            ])
    }
}

extension CircuitFigure {
    /// Cards `c0`, `c1`, … with links of all weights, some replaced by others.
    static func random(seed: Int) -> CircuitFigure {
        var random = RandomBits(seed: UInt64(seed))
        let count = 2 + seed
        var figure = CircuitFigure(prompt: "a prompt", target: "“ a”", outputs: [.init(token: " a", before: 0.5, after: nil)], cards: [], links: [])
        figure.cards = (0..<count).map { number in
            CircuitFigure.Card(
                name: "c\(number)", kind: [.supernode, .feature, .token][number % 3], note: Bool.random(using: &random) ? "4 features, layers 2 to 4" : nil,
                activation: Bool.random(using: &random) ? 0.5 : nil, badge: number % 5 == 4 ? "−2x" : nil, layer: .random(in: 0..<6, using: &random),
                position: .random(in: 0..<10, using: &random))
        }
        // Of the first half, which replaces nothing.
        for number in (count / 2)..<count where Int.random(in: 0..<4, using: &random) == 0 {
            figure.cards[number].replaces = .random(in: 0..<max(count / 2, 1), using: &random)
        }
        figure.links = (0..<2 * count).map { _ in
            let (a, b) = (Int.random(in: 0..<count, using: &random), Int.random(in: 0..<count, using: &random))
            let isUp = figure.cards[a].layer <= figure.cards[b].layer || Int.random(in: 0..<10, using: &random) == 0
            return Link(source: isUp ? a : b, target: isUp ? b : a, weight: .random(in: -0.5..<1, using: &random))
        }
        figure.links.removeAll { $0.source == $0.target }
        return figure
    }
}

/// A figure that a failing test names in few words.
struct NamedFigure: CustomTestStringConvertible {
    let testDescription: String
    let figure: CircuitFigure

    static let random = (0..<24).map { NamedFigure(testDescription: "random \($0)", figure: .random(seed: $0)) }
    static let all = ExampleFigure.allCases.map { NamedFigure(testDescription: $0.rawValue, figure: $0.figure) } + random
}
