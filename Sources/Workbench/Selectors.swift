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
