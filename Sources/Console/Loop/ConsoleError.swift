/// What is wrong with a command line, and with which part of it.
struct ConsoleError: Error, Equatable, Sendable {
    /// A sentence; its full stop may be left out.
    let message: String
    /// The part to underline, in the line that was being read.
    let range: Range<String.Index>?
    /// What was probably meant, as it would be typed.
    let suggestion: String?
    /// What to do next.
    var advice: String?

    init(_ message: String, at range: Range<String.Index>? = nil, suggestion: String? = nil, advice: String? = nil) {
        self.message = message
        self.range = range
        self.suggestion = suggestion
        self.advice = advice
    }
}
