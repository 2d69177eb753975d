/// A few curves of values from 0 to 1, drawn with characters.
struct Plot {
    struct Curve {
        let name: String
        let values: [Double]
    }

    /// At most four.
    let curves: [Curve]
    /// Of the points, along the axis.
    let labels: [String]

    private static let height = 8
    private static let marks: [Character] = ["o", "x", "+", "*"]

    /// One column of a few characters for each point; the lines are 0 to 1.
    var text: String {
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
