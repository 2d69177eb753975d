/// What bars and curves are drawn with.
enum Glyphs: Sendable, Equatable {
    /// Unicode's block elements, which divide a character in eight.
    case blocks
    /// For a terminal of another encoding.
    case ascii
}

/// Numbers drawn as bars beside their column: only at a terminal, and only in what room the numbers and names leave.
enum Bar: Sendable, Equatable {
    /// From 0 to 1.
    case share
    /// To both sides of zero; the largest of the column goes all the way.
    case change

    /// In columns.
    static let widths = 5...20

    /// One for each value; nothing for what is not a number.
    func cells(_ values: [Double?], width: Int, glyphs: Glyphs) -> [Cell] {
        switch self {
        case .share:
            return values.map { value in
                Cell(value.map { glyphs.bar(min(max($0, 0), 1), width: width) } ?? "", tint: .neutral)
            }
        case .change:
            let largest = values.compactMap { $0.map(abs) }.max() ?? 0
            return values.map { value in
                guard let value, largest > 0 else { return Cell("") }
                return Cell(
                    glyphs.change(value / largest, half: (width - 1) / 2), tint: value > 0 ? .positive : value < 0 ? .negative : .none)
            }
        }
    }
}

/// A table's cell as it is drawn.
struct Cell: Sendable, Equatable {
    var text: String
    var tint = Tint.none

    init(_ text: String, tint: Tint = .none) {
        self.text = text
        self.tint = tint
    }

    init(_ value: Value) {
        if case .provisional = value { self.init(value.text, tint: .faint) } else { self.init(value.text) }
    }
}

extension Glyphs {
    private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

    /// A bar from the left.
    ///
    /// - Parameter share: of the width, 0 to 1.
    fileprivate func bar(_ share: Double, width: Int) -> String {
        switch self {
        case .blocks:
            let count = Int((share * Double(width) * 8).rounded())
            return String(repeating: "█", count: count / 8) + Self.eighths[count % 8]
        case .ascii: return String(repeating: "#", count: Int((share * Double(width)).rounded()))
        }
    }

    /// A bar from the axis in the middle, to the left where it is negative.
    ///
    /// - Parameter share: of one half, -1 to 1.
    fileprivate func change(_ share: Double, half: Int) -> String {
        let axis = self == .blocks ? "│" : "|"
        if share > 0 { return String(repeating: " ", count: half) + axis + bar(share, width: half) }
        return barToTheLeft(-share, width: half).padded(toWidth: half, on: .right) + axis
    }

    /// Blocks that begin at the right come only in halves.
    private func barToTheLeft(_ share: Double, width: Int) -> String {
        guard self == .blocks else { return bar(share, width: width) }
        let count = Int((share * Double(width) * 2).rounded())
        return (count % 2 == 1 ? "▐" : "") + String(repeating: "█", count: count / 2)
    }
}
