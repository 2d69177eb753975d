package import Graphs

/// A set of features as typed (docs/sets.md); what it means depends on the prompt and the graph.
package indirect enum SetExpression: Hashable, Sendable {
    case sites(SitesTerm)
    /// What `let` gave this name, or a supernode's.
    case named(String)
    case call(SetCallTerm)
    case combined(SetExpression, SetOperator, SetExpression)
}

extension SetExpression {
    /// One feature at one position.
    package init(_ site: FeatureSite) { self = .sites(SitesTerm(site.feature, at: .at(.index(site.position)))) }
}

/// How two sets are combined. Operators have no precedence; they apply from left to right.
package enum SetOperator: String, Hashable, Sendable, CaseIterable {
    case union = "+"
    case difference = "-"
    case intersection = "&"
}

/// `3/412@9`, `3:6/*@9`, `*@-1`, `3/412`: features by their numbers.
package struct SitesTerm: Hashable, Sendable {
    package let layers: LayersTerm
    /// nil for all.
    package let index: Int?
    /// nil for wherever they are active.
    package let positions: PositionsTerm?

    package init(layers: LayersTerm, index: Int?, positions: PositionsTerm?) {
        self.layers = layers
        self.index = index
        self.positions = positions
    }

    package init(_ feature: FeatureID, at positions: PositionsTerm?) {
        self.init(layers: .one(feature.layer), index: feature.index, positions: positions)
    }

    /// The feature, where it is one.
    var feature: FeatureID? {
        guard case .one(let layer) = layers, let index else { return nil }
        return FeatureID(layer: layer, index: index)
    }
}

/// Layers as typed.
package enum LayersTerm: Hashable, Sendable {
    case one(Int)
    /// Half open.
    case range(Int, Int)
    case all

    package func contains(_ layer: Int) -> Bool {
        switch self {
        case .one(let only): layer == only
        case .range(let low, let high): low <= layer && layer < high
        case .all: true
        }
    }

    /// - Throws: `SessionError` for layers that the model, or what else is said, does not have.
    func check(layers count: Int, of owner: String = "model") throws(SessionError) {
        switch self {
        case .one(let layer):
            if layer >= count { throw SessionError("There is no layer \(layer): the \(owner) has layers 0 to \(count - 1).", word: "\(self)") }
        case .range(_, let high):
            if high > count {
                throw SessionError("\(self) is outside the \(owner), which has layers 0 to \(count - 1); the end is not included.", word: "\(self)")
            }
        case .all: return
        }
    }
}

extension LayersTerm: CustomStringConvertible {
    package var description: String {
        switch self {
        case .one(let layer): "\(layer)"
        case .range(let low, let high): "\(low):\(high)"
        case .all: "*"
        }
    }
}

extension SitesTerm: CustomStringConvertible {
    package var description: String {
        let positions = positions.map { "@\($0)" } ?? ""
        if layers == .all, index == nil { return "*" + positions }
        return "\(layers)/\(index.map(String.init) ?? "*")" + positions
    }
}

extension SetExpression: CustomStringConvertible {
    package var description: String {
        switch self {
        case .sites(let term): "\(term)"
        case .named(let name): name.typedName
        case .call(let term): "\(term)"
        case .combined(let left, let combination, let right):
            if case .combined = right, combination != .union || !right.isUnion {
                "\(left) \(combination.rawValue) (\(right))"
            } else {
                "\(left) \(combination.rawValue) \(right)"
            }
        }
    }
}

extension SetExpression {
    /// The most operators but `+`, and the most brackets in each other: what is done with a set recurses.
    package static let mostSteps = 100

    /// How deep its operators are nested.
    package var depth: Int {
        if case .combined(let left, _, let right) = self { 1 + max(left.depth, right.depth) } else { 0 }
    }

    /// Whether there is no operator but `+` in it.
    private var isUnion: Bool {
        guard case .combined(let left, let combination, let right) = self else { return true }
        return combination == .union && left.isUnion && right.isUnion
    }

    /// With others added, halves first, so that many are not nested deeply.
    package func adding(_ others: ArraySlice<SetExpression>) -> SetExpression {
        guard let first = others.first else { return self }
        return .combined(self, .union, first.balanced(with: others.dropFirst()))
    }

    private func balanced(with others: ArraySlice<SetExpression>) -> SetExpression {
        guard let last = others.last else { return self }
        if others.count == 1 { return .combined(self, .union, last) }
        let middle = others.startIndex + others.count / 2
        return .combined(balanced(with: others[..<middle]), .union, others[middle].balanced(with: others[(middle + 1)...]))
    }

    /// The names that it mentions.
    var names: Set<String> {
        switch self {
        case .sites, .call: []
        case .named(let name): [name]
        case .combined(let left, _, let right): left.names.union(right.names)
        }
    }

    /// The same with another set in place of a name.
    func replacing(_ name: String, by set: SetExpression) -> SetExpression {
        switch self {
        case .sites, .call: self
        case .named(let own): own == name ? set : self
        case .combined(let left, let combination, let right):
            .combined(left.replacing(name, by: set), combination, right.replacing(name, by: set))
        }
    }
}
