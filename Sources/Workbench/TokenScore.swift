/// What a run thinks of a token as the next one.
public struct TokenScore: Hashable, Sendable {
    public let token: TokenText
    public let logit: Float
    /// 0 to 1.
    public let probability: Float
    /// 1 is the likeliest.
    public let rank: Int
}
