/// How many steps patterns may still take in one text.
///
/// Some patterns make a backtracking matcher take practically endless steps. Steps in proportion to the text's length are
/// free; beyond that all patterns share this budget, and exhausting it is an error. Oniguruma, which the reference uses,
/// also gives up, after ten million retries at one place.
struct MatchEffort: Sendable {
    /// The steps left beyond the free ones; a second's work at most.
    private var spare: Int

    init(spare: Int = 20_000_000) { self.spare = spare }

    /// The steps that a pattern may take in a range, to be returned to `finish`.
    func steps(for pattern: Pattern, in range: Range<Int>) -> Int {
        4 * pattern.instructions.count * (range.count + 1) + spare
    }

    /// - Parameter left: the steps that are left.
    mutating func finish(left: Int) { spare = min(spare, left) }
}
