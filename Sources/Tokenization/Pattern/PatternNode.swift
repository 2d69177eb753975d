/// A parsed regular expression.
indirect enum PatternNode {
    /// A condition between two scalars.
    enum Anchor {
        case lineStart, lineEnd, wordBoundary
    }

    case set(ScalarSet)
    /// One scalar of the set, `atLeast` to `atMost` times (nil: no limit), as many as possible.
    case repeated(ScalarSet, atLeast: Int, atMost: Int?)
    case sequence([PatternNode])
    /// The first alternative that leads to a match.
    case alternatives([PatternNode])
    case optional(PatternNode)
    /// A node that matches at least one scalar, `atLeast` to `atMost` times (nil: no limit), as many as possible.
    case group(PatternNode, atLeast: Int, atMost: Int?)
    case anchor(Anchor)
    case lookahead(PatternNode, isNegative: Bool)
    /// The node's first match, whatever follows.
    case atomic(PatternNode)

    /// Whether it can match the empty text.
    var canBeEmpty: Bool {
        switch self {
        case .set: false
        case .repeated(_, let least, _), .group(_, let least, _): least == 0
        case .sequence(let nodes): nodes.allSatisfy(\.canBeEmpty)
        case .alternatives(let nodes): nodes.contains(where: \.canBeEmpty)
        case .atomic(let node): node.canBeEmpty
        case .optional, .anchor, .lookahead: true
        }
    }
}
