/// The pattern of a `Splitter`.
enum SplitPattern: Sendable {
    case expression(Pattern)
    /// Each scalar of a class.
    case scalars(ScalarClass)
    /// The longest runs of scalars of one of these classes.
    case runs([ScalarClass])

    /// All matches in `text[range]`, left to right.
    /// - Throws: `.endlessPattern`.
    func matches(in text: ScalarText, _ range: Range<Int>, _ effort: inout MatchEffort) throws(TokenizerError) -> [Range<Int>] {
        switch self {
        case .expression(let pattern): try pattern.matches(in: text, range, &effort)
        case .scalars(let wanted): range.filter { wanted.contains(text.scalars[$0]) }.map { $0..<$0 + 1 }
        case .runs(let classes): Self.runs(of: classes, in: text, range)
        }
    }

    private static func runs(of classes: [ScalarClass], in text: ScalarText, _ range: Range<Int>) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var position = range.lowerBound
        while position < range.upperBound {
            guard let found = classes.first(where: { $0.contains(text.scalars[position]) }) else {
                position += 1
                continue
            }
            let start = position
            repeat { position += 1 } while position < range.upperBound && found.contains(text.scalars[position])
            runs.append(start..<position)
        }
        return runs
    }
}
