/// One checkable statement about the current prompt and its interventions.
package enum Expectation: Hashable, Sendable {
    /// `probability SIDE TOKEN VALUE +- TOLERANCE`
    case probability(RunSide, TokenReference, value: Float, tolerance: Float)
    /// `probability SIDE TOKEN < VALUE`
    case probabilityCompared(RunSide, TokenReference, Comparison, Float)
    /// `logit SIDE TOKEN VALUE +- TOLERANCE`
    case logit(RunSide, TokenReference, value: Float, tolerance: Float)
    /// `rank SIDE TOKEN RANK`; 1 is the most likely token.
    case rank(RunSide, TokenReference, Int)
    /// `top SIDE TOKEN`: the most likely next token.
    case top(RunSide, TokenReference)
    /// `logit-change TOKEN < VALUE`: after minus before.
    case logitChange(TokenReference, Comparison, Float)
    /// `activation SET VALUE +- TOLERANCE`: the mean of what the features read after, as a share of what they read before.
    case activation(SetExpression, value: Float, tolerance: Float)
    /// `generation SIDE contains TEXT`: the last `generate`.
    case generation(RunSide, contains: String)

    package enum Comparison: String, Sendable, CaseIterable {
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }
}

extension Expectation.Comparison {
    func holds(_ found: Float, _ value: Float) -> Bool {
        switch self {
        case .less: found < value
        case .lessOrEqual: found <= value
        case .greater: found > value
        case .greaterOrEqual: found >= value
        }
    }
}

extension Expectation: CustomStringConvertible {
    /// As it is typed after `expect`.
    package var description: String {
        switch self {
        case .probability(let side, let token, let value, let tolerance): "probability \(side) \(token) \(value) +- \(tolerance)"
        case .probabilityCompared(let side, let token, let comparison, let value): "probability \(side) \(token) \(comparison.rawValue) \(value)"
        case .logit(let side, let token, let value, let tolerance): "logit \(side) \(token) \(value) +- \(tolerance)"
        case .rank(let side, let token, let rank): "rank \(side) \(token) \(rank)"
        case .top(let side, let token): "top \(side) \(token)"
        case .logitChange(let token, let comparison, let value): "logit-change \(token) \(comparison.rawValue) \(value)"
        case .activation(let set, let value, let tolerance): "activation \(set) \(value) +- \(tolerance)"
        case .generation(let side, let text): "generation \(side) contains \(text.quotedText)"
        }
    }
}

/// Which side of the interventions an expectation is about.
package enum RunSide: String, Sendable, CaseIterable {
    case before
    case after
}
