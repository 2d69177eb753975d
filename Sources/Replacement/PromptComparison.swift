package import Graphs

/// Which positions of a prompt go with which of another.
package struct PromptAlignment: Hashable, Sendable {
    package struct Pair: Hashable, Sendable {
        package let here: Int
        package let there: Int

        package init(here: Int, there: Int) {
            self.here = here
            self.there = there
        }
    }

    /// Ascending by position here.
    package let pairs: [Pair]

    package init(_ pairs: [Pair]) { self.pairs = pairs.sorted { ($0.here, $0.there) < ($1.here, $1.there) } }

    /// The last position with the last, the one before with the one before, as far as both reach.
    ///
    /// - Parameters:
    ///   - here: how many tokens one prompt has.
    ///   - there: how many the other has.
    ///   - zeroed: how many of the first positions of each are zeroed; they go with none.
    package init(here: Int, there: Int, zeroed: Int) {
        self.init((0..<max(min(here, there) - zeroed, 0)).map { Pair(here: here - 1 - $0, there: there - 1 - $0) })
    }
}

extension FeatureActivations {
    /// Every feature that is active in either run at positions that go together, with its activation there.
    package func counterparts(in there: FeatureActivations, _ alignment: PromptAlignment) -> [(site: FeatureSite, there: Float)] {
        differing(from: there, alignment, isDifferent: { _, _ in true }).map { ($0.here, $0.valueThere) }
    }

    /// Features at positions that go together, in the order of sites.
    fileprivate func differing(
        from there: FeatureActivations, _ alignment: PromptAlignment, isDifferent: (Float, Float) -> Bool
    ) -> [PromptComparison.Feature] {
        var features: [PromptComparison.Feature] = []
        for layer in 0..<layers {
            for pair in alignment.pairs {
                let own = indices(layer: layer, position: pair.here).map { sites[$0].index }
                let others = there.indices(layer: layer, position: pair.there).map { there.sites[$0].index }
                for index in Set(own).union(others).sorted() {
                    let here = FeatureSite(layer: layer, position: pair.here, index: index)
                    let site = FeatureSite(layer: layer, position: pair.there, index: index)
                    let (value, other) = (self[here], there[site])
                    if isDifferent(value, other) {
                        features.append(PromptComparison.Feature(here: here, there: site, valueHere: value, valueThere: other))
                    }
                }
            }
        }
        return features
    }
}

/// The features of two prompts of one model, position by position.
package struct PromptComparison: Sendable {
    /// A feature that differs.
    package struct Feature: Hashable, Sendable {
        package let here: FeatureSite
        package let there: FeatureSite
        /// 0 where it is not active.
        package let valueHere: Float
        package let valueThere: Float

        package var isOnlyHere: Bool { valueThere == 0 }
        package var isOnlyThere: Bool { valueHere == 0 }
    }

    /// Those that are active in one prompt only, or at least twice as strong in one; the largest difference first.
    package let differences: [Feature]
    package let alignment: PromptAlignment

    package init(here: FeatureActivations, there: FeatureActivations, alignment: PromptAlignment) {
        self.alignment = alignment
        let found = here.differing(from: there, alignment) { a, b in
            // Of different signs, or one at least twice the other.
            a * b <= 0 || max(abs(a), abs(b)) >= 2 * min(abs(a), abs(b))
        }
        differences = found.sorted { (abs($1.valueHere - $1.valueThere), $0.here) < (abs($0.valueHere - $0.valueThere), $1.here) }
    }
}
