/// How much work patterns may still take in one text.
///
/// A pattern can be written so that a backtracking matcher needs more steps than there is time. What the length of a text
/// explains is free; beyond that all patterns share these steps, and a pattern that takes them all is an error. Oniguruma, which
/// the reference uses, gives up as well, after ten million retries at one place.
struct MatchEffort: Sendable {
    /// Steps that are left beyond those that lengths explain; a second's work at most.
    private var spare: Int

    init(spare: Int = 20_000_000) { self.spare = spare }

    /// Steps that a pattern may take in a range, to be given back to `finish`.
    func steps(for pattern: Pattern, in range: Range<Int>) -> Int {
        4 * pattern.instructions.count * (range.count + 1) + spare
    }

    /// - Parameter left: of the steps.
    mutating func finish(left: Int) { spare = min(spare, left) }
}
