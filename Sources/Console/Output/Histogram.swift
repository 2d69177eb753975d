internal import Evidence
internal import Foundation
internal import ShownText

/// How many activations there are of each strength, as columns of characters, on a log scale.
struct Histogram: Sendable, Equatable {
    let counts: [Double]
    let range: ClosedRange<Double>
    /// The value that is marked on the axis; nil for none.
    let mark: Double?

    private static let height = 4
    /// Few columns are drawn wider.
    private static let usualWidth = 48

    /// - Returns: nil where nothing was counted.
    init?(_ evidence: FeatureEvidence, marking mark: Float?) {
        guard evidence.histogram.contains(where: { $0 > 0 }) else { return nil }
        counts = evidence.histogram
        let (least, most) = (Double(evidence.smallestActivation ?? 0), Double(evidence.scale))
        range = least...max(least, most)
        self.mark = mark.map(Double.init)
    }

    func lines(_ style: RenderingStyle) -> [TerminalText] {
        let room = max((style.width ?? Page.usualWidth) - 2, 1)
        let bins = fitted(room)
        let wide = max(min(Self.usualWidth, room) / bins.count, 1)
        let largest = bins.map(Self.height(of:)).max() ?? 1
        // In eighths of a character.
        let sizes = bins.map { $0 > 0 ? max(Int((Self.height(of: $0) / largest * Double(Self.height * 8)).rounded()), 1) : 0 }
        let rows = (0..<Self.height).reversed().map { row in
            let line = sizes.map { String(repeating: style.glyphs.part(min(max($0 - 8 * row, 0), 8)), count: wide) }.joined()
            return String(line[..<(line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)])
        }
        let length = bins.count * wide
        var axis = Array(repeating: style.glyphs == .blocks ? "─" : "-", count: length)
        if let mark {
            let span = range.upperBound - range.lowerBound
            let place = span > 0 ? (mark - range.lowerBound) / span * Double(length) : 0
            axis[Int(min(max(place, 0), Double(length - 1)))] = style.glyphs == .blocks ? "▲" : "^"
        }
        let ends = [range.lowerBound, range.upperBound].map(NumberStyle.significant(3).text)
        let here = mark.map { "; the mark on the axis is this prompt's \(NumberStyle.significant(3).text($0))" } ?? ""
        let caption = "\(ends[0]) to \(ends[1]), counts on a log scale\(here)"
        return (rows + [axis.joined()] + caption.wrapped(toWidth: room)).map { "  \($0)" }
    }

    private static func height(of count: Double) -> Double { count > 0 ? log1p(count) : 0 }

    /// The counts, added up where there are more than columns.
    private func fitted(_ room: Int) -> [Double] {
        let share = (counts.count + room - 1) / room
        return stride(from: 0, to: counts.count, by: share).map { start in counts[start..<min(start + share, counts.count)].reduce(0, +) }
    }
}

extension Glyphs {
    /// A character that is filled from below, by a number of eighths.
    fileprivate func part(_ eighths: Int) -> String {
        switch self {
        case .blocks: [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"][eighths]
        case .ascii: eighths == 0 ? " " : eighths < 4 ? "." : "#"
        }
    }
}
