internal import Graphs

/// What a set means now: its features with their positions, each once, in the order in which they were named.
package struct FeatureSet: Sendable, Equatable {
    package private(set) var selectors: [FeatureSelector] = []
    /// Worth knowing: which of several tokens was meant, for example.
    package var notices: [String] = []

    init(_ selectors: [FeatureSelector] = []) { selectors.forEach { append($0) } }

    init(sites: [FeatureSite]) { self.init(sites.map(FeatureSelector.init)) }

    package var isEmpty: Bool { selectors.isEmpty }
    package var count: Int { selectors.count }

    /// Without their positions, each once, in the order in which they were named.
    var features: [FeatureID] {
        var seen: Set<FeatureID> = []
        return selectors.map(\.feature).filter { seen.insert($0).inserted }
    }

    private mutating func append(_ selector: FeatureSelector) {
        if !seen.insert(selector).inserted { return }
        selectors.append(selector)
    }

    private var seen: Set<FeatureSelector> = []

    /// Combined with another one; a difference and an intersection compare positions of the prompt.
    ///
    /// - Parameter sites: the positions of the prompt that a selector names.
    func combined(
        _ combination: SetOperator, _ other: FeatureSet, sites: (FeatureSelector) throws(SessionError) -> [FeatureSite]
    ) throws(SessionError) -> FeatureSet {
        var result = FeatureSet()
        switch combination {
        case .union: (selectors + other.selectors).forEach { result.append($0) }
        case .difference, .intersection:
            var named = Set<FeatureSite>()
            for selector in other.selectors { named.formUnion(try sites(selector)) }
            for selector in selectors {
                let own = try sites(selector)
                let kept = own.filter { named.contains($0) == (combination == .intersection) }
                // Whole, it stays as it was typed: an open end stays open.
                if kept.count == own.count, combination == .difference || !own.isEmpty {
                    result.append(selector)
                } else {
                    kept.forEach { result.append(FeatureSelector($0)) }
                }
            }
        }
        result.notices = notices + other.notices.filter { !notices.contains($0) }
        return result
    }
}

extension FeatureSelector {
    /// A feature at one position.
    init(_ site: FeatureSite) { self.init(feature: site.feature, positions: .at(site.position)) }
}
