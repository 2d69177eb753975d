/// What a figure of a circuit shows.
package struct CircuitFigure: Sendable, Equatable {
    package struct Card: Sendable, Equatable {
        package enum Kind: Sendable { case supernode, feature, error, token, logit }

        package var name: String
        package var kind: Kind
        /// A second line, for example `5 features, layers 4 to 20`.
        package var note: String?
        /// The mean activation now, as a share of the baseline; nil for what has none and for what was set.
        package var activation: Float?
        /// What was done to it: `−2x`.
        package var badge: String?
        /// Whether it is drawn grey: its activation fell to a quarter or less, or it was set to a negative value or zero.
        package var isFaded: Bool
        /// The prompt that its baseline is of, where that is not the figure's own.
        package var origin: String?
        /// The card that it takes the place of in an experiment, drawn beside it in another colour.
        package var replaces: Int?
        /// Mean layer of its members; -1 for tokens, the number of layers for logits.
        package var layer: Float
        /// Mean position of its members.
        package var position: Float

        package init(
            name: String, kind: Kind, note: String? = nil, activation: Float? = nil, badge: String? = nil, isFaded: Bool = false, origin: String? = nil,
            replaces: Int? = nil, layer: Float, position: Float
        ) {
            (self.name, self.kind, self.note, self.activation, self.badge) = (name, kind, note, activation, badge)
            (self.isFaded, self.origin, self.replaces, self.layer, self.position) = (isFaded, origin, replaces, layer, position)
        }
    }

    package struct Link: Sendable, Equatable {
        /// Indices of cards.
        package var source: Int
        package var target: Int
        /// Signed share of what the target receives, -1 to 1; 0 for a link that somebody drew and no graph weights.
        package var weight: Float

        package init(source: Int, target: Int, weight: Float) { (self.source, self.target, self.weight) = (source, target, weight) }
    }

    package struct Output: Sendable, Equatable {
        package var token: String
        /// Probabilities.
        package var before: Float?
        package var after: Float?

        package init(token: String, before: Float?, after: Float?) { (self.token, self.before, self.after) = (token, before, after) }
    }

    package var prompt: String
    package var target: String?
    package var outputs: [Output]
    package var cards: [Card]
    package var links: [Link]

    package init(prompt: String, target: String?, outputs: [Output], cards: [Card], links: [Link]) {
        (self.prompt, self.target, self.outputs, self.cards, self.links) = (prompt, target, outputs, cards, links)
    }
}
