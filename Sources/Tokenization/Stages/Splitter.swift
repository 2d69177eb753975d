/// Splits pieces of a text where a pattern matches (`Split`).
struct Splitter: Sendable {
    /// What becomes of the matches.
    enum Behavior: String, Sendable {
        case removed = "Removed"
        case isolated = "Isolated"
        case mergedWithPrevious = "MergedWithPrevious"
        case mergedWithNext = "MergedWithNext"
        case contiguous = "Contiguous"

        init(_ value: FileValue) throws(TokenizerError) {
            guard let behavior = Behavior(rawValue: try value.string()) else {
                throw .unsupported(key: value.path, value: try value.string())
            }
            self = behavior
        }
    }

    private let pattern: SplitPattern
    private let behavior: Behavior
    /// What is between the matches counts as matched instead.
    private let isInverted: Bool

    init(_ pattern: SplitPattern, _ behavior: Behavior, isInverted: Bool = false) {
        self.pattern = pattern
        self.behavior = behavior
        self.isInverted = isInverted
    }

    init(isolating expression: String, key: String) throws(TokenizerError) {
        self.init(.expression(try Pattern(expression: expression, key: key)), .isolated)
    }

    /// Splits before each `literal`.
    init(before literal: String, key: String) throws(TokenizerError) {
        self.init(.expression(try Pattern(literal: literal, key: key)), .mergedWithNext)
    }

    init(_ value: FileValue) throws(TokenizerError) {
        let source = try value.required("pattern")
        if let literal = try source.member("String") {
            pattern = .expression(try Pattern(literal: try literal.string(), key: literal.path))
        } else {
            let expression = try source.required("Regex")
            pattern = .expression(try Pattern(expression: try expression.string(), key: expression.path))
        }
        behavior = try Behavior(value.required("behavior"))
        isInverted = try value.required("invert").bool()
    }

    /// The pieces, split further; empty ones are left out.
    /// - Throws: `.endlessPattern`.
    func split(_ text: ScalarText, _ pieces: [Range<Int>], _ effort: inout MatchEffort) throws(TokenizerError) -> [Range<Int>] {
        var result: [Range<Int>] = []
        for piece in pieces {
            let segments = try segments(text, piece, &effort)
            switch behavior {
            case .isolated: result += segments.map(\.range)
            case .removed: result += segments.filter { !$0.isMatch }.map(\.range)
            case .mergedWithPrevious: result += merged(segments, forwards: true)
            case .mergedWithNext: result += merged(segments.reversed(), forwards: false).reversed()
            case .contiguous: result += contiguous(segments)
            }
        }
        return result.filter { !$0.isEmpty }
    }

    /// Matches and the text between them, in order.
    private func segments(
        _ text: ScalarText, _ piece: Range<Int>, _ effort: inout MatchEffort
    ) throws(TokenizerError) -> [(range: Range<Int>, isMatch: Bool)] {
        var segments: [(range: Range<Int>, isMatch: Bool)] = []
        var position = piece.lowerBound
        for match in try pattern.matches(in: text, piece, &effort) {
            if position < match.lowerBound { segments.append((position..<match.lowerBound, isInverted)) }
            segments.append((match, !isInverted))
            position = match.upperBound
        }
        if position < piece.upperBound { segments.append((position..<piece.upperBound, isInverted)) }
        return segments
    }

    /// Joins each match that follows a non-match to it.
    private func merged(_ segments: [(range: Range<Int>, isMatch: Bool)], forwards: Bool) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var followsMatch = false
        for (range, isMatch) in segments {
            if isMatch, !followsMatch, let last = result.popLast() {
                result.append(forwards ? last.lowerBound..<range.upperBound : range.lowerBound..<last.upperBound)
            } else {
                result.append(range)
            }
            followsMatch = isMatch
        }
        return result
    }

    /// Joins runs of matches, and runs of non-matches.
    private func contiguous(_ segments: [(range: Range<Int>, isMatch: Bool)]) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var followsMatch = false
        for (range, isMatch) in segments {
            if isMatch == followsMatch, let last = result.popLast() {
                result.append(last.lowerBound..<range.upperBound)
            } else {
                result.append(range)
            }
            followsMatch = isMatch
        }
        return result
    }
}
