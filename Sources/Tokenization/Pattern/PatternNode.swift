/// A parsed regular expression.
indirect enum PatternNode {
    case set(ScalarSet)
    /// One scalar of the set, `atLeast` to `atMost` times (nil: no limit), as many as possible.
    case repeated(ScalarSet, atLeast: Int, atMost: Int?)
    case sequence([PatternNode])
    /// The first that leads to a match.
    case alternatives([PatternNode])
    case optional(PatternNode)
    case lookahead(PatternNode, isNegative: Bool)
}
