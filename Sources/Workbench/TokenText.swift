/// A token where it is shown.
public struct TokenText: Hashable, Sendable {
    public let id: Int
    /// Decoded on its own.
    public let text: String

    public init(id: Int, text: String) {
        self.id = id
        self.text = text
    }
}
