/// What a run thinks of a token as the next one.
public struct TokenScore: Hashable, Sendable {
    /// The token.
    public let token: TokenText
    /// Its logit, as the model gives it.
    public let logit: Float
    /// 0 to 1.
    public let probability: Float
    /// 1 is the most likely token.
    public let rank: Int

    /// The number of most likely next tokens that are shown for a prompt by default.
    public static let usualCount = 5
}

extension TokenScore: CustomStringConvertible {
    /// As `" Austin" (p = 0.9939)`.
    public var description: String { "\"\(token.text)\" (p = \(probability))" }
}
