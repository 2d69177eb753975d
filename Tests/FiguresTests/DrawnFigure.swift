import Foundation

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// What is in an SVG that we wrote.
struct DrawnFigure {
    struct Box {
        let left, top, width, height: Double
        /// The ground has none, nor have bars and badges.
        let hasBorder: Bool
        var right: Double { left + width }
        var bottom: Double { top + height }
    }

    struct Line {
        let text: String
        /// Where it begins, and as wide as it is shown.
        let left, width, baseline, size: Double
        var right: Double { left + width }
    }

    /// An arrow of the circuit; those of the legend have no title.
    struct Arrow {
        let title: String
        let width: Double
        let points: [(x: Double, y: Double)]
        let tip: (x: Double, y: Double)
    }

    private(set) var width = 0.0
    private(set) var height = 0.0
    private(set) var boxes: [Box] = []
    private(set) var lines: [Line] = []
    private(set) var arrows: [Arrow] = []
    private(set) var description = ""

    /// - Throws: what is not XML, and paths that we do not write.
    init(_ svg: String) throws {
        let reader = Reader()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = reader
        guard parser.parse() else { throw parser.parserError ?? CocoaError(.propertyListReadCorrupt) }
        for element in reader.elements {
            func number(_ name: String) -> Double { Double(element.attributes[name] ?? "") ?? 0 }
            switch element.name {
            case "svg": (width, height) = (number("width"), number("height"))
            case "desc": description = element.text
            case "rect":
                boxes.append(
                    Box(left: number("x"), top: number("y"), width: number("width"), height: number("height"), hasBorder: element.attributes["stroke"] != nil))
            case "text":
                let width = number("textLength")
                let anchors = ["middle": width / 2, "end": width]
                lines.append(
                    Line(
                        text: element.text, left: number("x") - (anchors[element.attributes["text-anchor"] ?? ""] ?? 0), width: width, baseline: number("y"),
                        size: number("font-size")))
            default: break
            }
        }
        arrows = try reader.arrows.map { arrow in
            let tip = try Self.pairs(arrow.tip)[0]
            return Arrow(title: arrow.title, width: Double(arrow.width) ?? 0, points: try Self.points(of: arrow.path), tip: tip)
        }
    }

    private static func pairs(_ text: String) throws -> [(x: Double, y: Double)] {
        try text.split(separator: " ").map { pair in
            let numbers = pair.split(separator: ",").compactMap { Double($0) }
            guard numbers.count == 2 else { throw CocoaError(.formatting) }
            return (numbers[0], numbers[1])
        }
    }

    /// Points along a path of M, V and C, close to each other.
    private static func points(of path: String) throws -> [(x: Double, y: Double)] {
        var points: [(x: Double, y: Double)] = []
        for match in path.matches(of: /([A-Z])([^A-Z]*)/) {
            switch match.output.1 {
            case "M": points = try pairs(String(match.output.2))
            case "V":
                guard let y = Double(match.output.2), let last = points.last else { throw CocoaError(.formatting) }
                for step in 1...20 { points.append((last.x, last.y + (y - last.y) * Double(step) / 20)) }
            case "C":
                let ends = try pairs(String(match.output.2))
                guard ends.count == 3, let start = points.last else { throw CocoaError(.formatting) }
                let all = [start] + ends
                func bezier(_ axis: ((x: Double, y: Double)) -> Double, _ t: Double) -> Double {
                    let (a, b, c, d) = (axis(all[0]), axis(all[1]), axis(all[2]), axis(all[3]))
                    let u = 1 - t
                    return u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d
                }
                for step in 1...40 { points.append((bezier(\.x, Double(step) / 40), bezier(\.y, Double(step) / 40))) }
            default: throw CocoaError(.formatting)
            }
        }
        return points
    }

    /// Elements with their text, and groups that have a title.
    private final class Reader: NSObject, XMLParserDelegate {
        struct Element {
            let name: String
            let attributes: [String: String]
            var text = ""
        }
        var elements: [Element] = []
        var arrows: [(title: String, path: String, width: String, tip: String)] = []
        private var open: [Element] = []
        private var group: (title: String, path: String, width: String, tip: String)?

        func parser(
            _: XMLParser, didStartElement name: String, namespaceURI _: String?, qualifiedName _: String?, attributes: [String: String] = [:]
        ) {
            open.append(Element(name: name, attributes: attributes))
            if name == "g" { group = ("", "", "", "") }
            if name == "path" {
                group?.path = attributes["d"] ?? ""
                group?.width = attributes["stroke-width"] ?? ""
            }
            if name == "polygon" { group?.tip = attributes["points"] ?? "" }
        }

        func parser(_: XMLParser, foundCharacters text: String) { if !open.isEmpty { open[open.count - 1].text += text } }

        func parser(_: XMLParser, didEndElement name: String, namespaceURI _: String?, qualifiedName _: String?) {
            let element = open.removeLast()
            elements.append(element)
            if name == "title", group != nil { group?.title = element.text }
            if name == "g" {
                if let group, !group.title.isEmpty { arrows.append(group) }
                group = nil
            }
        }
    }
}
