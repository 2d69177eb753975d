/// Replaces everything that a regular expression matches by one text (`Replace`, in normalizers).
struct Substitution: Sendable {
    private let pattern: Pattern
    private let content: [UInt8]

    /// - Parameter expression: the `Regex` of the stage `value`.
    init(_ expression: FileValue, in value: FileValue) throws(TokenizerError) {
        pattern = try Pattern(expression: try expression.string(), key: expression.path)
        content = try value.required("content").utf8()
    }

    /// How many times longer a text can become: a replacement may be inserted at every place.
    var growth: Int { content.count + 1 }

    /// Works from left to right; replacements are not searched again. Nothing matches in an empty text.
    /// - Throws: `.endlessPattern`.
    func apply(to utf8: ArraySlice<UInt8>, _ effort: inout MatchEffort) throws(TokenizerError) -> ArraySlice<UInt8> {
        guard !utf8.isEmpty else { return utf8 }
        let text = ScalarText(utf8: utf8)
        var result: [UInt8] = []
        var kept = 0
        for match in try pattern.matches(in: text, 0..<text.scalars.count, &effort) {
            result += text.utf8(of: kept..<match.lowerBound)
            result += content
            kept = match.upperBound
        }
        result += text.utf8(of: kept..<text.scalars.count)
        return result[...]
    }
}
