import Graphs
import Replacement
import TestSupport
import Testing

@Suite struct ActivationAgreementTests {
    /// 20 features.
    private let graph = RandomGraph(layers: 2, featuresPerSite: 2, positions: 5, targets: 1, seed: 7).graph

    /// What a run has that multiplies the graph's first `count` activations by `factor`.
    private func run(_ factor: Float, first count: Int) -> FeatureActivations {
        FeatureActivations(
            sites: graph.activeFeatures,
            values: graph.activations.enumerated().map { feature, value in feature < count ? value * factor : value }, layers: 2, positions: 5)
    }

    @Test func `activations of another precision agree`() {
        for factor in [1, 0.8, 1.25] as [Float] {
            #expect(run(factor, first: 20).agreement(with: graph) == run(1, first: 0).agreement(with: graph))
        }
        #expect(run(1, first: 0).agreement(with: graph).same == 20)
    }

    @Test func `nine features in ten tell the model`() {
        for factor in [0.7, 1.4, -1] as [Float] {
            let (two, three) = (run(factor, first: 2).agreement(with: graph), run(factor, first: 3).agreement(with: graph))
            #expect(two.same == 18 && two.isOfSameModel == true)
            #expect(three.same == 17 && three.isOfSameModel == false)
        }
    }

    @Test func `a feature that is not active does not agree`() {
        let run = FeatureActivations(sites: Array(graph.activeFeatures.dropLast()), values: Array(graph.activations.dropLast()), layers: 2, positions: 5)
        #expect(run.agreement(with: graph).same == 19)
    }

    @Test func `a graph without features says nothing`() {
        let none = RandomGraph(layers: 2, featuresPerSite: 0, positions: 5, targets: 1, seed: 7).graph
        #expect(run(1, first: 0).agreement(with: none).isOfSameModel == nil)
    }
}
