/// A token where it is shown.
public struct TokenText: Hashable, Sendable {
    /// The id in the vocabulary.
    public let id: Int
    /// Decoded on its own.
    public let text: String

    /// A token with its text.
    public init(id: Int, text: String) {
        self.id = id
        self.text = text
    }
}
