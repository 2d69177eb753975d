package import Graphs
package import Replacement

/// Which positions an intervention applies to, as typed after `@`.
package enum PositionSelector: Hashable, Sendable {
    /// `@5`; negative counts from the prompt's end, `@-1` is its last token. After that come generated tokens.
    case at(Int)
    /// `@5:8`, half open; it may reach into generated tokens, or begin in them.
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
    /// - Parameter isOther: whether the prompt is another than the current one.
    /// - Throws: `SessionError` about `word` for a position that the prompt does not have.
    static func absolute(_ position: Int, in count: Int, ofOther isOther: Bool = false, word: String) throws(SessionError) -> Int {
        let absolute = position < 0 ? position + count : position
        guard (0..<count).contains(absolute) else {
            throw SessionError(
                "There is no position \(position): the \(isOther ? "other " : "")prompt has positions 0 to \(count - 1).", word: word)
        }
        return absolute
    }
}

extension FeatureSelector {
    /// The positions that are named, counted from the prompt's first token on; those after its last are generated tokens,
    /// and `Int.max` is an open end. Ranges skip zeroed positions; a single position may be one.
    ///
    /// - Parameters:
    ///   - count: the prompt's positions.
    ///   - zeroed: how many of the first have no features.
    ///   - context: the most positions that the model has.
    /// - Throws: `SessionError` for positions that neither the prompt nor what is generated after it can have.
    package func resolved(count: Int, zeroed: Int, context: Int) throws(SessionError) -> Range<Int> {
        func absolute(_ position: Int) throws(SessionError) -> Int {
            let absolute = position < 0 ? position + count : position
            if absolute < 0 {
                throw SessionError("There is no position \(position): the prompt has positions 0 to \(count - 1).", word: "\(self)")
            }
            if absolute >= context {
                throw SessionError(
                    "There is no position \(position): the model's context ends at position \(context - 1), and generated tokens have the positions from \(count) on.",
                    word: "\(self)")
            }
            return absolute
        }
        switch positions {
        case .at(let position):
            let position = try absolute(position)
            return position..<position + 1
        case .range(let low, let high):
            // The end is not included, so it may be one past the last.
            let (first, end) = (try absolute(low), high == context ? high : try absolute(high))
            guard first < end else {
                throw SessionError(
                    "\(low):\(high) names no positions: on this prompt it begins at \(first) and ends before \(end).",
                    word: "\(self)")
            }
            return max(first, zeroed)..<max(end, first, zeroed)
        case .from(let low):
            return max(try absolute(low), zeroed)..<Int.max
        case .all:
            return zeroed..<Int.max
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
