public import Graphs
public import Replacement

/// Which positions an intervention applies to, as typed after `@`.
public enum PositionSelector: Hashable, Sendable {
    /// `@5`; negative counts from the end, `@-1` is the last.
    case at(Int)
    /// `@5:8`, half open.
    case range(Int, Int)
    /// `@9:`, from there on, generated tokens included.
    case from(Int)
    /// `@*`, all but the zeroed positions, generated tokens included.
    case all
}

/// A feature with positions, `LAYER/INDEX@POSITIONS`.
public struct FeatureSelector: Hashable, Sendable {
    public let feature: FeatureID
    public let positions: PositionSelector

    public init(feature: FeatureID, positions: PositionSelector) {
        self.feature = feature
        self.positions = positions
    }
}

extension FeatureSelector: CustomStringConvertible {
    public var description: String {
        switch positions {
        case .at(let position): "\(feature)@\(position)"
        case .range(let low, let high): "\(feature)@\(low):\(high)"
        case .from(let low): "\(feature)@\(low):"
        case .all: "\(feature)@*"
        }
    }
}

/// An edit asked for on a feature.
public struct InterventionRequest: Hashable, Sendable {
    public let selector: FeatureSelector
    public let edit: FeatureEdit

    public init(_ selector: FeatureSelector, _ edit: FeatureEdit) {
        self.selector = selector
        self.edit = edit
    }
}

/// A token as a user names it: a JSON string or `#ID`.
public enum TokenReference: Hashable, Sendable {
    case text(String)
    case id(Int)
}

/// What a graph is to explain.
public enum TargetRequest: Hashable, Sendable {
    /// The likeliest next tokens.
    case likeliest
    case tokens([TokenReference])
    /// By how much the first one's logit exceeds the second one's.
    case difference(TokenReference, TokenReference)
    /// What tokens have that their counterparts, one for each, lack.
    case concept([TokenReference], counterparts: [TokenReference])
}

/// How the `features` table is ranked.
public enum FeatureOrder: String, Sendable, CaseIterable {
    case influence
    case activation
    /// By the size of the direct effect on the top target's logit.
    case direct
}

/// Which side of the interventions an expectation is about.
public enum RunSide: String, Sendable, CaseIterable {
    case before
    case after
}

/// One checkable statement about the current prompt and its interventions.
public enum Expectation: Hashable, Sendable {
    /// `probability SIDE TOKEN VALUE +- TOLERANCE`
    case probability(RunSide, TokenReference, value: Float, tolerance: Float)
    /// `probability SIDE TOKEN < VALUE`
    case probabilityCompared(RunSide, TokenReference, Comparison, Float)
    /// `logit SIDE TOKEN VALUE +- TOLERANCE`
    case logit(RunSide, TokenReference, value: Float, tolerance: Float)
    /// `rank SIDE TOKEN RANK`; 1 is the likeliest.
    case rank(RunSide, TokenReference, Int)
    /// `top SIDE TOKEN`: the likeliest next token.
    case top(RunSide, TokenReference)
    /// `logit-change TOKEN < VALUE`: after minus before.
    case logitChange(TokenReference, Comparison, Float)
    /// `generation SIDE contains TEXT`: the last `generate`.
    case generation(RunSide, contains: String)

    public enum Comparison: String, Sendable, CaseIterable {
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }
}
