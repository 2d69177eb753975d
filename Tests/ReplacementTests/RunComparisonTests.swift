import Foundation
import Graphs
import Replacement
import Tensors
import TestSupport
import Testing

@Suite struct RunComparisonTests {
    private func features(_ active: [FeatureSite: Float]) -> FeatureActivations {
        let sites = active.keys.sorted()
        return FeatureActivations(sites: sites, values: sites.map { active[$0]! }, layers: 3, positions: 4)
    }

    private func site(_ layer: Int, _ index: Int, at position: Int = 2) -> FeatureSite {
        FeatureSite(layer: layer, position: position, index: index)
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func `the divergence is that of the two distributions`(_ seed: UInt64) {
        var random = RandomBits(seed: seed)
        let (before, after) = (random.floats(50, scale: 4), random.floats(50, scale: 4))
        func distribution(_ logits: [Float]) -> [Double] {
            let weights = logits.map { exp(Double($0)) }
            let sum = weights.reduce(0, +)
            return weights.map { $0 / sum }
        }
        let expected = zip(distribution(before), distribution(after)).reduce(0) { $0 + $1.0 * log($1.0 / $1.1) }
        let none = features([:])
        let comparison = RunComparison(before: before, after: after, features: (none, none))
        #expect(abs(Double(comparison.divergence) - expected) < 1e-5 * expected)
        #expect(RunComparison(before: before, after: before, features: (none, none)).divergence == 0)
        let changes = comparison.tokensByLogitChange(50).map { abs(after[$0] - before[$0]) }
        #expect(changes == changes.sorted(by: >) && Set(comparison.tokensByProbabilityChange(50)).count == 50)
        #expect(comparison.tokensByLogitChange(3).count == 3 && comparison.tokensByLogitChange(-1).isEmpty)
    }

    @Test func `what is certain before and impossible after diverges by a number`() {
        let none = features([:])
        let comparison = RunComparison(before: [200, 0], after: [0, 200], features: (none, none))
        #expect(comparison.divergence.isFinite && comparison.divergence > 80)
    }

    @Test func `features switch on and off, the largest first`() {
        let before = features([site(0, 1): 2, site(0, 5): 3, site(1, 1): 1])
        let after = features([site(0, 1): 9, site(2, 1): 0.5, site(2, 2): 0.7, site(0, 5, at: 3): 0.5])
        let comparison = RunComparison(before: [0], after: [0], features: (before, after))
        #expect(comparison.switchedOn.map(\.site) == [site(2, 2), site(0, 5, at: 3), site(2, 1)])
        #expect(comparison.switchedOn.map(\.activation) == [0.7, 0.5, 0.5])
        #expect(comparison.switchedOff.map(\.site) == [site(0, 5), site(1, 1)])
    }
}
