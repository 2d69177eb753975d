/// What a sign in a figure means.
struct LegendEntry {
    enum Sign: Equatable {
        /// Thin and thick, by the sign of the weight; one where there is none.
        case link(Float)
        case activation, badge, faded, replacement, error
    }

    static let font = Font(size: 11)
    static let indentation = 50.0
    private static let width = 210.0

    let sign: Sign
    let lines: [String]

    private init(_ sign: Sign, _ text: String) {
        (self.sign, lines) = (sign, Self.font.wrapped(text, width: Self.width, lines: 4))
    }

    var height: Double { max(Double(lines.count) * Self.font.lineHeight, isLink ? 24 : 14) + 8 }

    private var isLink: Bool { if case .link = sign { true } else { false } }

    /// Of what occurs in a figure.
    static func all(of figure: CircuitFigure) -> [LegendEntry] {
        var entries: [LegendEntry] = []
        if figure.links.contains(where: { $0.weight > 0 }) {
            entries.append(LegendEntry(.link(1), "raises its target: here by 5% and by 50% of all that the target receives"))
        }
        if figure.links.contains(where: { $0.weight < 0 }) { entries.append(LegendEntry(.link(-1), "lowers its target, in the same widths")) }
        if figure.links.contains(where: { $0.weight == 0 }) { entries.append(LegendEntry(.link(0), "drawn by hand, without a weight")) }
        if figure.cards.contains(where: { $0.activation != nil }) {
            let hasOrigins = figure.cards.contains { $0.activation != nil && $0.origin != nil }
            entries.append(
                LegendEntry(.activation, "activation now, as a share of that without interventions" + (hasOrigins ? ", or in the prompt that it is from" : "")))
        }
        if figure.cards.contains(where: { $0.badge != nil }) { entries.append(LegendEntry(.badge, "what it was set to")) }
        if figure.cards.contains(where: \.isFaded) { entries.append(LegendEntry(.faded, "inactive: at a quarter or less, or set to zero or below")) }
        if figure.cards.contains(where: { $0.replaces != nil && !$0.isFaded }) {
            entries.append(LegendEntry(.replacement, "put in the place of the card on its left"))
        }
        if figure.cards.contains(where: { $0.kind == .error }) {
            entries.append(LegendEntry(.error, "error node: what the transcoders leave unexplained"))
        }
        return entries
    }
}
