internal import ShownText

/// A few curves of values from 0 to 1, drawn with characters.
struct Plot: Sendable, Equatable {
    struct Curve: Sendable, Equatable {
        let name: String
        let values: [Double]
    }

    /// At most four.
    let curves: [Curve]
    /// Of the points, along the axis.
    let labels: [String]

    private static let height = 8
    private static let marks: [Character] = ["o", "x", "+", "*"]

    /// One column of a few characters for each point; the lines are 0 to 1. Where there is no room for all points, every second or third is drawn.
    func text(width room: Int) -> String {
        let column = max(labels.map(\.displayWidth).max() ?? 1, 2) + 1
        let fitting = max((room - 6) / column, 2)
        let step = (labels.count + fitting - 1) / fitting
        return step < 2 ? text : every(step).text
    }

    private func every(_ step: Int) -> Plot {
        func thinned<Element>(_ all: [Element]) -> [Element] { stride(from: 0, to: all.count, by: step).map { all[$0] } }
        return Plot(curves: curves.map { Curve(name: $0.name, values: thinned($0.values)) }, labels: thinned(labels))
    }

    private var text: String {
        let width = max(labels.map(\.displayWidth).max() ?? 1, 2) + 1
        var canvas = Array(repeating: Array(repeating: Character(" "), count: width * labels.count), count: Self.height + 1)
        // The first curve is drawn last, over the others.
        for (curve, mark) in zip(curves, Self.marks).reversed() {
            for (point, value) in curve.values.enumerated() {
                let row = Self.height - Int((min(max(value, 0), 1) * Double(Self.height)).rounded())
                canvas[row][point * width + width - 1] = mark
            }
        }
        let axis = canvas.enumerated().map { row, characters in
            let label = row % 2 == 0 ? NumberStyle.decimals(2).text(1 - Double(row) / Double(Self.height)) : "    "
            return ("\(label) |" + String(characters)).trimmedEnd
        }
        let below = "     +" + String(repeating: "-", count: width * labels.count)
        let names = "      " + labels.map { $0.padded(toWidth: width, on: .right) }.joined()
        let legend = "      " + zip(curves, Self.marks).map { "\($1) \($0.name)" }.joined(separator: "   ")
        return (axis + [below, names.trimmedEnd, legend]).joined(separator: "\n")
    }
}

extension String {
    fileprivate var trimmedEnd: String { String(self[..<(lastIndex { $0 != " " }.map(index(after:)) ?? startIndex)]) }
}
