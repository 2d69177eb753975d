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

extension PositionSelector {
    /// A position as typed, negative ones from the end, as one of `count` prompt positions.
    ///
    /// - Throws: `SessionError` about `word` for a position that the prompt does not have.
    static func absolute(_ position: Int, in count: Int, word: String) throws(SessionError) -> Int {
        let absolute = position < 0 ? position + count : position
        guard (0..<count).contains(absolute) else {
            throw SessionError("There is no position \(position): the prompt has positions 0 to \(count - 1).", word: word)
        }
        return absolute
    }
}

extension FeatureSelector {
    /// The prompt positions that are named, and whether it goes on into generated tokens. Ranges skip zeroed positions;
    /// a single position may be one.
    ///
    /// - Parameters:
    ///   - count: the prompt's positions.
    ///   - zeroed: how many of the first have no features.
    /// - Throws: `SessionError` for positions that the prompt does not have.
    package func resolved(count: Int, zeroed: Int) throws(SessionError) -> (positions: Range<Int>, isOpenEnded: Bool) {
        func clamped(_ low: Int, _ high: Int) -> Range<Int> { max(low, zeroed)..<max(high, low, zeroed) }
        switch positions {
        case .at(let position):
            let position = try PositionSelector.absolute(position, in: count, word: "\(self)")
            return (position..<position + 1, false)
        case .range(let low, let high):
            let (first, end) = (low < 0 ? low + count : low, high < 0 ? high + count : high)
            guard first >= 0, first < end, end <= count else {
                throw SessionError(
                    "\(low):\(high) is no range of the prompt's positions 0 to \(count - 1); the end is not included.", word: "\(self)")
            }
            return (clamped(first, end), false)
        case .from(let low):
            // One past the last is allowed: the generated tokens only.
            let first = low < 0 ? low + count : low
            guard (0...count).contains(first) else {
                throw SessionError("There is no position \(low): the prompt has positions 0 to \(count - 1).", word: "\(self)")
            }
            return (clamped(first, count), true)
        case .all:
            return (clamped(0, count), true)
        }
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
