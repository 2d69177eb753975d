/// Numbers that a file may say and that memory is asked for by, or other numbers are made from.
enum GraphLimits {
    /// More layers than any model has.
    static let layers = 1_000
    /// More tokens than any vocabulary has.
    static let vocabulary = 1 << 32
}
