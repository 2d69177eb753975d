/// What a graph is to explain.
public enum TargetRequest: Hashable, Sendable {
    /// The most likely next tokens.
    case mostLikely
    /// The logits of these tokens.
    case tokens([TokenReference])
    /// By how much the first one's logit exceeds the second one's.
    case difference(TokenReference, TokenReference)
    /// What tokens have that their counterparts, one for each, lack.
    case concept([TokenReference], counterparts: [TokenReference])
}
