internal import Layouts

extension CircuitFigure {
    /// The figure as a file for papers and pages: an SVG without scripts and fonts of its own.
    package func svg(theme: FigureTheme = .light) -> String { CircuitDrawing(self, FigureColors(theme)).svg }
}

/// A figure's parts, one after the other: the prompt, the circuit, and beside or below it the outputs and what the signs mean.
private struct CircuitDrawing {
    private static let margin = 24.0
    private static let small = Font(size: 11)
    private static let heading = Font(size: 11, isBold: true)
    private static let prose = Font(size: 13)
    /// Of the column with outputs and legend.
    private static let sideWidth = 262.0

    private let figure: CircuitFigure
    private let colors: FigureColors
    private var writer = SVGWriter()
    private var size = Size(width: 0, height: 0)

    init(_ figure: CircuitFigure, _ colors: FigureColors) {
        (self.figure, self.colors) = (figure, colors)
        let boxes = figure.cards.map(CardBox.init)
        let area = boxes.reduce(0) { $0 + ($1.size.width + 30) * ($1.size.height + 60) }
        let layout = CircuitLayout(
            figure, sizes: boxes.map(\.size), gap: 26,
            spacing: LayeredLayout.Spacing(cards: 32, ranks: 50, links: 16, widestRank: max(640, 1.5 * area.squareRoot())))
        let legend = LegendEntry.all(of: figure)
        let (outputsHeight, legendHeight) = (outputsHeight, legend.reduce(0) { $0 + $1.height })
        let isBeside = layout.size.height > 240 && layout.size.width < 1.7 * layout.size.height && outputsHeight + legendHeight > 0
        let leftWidth = max(layout.size.width, isBeside ? 0 : 2 * Self.sideWidth + 30)
        let inner = isBeside ? leftWidth + 44 + Self.sideWidth : leftWidth

        writer.origin = Point(x: Self.margin, y: Self.margin)
        drawHeader(width: inner)
        let top = writer.origin.y
        writer.origin.x = Self.margin + (leftWidth - layout.size.width) / 2
        draw(layout, boxes)
        if isBeside {
            writer.origin = Point(x: Self.margin + leftWidth + 44, y: top)
            drawOutputs()
            if outputsHeight > 0 { writer.origin.y += 18 }
            for entry in legend { draw(entry) }
            writer.origin.y = max(writer.origin.y, top + layout.size.height)
        } else {
            let below = top + layout.size.height + (outputsHeight + legendHeight > 0 ? 26 : 0)
            writer.origin = Point(x: Self.margin, y: below)
            drawOutputs()
            let end = writer.origin.y
            writer.origin = Point(x: Self.margin + (outputsHeight > 0 ? Self.sideWidth + 30 : 0), y: below)
            for entry in legend { draw(entry) }
            writer.origin.y = max(writer.origin.y, end)
        }
        size = Size(width: (inner + 2 * Self.margin).rounded(.up), height: (writer.origin.y + Self.margin).rounded(.up))
    }

    var svg: String {
        let title = "Circuit: \(figure.prompt)".shownInFigure.escapedForXML
        let (width, height) = (size.width.short, size.height.short)
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" role="img" \
            font-family="Helvetica, Arial, sans-serif" xml:space="preserve">
            <title>\(title)</title>
            <desc>\(description.shownInFigure.escapedForXML)</desc>
            <rect width="\(width)" height="\(height)" fill="\(colors.ground)"/>
            \(writer.elements)</svg>

            """
    }

    private var description: String {
        let known = figure.links.filter { figure.cards.indices.contains($0.source) && figure.cards.indices.contains($0.target) && $0.weight.isFinite }
        let strongest = known.filter { $0.weight != 0 }.sorted { abs($0.weight) > abs($1.weight) }.prefix(5)
            .map { "\(figure.cards[$0.source].name) to \(figure.cards[$0.target].name) \(percentage($0.weight, decimals: false))" }
        let cards = figure.cards.count == 1 ? "1 card" : "\(figure.cards.count) cards"
        let links = figure.links.count == 1 ? "1 link" : "\(figure.links.count) links"
        return "\(cards) and \(links)." + (strongest.isEmpty ? "" : " The strongest: \(strongest.joined(separator: ", ")).")
    }

    // MARK: - Header

    private mutating func drawHeader(width: Double) {
        for (label, text) in [("Prompt", figure.prompt), ("Target", figure.target ?? "")] + origins where !text.isEmpty {
            writer.text(label, x: 0, baseline: 13, font: Self.small, fill: colors.quiet)
            // Some fonts are wider than ours, and some viewers do not make up for that.
            for line in Self.prose.wrapped(text.shownInFigure, width: 0.95 * (width - 54), lines: 6) {
                writer.text(line, x: 54, baseline: 13, font: Self.prose, fill: colors.ink)
                writer.origin.y += Self.prose.lineHeight
            }
            writer.origin.y += 3
        }
        writer.origin.y += 21
    }

    /// The other prompts, with the names of the cards that are from them.
    private var origins: [(String, String)] {
        let cards = figure.cards.filter { $0.origin != nil }
        let prompts = cards.indices.filter { number in !cards[..<number].contains { $0.origin == cards[number].origin } }.map { cards[$0].origin! }
        return prompts.map { prompt in ("From", "\(prompt)  (\(cards.filter { $0.origin == prompt }.map(\.name).joined(separator: ", ")))") }
    }

    // MARK: - Circuit

    private mutating func draw(_ layout: CircuitLayout, _ boxes: [CardBox]) {
        for (link, route) in zip(layout.links, layout.routes) {
            let names = "\(figure.cards[link.source].name) → \(figure.cards[link.target].name)"
            let title = link.weight == 0 ? names : "\(names): \(percentage(link.weight, decimals: true))"
            writer.arrow(route, width: linkWidth(link.weight), color: color(ofLink: link.weight), opacity: 0.78, titled: title.shownInFigure)
        }
        for (card, box) in boxes.enumerated() { draw(figure.cards[card], box, at: layout.cards[card]) }
        for (old, new) in layout.replacements {
            let (left, right) = (layout.cards[old], layout.cards[new])
            writer.arrow(from: Point(x: left.right + 4, y: left.center.y), toX: right.left - 3, color: colors.replacement.border)
        }
    }

    private func color(ofLink weight: Float) -> String { weight == 0 ? colors.bar : weight < 0 ? colors.negative : colors.positive }

    private mutating func draw(_ card: CircuitFigure.Card, _ box: CardBox, at place: Rectangle) {
        let style = colors.style(of: card)
        writer.rectangle(
            place, radius: card.kind.radius, fill: style.fill, stroke: style.border, width: card.kind == .supernode || card.kind == .logit ? 1.6 : 1,
            dash: card.kind == .error ? "2 2.5" : card.isFaded ? "5 3" : nil)
        let rows = box.rows(in: place.size.height)
        for (line, baseline) in zip(box.name, rows.name) {
            writer.text(line, x: place.center.x, baseline: place.top + baseline, font: CardBox.nameFont, fill: style.text, anchor: .middle)
        }
        for (line, baseline) in zip(box.note, rows.note) {
            let color = card.isFaded ? style.text : colors.quiet
            writer.text(line, x: place.center.x, baseline: place.top + baseline, font: CardBox.noteFont, fill: color, anchor: .middle)
        }
        drawBottom(box, at: Point(x: place.left, y: place.top + rows.bottom), width: place.size.width, border: style.border, text: style.text)
    }

    /// The badge, and the bar of the activation.
    private mutating func drawBottom(_ box: CardBox, at corner: Point, width: Double, border: String, text: String) {
        let badgeWidth = box.badge.map(CardBox.badgeWidth) ?? 0
        var x = corner.x + CardBox.padding
        if let badge = box.badge {
            if box.activation == nil { x = corner.x + (width - badgeWidth) / 2 }
            let pill = Rectangle(origin: Point(x: x, y: corner.y), size: Size(width: badgeWidth, height: CardBox.rowHeight))
            writer.rectangle(pill, radius: CardBox.rowHeight / 2, fill: text)
            writer.text(badge, x: pill.center.x, baseline: corner.y + 11.3, font: CardBox.noteFont, fill: colors.ground, anchor: .middle)
            x += badgeWidth + 8
        }
        guard let activation = box.activation else { return }
        let label = percentage(activation, decimals: false)
        let right = corner.x + width - CardBox.padding
        let labelWidth = max(CardBox.noteFont.width(of: label), CardBox.noteFont.width(of: "100%"))
        let track = Rectangle(origin: Point(x: x, y: corner.y + 5), size: Size(width: right - labelWidth - 6 - x, height: 5))
        drawBar(Double(activation), in: track, fill: border)
        writer.text(label, x: right, baseline: corner.y + 11.3, font: CardBox.noteFont, fill: text, anchor: .end)
    }

    private mutating func drawBar(_ share: Double, in track: Rectangle, fill: String) {
        writer.rectangle(track, radius: track.size.height / 2, fill: colors.track)
        let width = track.size.width * min(max(share, 0), 1)
        guard width >= 0.5 else { return }
        writer.rectangle(
            Rectangle(origin: track.origin, size: Size(width: width, height: track.size.height)), radius: min(track.size.height, width) / 2, fill: fill)
    }

    // MARK: - Outputs

    /// Six at most, and none that would be less than 0.1% before and after.
    private var outputs: [CircuitFigure.Output] {
        let known = figure.outputs.filter { output in [output.before, output.after].contains { $0.map { $0.isFinite && $0 >= 0.0005 } ?? false } }
        return Array(known.prefix(6))
    }

    private var outputsHeight: Double { outputs.isEmpty ? 0 : 22 + Double(outputs.count) * outputHeight }

    private var hasAfter: Bool { outputs.contains { $0.after != nil } }
    private var outputHeight: Double { hasAfter ? 34 : 20 }

    private mutating func drawOutputs() {
        guard !outputs.isEmpty else { return }
        writer.text("Next token", x: 0, baseline: 11, font: Self.heading, fill: colors.ink)
        if hasAfter {
            var x = 96.0
            for (label, color) in [("before", colors.bar), ("after", colors.positive)] {
                writer.rectangle(Rectangle(origin: Point(x: x, y: 3), size: Size(width: 9, height: 9)), radius: 2, fill: color)
                writer.text(label, x: x + 13, baseline: 11, font: Self.small, fill: colors.quiet)
                x += 62
            }
        }
        writer.origin.y += 22
        for output in outputs {
            let token = Self.small.truncated("“\(output.token.shownInFigure)”", width: 88)
            writer.text(token, x: 0, baseline: outputHeight / 2 + 2, font: Self.small, fill: colors.ink)
            let bars = hasAfter ? [(output.before, colors.bar), (output.after, colors.positive)] : [(output.before, colors.bar)]
            for (number, (share, color)) in bars.enumerated() {
                guard let share, share.isFinite else { continue }
                let y = Double(number) * 13 + 2
                drawBar(Double(share), in: Rectangle(origin: Point(x: 96, y: y + 1), size: Size(width: 116, height: 8)), fill: color)
                writer.text(percentage(share, decimals: true), x: Self.sideWidth, baseline: y + 9, font: Self.small, fill: colors.ink, anchor: .end)
            }
            writer.origin.y += outputHeight
        }
    }

    // MARK: - Legend

    private mutating func draw(_ entry: LegendEntry) {
        let middle = LegendEntry.font.lineHeight / 2 + 1
        let swatch = Rectangle(origin: Point(x: 4, y: middle - 7), size: Size(width: 34, height: 14))
        func card(_ kind: CircuitFigure.Card.Kind = .supernode, isFaded: Bool = false, replaces: Int? = nil) -> CircuitFigure.Card {
            CircuitFigure.Card(name: "", kind: kind, isFaded: isFaded, replaces: replaces, layer: 0, position: 0)
        }
        var swatchCard: CircuitFigure.Card?
        switch entry.sign {
        case .link(let weight):
            for (x, share) in weight == 0 ? [(21.0, 0)] : [(9.0, Float(0.05)), (29.0, 0.5)] {
                writer.arrow(
                    [Point(x: x, y: middle + 12), Point(x: x, y: middle - 10)], width: linkWidth(share), color: color(ofLink: weight), opacity: 0.78)
            }
        case .activation: drawBar(0.6, in: Rectangle(origin: Point(x: 4, y: middle - 2.5), size: Size(width: 34, height: 5)), fill: colors.card.border)
        case .badge:
            writer.rectangle(Rectangle(origin: Point(x: 4, y: middle - 7.5), size: Size(width: 34, height: 15)), radius: 7.5, fill: colors.card.text)
            writer.text("0x", x: 21, baseline: middle + 3.8, font: Self.small, fill: colors.ground, anchor: .middle)
        case .faded: swatchCard = card(isFaded: true)
        case .replacement: swatchCard = card(replaces: 0)
        case .error: swatchCard = card(.error)
        }
        if let swatchCard {
            let style = colors.style(of: swatchCard)
            writer.rectangle(
                swatch, radius: 4, fill: style.fill, stroke: style.border, dash: swatchCard.kind == .error ? "2 2.5" : swatchCard.isFaded ? "5 3" : nil)
        }
        for (number, line) in entry.lines.enumerated() {
            let baseline = (Double(number) + 0.78) * LegendEntry.font.lineHeight
            writer.text(line, x: LegendEntry.indentation, baseline: baseline, font: LegendEntry.font, fill: colors.quiet)
        }
        writer.origin.y += entry.height
    }
}

/// As wide as its share; the widest is 8. One without a weight is as wide as 1%.
private func linkWidth(_ weight: Float) -> Double { weight == 0 ? linkWidth(0.01) : 0.8 + 7.2 * Double(min(abs(weight), 1)).squareRoot() }

extension CircuitFigure.Card.Kind {
    /// Of a card's corners: tokens and logits are words of the text.
    fileprivate var radius: Double {
        switch self {
        case .supernode, .feature, .error: 8
        case .token, .logit: 2
        }
    }
}

extension FigureColors {
    fileprivate func style(of card: CircuitFigure.Card) -> (fill: String, border: String, text: String) {
        if card.isFaded { return faded }
        if card.replaces != nil { return replacement }
        switch card.kind {
        case .supernode, .logit: return self.card
        case .feature, .error, .token: return plain
        }
    }
}
