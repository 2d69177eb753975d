/// The colours of a figure: on white, as papers are, or on black.
package enum FigureTheme: String, Sendable, CaseIterable { case light, dark }

/// As SVG writes them. Blue and orange can be told apart by everybody, and are those of the page.
struct FigureColors {
    let ground, ink, quiet, line, track, bar: String
    let positive, negative: String
    /// Fill, border and text of a card.
    let card, plain, faded, replacement: (fill: String, border: String, text: String)

    init(_ theme: FigureTheme) {
        switch theme {
        case .light:
            (ground, ink, quiet, line, track, bar) = ("#ffffff", "#1d1c1a", "#66635c", "#d8d5cc", "#ebe8e0", "#8a867d")
            (positive, negative) = ("#1c6bb0", "#bf540a")
            card = ("#eef3f8", "#4a6e90", "#1d1c1a")
            plain = ("#ffffff", "#8a867d", "#1d1c1a")
            faded = ("#f4f3f0", "#c4c1b9", "#7d7a73")
            replacement = ("#e2f3ea", "#2e7d57", "#14432c")
        case .dark:
            (ground, ink, quiet, line, track, bar) = ("#1b1c21", "#ebe9e4", "#a3a19b", "#3b3d46", "#2f3139", "#8c8a85")
            (positive, negative) = ("#6cb2f1", "#f4a05c")
            card = ("#26303b", "#7d9cba", "#ebe9e4")
            plain = ("#212229", "#8c8a85", "#ebe9e4")
            faded = ("#1f2025", "#4a4b52", "#8b8984")
            replacement = ("#1d3529", "#57b588", "#d3f0e0")
        }
    }
}
