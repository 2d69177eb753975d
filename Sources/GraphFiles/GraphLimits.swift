/// Limits on numbers in a file that determine memory use or other numbers.
enum GraphLimits {
    /// More layers than any model has.
    static let layers = 1_000
    /// More tokens than any vocabulary has.
    static let vocabulary = 1 << 32
}
