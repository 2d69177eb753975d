/// What went wrong with something a user asked for, as a sentence, with the word of theirs it is about.
public struct SessionError: Error, CustomStringConvertible, Sendable {
    public let description: String
    /// The word to underline, as the user typed it, where there is one.
    public let word: String?
    /// The nearest thing that exists.
    public let suggestion: String?

    public init(_ description: String, word: String? = nil, suggestion: String? = nil) {
        self.description = description
        self.word = word
        self.suggestion = suggestion
    }
}
