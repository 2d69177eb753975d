internal import Layouts

/// Writes the elements of an SVG, from a corner that can be moved.
struct SVGWriter {
    enum Anchor: String { case start, middle, end }

    private(set) var elements = ""
    /// What is added to all coordinates.
    var origin = Point(x: 0, y: 0)

    /// Text of one line, as wide as `font` says it is in whatever font it is shown.
    mutating func text(_ text: String, x: Double, baseline: Double, font: Font, fill: String, anchor: Anchor = .start) {
        guard !text.isEmpty else { return }
        var attributes = " x=\"\((x + origin.x).short)\" y=\"\((baseline + origin.y).short)\" font-size=\"\(font.size.short)\" fill=\"\(fill)\""
        if font.isBold { attributes += " font-weight=\"600\"" }
        if anchor != .start { attributes += " text-anchor=\"\(anchor.rawValue)\"" }
        let width = font.width(of: text)
        if width > 0 { attributes += " textLength=\"\(width.short)\" lengthAdjust=\"spacingAndGlyphs\"" }
        elements += "<text\(attributes)>\(text.escapedForXML)</text>\n"
    }

    mutating func rectangle(_ rectangle: Rectangle, radius: Double = 0, fill: String, stroke: String? = nil, width: Double = 1, dash: String? = nil) {
        var attributes = " x=\"\((rectangle.left + origin.x).short)\" y=\"\((rectangle.top + origin.y).short)\""
        attributes += " width=\"\(rectangle.size.width.short)\" height=\"\(rectangle.size.height.short)\" fill=\"\(fill)\""
        if radius > 0 { attributes += " rx=\"\(radius.short)\"" }
        elements += "<rect\(attributes)\(stroked(stroke, width, dash))/>\n"
    }

    /// An arrow along a route: upright or a curve that begins and ends upright, from each point to the next.
    mutating func arrow(_ route: [Point], width: Double, color: String, opacity: Double = 1, titled title: String? = nil) {
        guard let tip = route.last, let before = route.dropLast().last(where: { $0.y != tip.y }) else { return }
        let direction = tip.y > before.y ? 1.0 : -1.0
        let (length, half) = (6 + width * 0.7, 3.2 + width * 0.65)
        let shaft = trimmed(route, by: length - 0.5)
        var path = "M\(place(shaft[0]))"
        for (start, end) in zip(shaft, shaft.dropFirst()) {
            if start.x == end.x {
                path += "V\((end.y + origin.y).short)"
            } else {
                let middle = (start.y + end.y) / 2
                path += "C\(place(Point(x: start.x, y: middle))) \(place(Point(x: end.x, y: middle))) \(place(end))"
            }
        }
        let base = tip.y - direction * length
        let head = [tip, Point(x: tip.x - half, y: base), Point(x: tip.x + half, y: base)].map(place).joined(separator: " ")
        elements += "<g fill=\"\(color)\" stroke=\"none\" opacity=\"\(hundredths(opacity))\">"
        if let title { elements += "<title>\(title.escapedForXML)</title>" }
        elements += "<path d=\"\(path)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"\(width.short)\"/><polygon points=\"\(head)\"/></g>\n"
    }

    /// A short arrow to the right.
    mutating func arrow(from start: Point, toX x: Double, color: String) {
        let head = [Point(x: x, y: start.y), Point(x: x - 6, y: start.y - 4), Point(x: x - 6, y: start.y + 4)].map(place).joined(separator: " ")
        elements += "<path d=\"M\(place(start))H\((x - 5 + origin.x).short)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"1.5\"/>"
        elements += "<polygon points=\"\(head)\" fill=\"\(color)\"/>\n"
    }

    private func stroked(_ color: String?, _ width: Double, _ dash: String?) -> String {
        guard let color else { return "" }
        return " stroke=\"\(color)\" stroke-width=\"\(width.short)\"" + (dash.map { " stroke-dasharray=\"\($0)\"" } ?? "")
    }

    private func place(_ point: Point) -> String { "\((point.x + origin.x).short),\((point.y + origin.y).short)" }

    private func hundredths(_ share: Double) -> String { share >= 1 ? "1" : "0.\(Int(share * 100) / 10)\(Int(share * 100) % 10)" }

    /// The route without its end, so far up or down.
    private func trimmed(_ route: [Point], by length: Double) -> [Point] {
        var (route, rest) = (route, length)
        while route.count > 2, let last = route.last, last.x == route[route.count - 2].x, abs(last.y - route[route.count - 2].y) <= rest {
            rest -= abs(last.y - route[route.count - 2].y)
            route.removeLast()
        }
        let (last, before) = (route[route.count - 1], route[route.count - 2])
        let room = abs(last.y - before.y)
        route[route.count - 1].y -= min(rest, room) * (last.y > before.y ? 1 : -1)
        return route
    }
}
