internal import Figures
internal import GraphFiles
internal import Graphs
internal import Layouts
internal import Workbench

extension Responder {
    static let drawingRoutes = [
        Route("POST", "/api/layout") { _, call in
            let wanted = try call.request.decoded(as: WantedLayout.self)
            return try .json(LayoutAnswer(try wanted.layout)).compressed(for: call.request.head)
        },
        Route("POST", "/api/figure") { responder, call in
            let wanted = try call.request.decoded(as: WantedFigure.self)
            var figure = try wanted.figure.checked
            let features = try wanted.figure.features
            if let slug = try wanted.slug.map(GraphSlug.init), let session = responder.session {
                try await session.measure(&figure, features, of: slug, in: responder.folder)
            }
            guard let theme = FigureTheme(rawValue: wanted.theme) else {
                throw Refusal.badRequest("The theme must be light or dark, not \(wanted.theme.shown).")
            }
            let headers = [(name: "Content-Type", value: "image/svg+xml; charset=utf-8"), (name: "Cache-Control", value: "no-store")]
            return Response(headers: headers, body: Array(figure.svg(theme: theme).utf8)).compressed(for: call.request.head)
        },
    ]
}

extension Session {
    /// Says on the cards how their features fare with the interventions in force, if the graph is the current one.
    ///
    /// - Parameter features: `[cards]`.
    fileprivate func measure(_ figure: inout CircuitFigure, _ features: [[FeatureSite]], of slug: GraphSlug, in folder: GraphFolder) throws {
        guard try isCurrent(slug, in: folder) else { return }
        let cards = figure.cards.indices.filter { !features[$0].isEmpty }
        for (card, fare) in zip(cards, try fares(of: cards.map { (figure.cards[$0].name, features[$0]) })) {
            (figure.cards[card].activation, figure.cards[card].badge, figure.cards[card].isFaded) = (fare.activation, fare.badge, fare.isFaded)
        }
    }
}

/// How large a circuit may be.
private enum Limit {
    static let cards = 500
    static let links = 2_000
    static let outputs = 100
    /// Of one card.
    static let features = 10_000
    /// Of sizes and places.
    static let length = 10_000.0
    /// Characters of a name, and of a prompt.
    static let name = 1_000
    static let prompt = 100_000

    static func check(cards: Int, links: [(source: Int, target: Int)]) throws(Refusal) {
        guard cards <= Self.cards else { throw .badRequest("A circuit may have up to \(Self.cards) cards, not \(cards). Pin fewer nodes, or group them.") }
        guard links.count <= Self.links else { throw .badRequest("A circuit may have up to \(Self.links) links, not \(links.count). Leave out the weakest.") }
        for (number, link) in links.enumerated() {
            for card in [link.source, link.target] where !(0..<cards).contains(card) {
                throw .badRequest("\"links\"[\(number)] names card \(card), but there are \(cards), counted from 0.")
            }
        }
    }

    static func check(_ values: Double..., of name: String, in range: ClosedRange<Double> = -length...length) throws(Refusal) {
        for value in values where !range.contains(value) {
            throw .badRequest("\(name) must be from \(Int(range.lowerBound)) to \(Int(range.upperBound)), not \(value).")
        }
    }

    static func check(_ text: String?, of name: String, limit: Int = Limit.name) throws(Refusal) {
        if let count = text?.count, count > limit { throw .badRequest("\(name) may have up to \(limit) characters, not \(count).") }
    }
}

// MARK: - Layouts

/// The body of `POST /api/layout`.
private struct WantedLayout: Decodable {
    struct Card: Decodable {
        let width: Double
        let height: Double
        let order: Double
        let across: Double
    }

    struct Link: Decodable {
        let source: Int
        let target: Int
    }

    struct Room: Decodable {
        let width: Double
        let height: Double
    }

    let cards: [Card]
    let links: [Link]
    let room: Room

    /// Ranks are further apart where the room is higher than needed, and nearer where it is too low.
    var layout: LayeredLayout {
        get throws(Refusal) {
            try Limit.check(cards: cards.count, links: links.map { ($0.source, $0.target) })
            for (number, card) in cards.enumerated() {
                try Limit.check(card.width, card.height, of: "The size of \"cards\"[\(number)]", in: 0...Limit.length)
                try Limit.check(card.order, card.across, of: "\"order\" and \"across\" of \"cards\"[\(number)]")
            }
            try Limit.check(room.width, room.height, of: "The size of the room", in: 0...Limit.length)
            var spacing = LayeredLayout.Spacing(cards: 16, ranks: 30, links: 12, widestRank: max(room.width, 1))
            let layout = layout(spacing)
            let gaps = layout.ranks.max() ?? 0
            guard gaps > 0 else { return layout }
            spacing.ranks += min(max((room.height - layout.size.height) / Double(gaps), -12), 60)
            return self.layout(spacing)
        }
    }

    private func layout(_ spacing: LayeredLayout.Spacing) -> LayeredLayout {
        LayeredLayout(
            cards: cards.map { Size(width: $0.width, height: $0.height) }, links: links.map { LayeredLayout.Link(from: $0.source, to: $0.target) },
            order: cards.map(\.order), across: cards.map(\.across), spacing: spacing)
    }
}

private struct LayoutAnswer: Encodable {
    struct Place: Encodable {
        let x: Double
        let y: Double
    }

    let width: Double
    let height: Double
    /// The upper left corners.
    let cards: [Place]
    let routes: [[[Double]]]

    init(_ layout: LayeredLayout) {
        (width, height) = (layout.size.width.tenths, layout.size.height.tenths)
        cards = layout.cards.map { Place(x: $0.left.tenths, y: $0.top.tenths) }
        routes = layout.routes.map { $0.map { [$0.x.tenths, $0.y.tenths] } }
    }
}

extension Double {
    fileprivate var tenths: Double { (self * 10).rounded() / 10 }
}

// MARK: - Figures

/// The body of `POST /api/figure`.
private struct WantedFigure: Decodable {
    struct Figure: Decodable {
        struct Card: Decodable {
            let name: String
            let kind: String
            let note: String?
            let activation: Float?
            let badge: String?
            let isFaded: Bool?
            let replaces: Int?
            let features: [String]?
            let layer: Float
            let position: Float
        }

        struct Link: Decodable {
            let source: Int
            let target: Int
            let weight: Float
        }

        struct Output: Decodable {
            let token: String
            let before: Float?
            let after: Float?
        }

        let prompt: String
        let target: String?
        let outputs: [Output]
        let cards: [Card]
        let links: [Link]

        /// Of each card, the features that it stands for. `[cards]`.
        var features: [[FeatureSite]] {
            get throws(Refusal) {
                try cards.map { card throws(Refusal) in
                    try (card.features ?? []).map { name throws(Refusal) in
                        guard let site = FeatureSite(name) else { throw .badRequest("\(name.shown) is not a feature with a position, such as \"20/15589@9\".") }
                        return site
                    }
                }
            }
        }

        var checked: CircuitFigure {
            get throws(Refusal) {
                try Limit.check(cards: cards.count, links: links.map { ($0.source, $0.target) })
                try Limit.check(prompt, of: "The prompt", limit: Limit.prompt)
                try Limit.check(target, of: "The target")
                guard outputs.count <= Limit.outputs else {
                    throw .badRequest("A figure shows up to \(Limit.outputs) outputs, not \(outputs.count).")
                }
                for output in outputs { try Limit.check(output.token, of: "A token") }
                for (number, card) in cards.enumerated() {
                    let texts = [card.name, card.note, card.badge]
                    if let count = card.features?.count, count > Limit.features {
                        throw .badRequest("\"cards\"[\(number)] may have up to \(Limit.features) features, not \(count).")
                    }
                    for text in texts { try Limit.check(text, of: "A text of \"cards\"[\(number)]") }
                    if let old = card.replaces, !cards.indices.contains(old) {
                        throw .badRequest("\"cards\"[\(number)] replaces card \(old), but there are \(cards.count), counted from 0.")
                    }
                }
                var result = CircuitFigure(prompt: prompt, target: target, outputs: [], cards: [], links: [])
                result.outputs = outputs.map { CircuitFigure.Output(token: $0.token, before: $0.before, after: $0.after) }
                for card in cards { result.cards.append(try card.checked) }
                result.links = links.map { CircuitFigure.Link(source: $0.source, target: $0.target, weight: $0.weight) }
                return result
            }
        }
    }

    let theme: String
    /// The graph that it is about.
    let slug: String?
    let figure: Figure
}

extension WantedFigure.Figure.Card {
    fileprivate var checked: CircuitFigure.Card {
        get throws(Refusal) {
            let kinds: [String: CircuitFigure.Card.Kind] = ["supernode": .supernode, "feature": .feature, "error": .error, "token": .token, "logit": .logit]
            guard let kind = kinds[kind] else {
                throw .badRequest("The kind of a card must be supernode, feature, error, token or logit, not \(kind.shown).")
            }
            return CircuitFigure.Card(
                name: name, kind: kind, note: note, activation: activation, badge: badge, isFaded: isFaded ?? false, replaces: replaces, layer: layer,
                position: position)
        }
    }
}
