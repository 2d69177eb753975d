internal import ShownText

/// How wide text is in a figure. Fonts differ, so every text is given the width that is reckoned with here; the table is a little wider
/// than Arial and narrower than DejaVu Sans.
struct Font: TextMeasure {
    var size: Double
    var isBold = false

    /// From one line's baseline to the next.
    var lineHeight: Double { (size * 1.3).rounded() }

    func width(of character: Character) -> Double {
        let columns = character.displayWidth
        guard columns == 1 else { return Double(columns) * size * 0.52 }
        guard let code = character.asciiValue, (0x20...0x7E).contains(code) else { return size * 0.66 }
        return size * Double(Self.widths[Int(code) - 0x20]) / 1000 * (isBold ? 1.2 : 1.1)
    }

    /// From space to tilde, in thousandths of the size.
    private static let widths = [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
        556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
        1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
        667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
        333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
        556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
    ]
}
