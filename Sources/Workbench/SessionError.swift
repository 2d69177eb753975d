/// What went wrong with something a user asked for, as a sentence, with the word of theirs it is about.
public struct SessionError: Error, CustomStringConvertible, Sendable {
    public let description: String
    /// The word to underline, as the user typed it, if there is one.
    public let word: String?
    /// The nearest thing that exists.
    public let suggestion: String?

    /// An error with the sentence that a user reads.
    public init(_ description: String, word: String? = nil, suggestion: String? = nil) {
        self.description = description
        self.word = word
        self.suggestion = suggestion
    }
}

/// Somebody who looks at a graph asked for a change, and the session works on another one by now.
package struct OtherGraphError: Error, CustomStringConvertible, Sendable {
    let slug: String
    let prompt: String?

    package var description: String {
        let now = prompt.map { "the prompt \"\($0)\"" } ?? "no prompt"
        return "The session does not work on the graph \(slug) any more, but on \(now). Nothing was changed."
    }
}
