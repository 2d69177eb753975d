internal import Evidence
internal import ShownText

/// What is known of a feature from outside, for people only: a histogram, and texts on which it is active with their tokens shaded.
struct EvidenceDrawing: Sendable, Equatable {
    let evidence: FeatureEvidence
    /// The feature's largest activation on the prompt; nil if it is not active there.
    let activation: Float?

    /// The page shows as many at first.
    private static let examplesShown = 4

    /// The lines, with an empty one between the blocks.
    func blocks(_ style: RenderingStyle) -> [[TerminalText]] {
        let histogram = Histogram(evidence, marking: activation).map { [style.palette.heading("activations in the data")] + $0.lines(style) }
        let groups = evidence.quantiles.filter { !$0.examples.isEmpty }.map { lines(of: $0, style) }
        let legend = style.palette.isColoured || groups.isEmpty ? nil : ["[at least half of the largest activation] (at least a tenth)" as TerminalText]
        return [histogram].compactMap(\.self) + groups + [legend].compactMap(\.self)
    }

    private func lines(of quantile: FeatureEvidence.Quantile, _ style: RenderingStyle) -> [TerminalText] {
        let shown = quantile.examples.prefix(Self.examplesShown)
        let numbers = shown.map { example in example.activations.isEmpty ? "-" : NumberStyle.significant(3).text(Double(example.activations[example.peak])) }
        let width = numbers.map(\.displayWidth).max() ?? 0
        let room = style.width.map { max($0 - width - 4, 1) }
        let texts = zip(numbers, shown).map { number, example -> TerminalText in
            "  \(number.padded(toWidth: width, on: .right))  \(text(of: example, room: room, style.palette))"
        }
        let more = quantile.examples.count - shown.count
        return [style.palette.heading(JSONText.escaped(quantile.name, as: .shown))] + texts + (more > 0 ? ["  … and \(more) more"] : [])
    }

    // MARK: - An example

    private static let tokensBefore = 24
    private static let tokensAfter = 10

    /// The tokens around the peak: as many as there is room for, or a number of them.
    private func text(of example: FeatureEvidence.Example, room: Int?, _ palette: Palette) -> TerminalText {
        guard !example.tokens.isEmpty else { return "" }
        let scale = evidence.scale
        let pieces = zip(example.tokens, example.activations).map { token, activation in
            Piece(token, strength: scale > 0 ? Double(activation / scale) : 0, isMarked: !palette.isColoured)
        }
        let range = Self.window(pieces.map(\.text.displayWidth), around: example.peak, room: room)
        let (before, after): (String, String) = (range.lowerBound > 0 ? "…" : "", range.upperBound < pieces.count ? "…" : "")
        // A single token may be wider than the line.
        if range.count == 1, let room {
            let piece = pieces[range.lowerBound]
            return "\(before)\(palette.shaded(piece.text.truncated(toWidth: max(room - 2, 1)), piece.strength))\(after)"
        }
        return "\(before)\(range.map { palette.shaded(pieces[$0].text, pieces[$0].strength) }.joined())\(after)"
    }

    /// A token as it is drawn.
    private struct Piece {
        let text: String
        let strength: Double

        /// - Parameter isMarked: whether brackets say what a colour would.
        init(_ token: String, strength: Double, isMarked: Bool) {
            self.strength = min(max(strength, 0), 1)
            let shown = JSONText.escaped(token, as: .shown)
            guard isMarked, strength >= 0.1 else {
                text = shown
                return
            }
            let (opening, closing) = strength >= 0.5 ? ("[", "]") : ("(", ")")
            let spaces = shown.prefix { $0 == " " }
            text = spaces + opening + shown.dropFirst(spaces.count) + closing
        }
    }

    private static func window(_ widths: [Int], around peak: Int, room: Int?) -> Range<Int> {
        guard let room else { return max(0, peak - tokensBefore)..<min(widths.count, peak + tokensAfter) }
        var (range, used) = (peak..<peak + 1, widths[peak] + 2)
        // Most of what explains a token is before it: a quarter of the room is for what is after it, and more if there is little before.
        func extend(after limit: Int) {
            while range.upperBound < widths.count, used + widths[range.upperBound] <= limit {
                used += widths[range.upperBound]
                range = range.lowerBound..<range.upperBound + 1
            }
        }
        extend(after: used + room / 4 <= room ? used + room / 4 : room)
        while range.lowerBound > 0, used + widths[range.lowerBound - 1] <= room {
            used += widths[range.lowerBound - 1]
            range = range.lowerBound - 1..<range.upperBound
        }
        extend(after: room)
        return range
    }
}
