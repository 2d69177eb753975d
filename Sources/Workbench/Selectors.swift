package import Graphs
package import Replacement

/// Which positions an intervention applies to, as typed after `@`.
package enum PositionSelector: Hashable, Sendable {
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
package struct FeatureSelector: Hashable, Sendable {
    package let feature: FeatureID
    package let positions: PositionSelector

    package init(feature: FeatureID, positions: PositionSelector) {
        self.feature = feature
        self.positions = positions
    }
}

extension PositionSelector: LosslessStringConvertible {
    /// As typed, without the `@`.
    package var description: String {
        switch self {
        case .at(let position): "\(position)"
        case .range(let low, let high): "\(low):\(high)"
        case .from(let low): "\(low):"
        case .all: "*"
        }
    }

    package init?(_ description: String) {
        let bounds = description.split(separator: ":", omittingEmptySubsequences: false)
        switch (bounds.count, bounds.first.flatMap { Int($0) }, bounds.last.flatMap { Int($0) }) {
        case (1, let position?, _): self = .at(position)
        case (1, nil, _) where description == "*": self = .all
        case (2, let low?, let high?): self = .range(low, high)
        case (2, let low?, nil) where bounds[1].isEmpty: self = .from(low)
        default: return nil
        }
    }
}

extension FeatureSelector: LosslessStringConvertible {
    package var description: String { "\(feature)@\(positions)" }

    package init?(_ description: String) {
        let halves = description.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        guard halves.count == 2, let feature = FeatureID(halves[0]), let positions = PositionSelector(halves[1]) else { return nil }
        self.init(feature: feature, positions: positions)
    }
}

/// An edit asked for on a feature.
package struct InterventionRequest: Hashable, Sendable {
    package let selector: FeatureSelector
    package let edit: FeatureEdit

    package init(_ selector: FeatureSelector, _ edit: FeatureEdit) {
        self.selector = selector
        self.edit = edit
    }
}
