/// What a run thinks of a token as the next one.
public struct TokenScore: Hashable, Sendable {
    /// The token.
    public let token: TokenText
    /// Its logit, as the model gives it.
    public let logit: Float
    /// 0 to 1.
    public let probability: Float
    /// 1 is the likeliest.
    public let rank: Int

    /// How many of the likeliest tokens are shown of a prompt, unless it is said.
    public static let usualCount = 5
}

extension TokenScore: CustomStringConvertible {
    /// As `" Austin" (p = 0.9939)`.
    public var description: String { "\"\(token.text)\" (p = \(probability))" }
}
