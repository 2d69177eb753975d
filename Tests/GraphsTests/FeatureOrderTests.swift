import Graphs
import Tensors
import TestSupport
import Testing

@Suite struct FeatureOrderTests {
    private let graph = RandomGraph(layers: 3, featuresPerSite: 2, positions: 3, targets: 2, seed: 3).graph

    @Test(arguments: FeatureOrder.allCases) func `features come in the requested order`(_ order: FeatureOrder) {
        let influence = GraphInfluence(graph)
        let ranked = graph.features(by: order, influence: influence)
        let sizes = ranked.map { place in
            switch order {
            case .influence: influence.sources[place]
            case .activation: graph.activations[place]
            case .direct: abs(graph.edges[graph.index.features, place])
            }
        }
        #expect(sizes == sizes.sorted(by: >) && Set(ranked).count == graph.index.features)
        let some = graph.features(by: order, influence: influence) { $0.layer == 1 && $0.position == 2 }
        #expect(some == ranked.filter { graph.site(ofFeatureNode: $0).layer == 1 && graph.site(ofFeatureNode: $0).position == 2 })
        #expect(some.count == 2 && graph.features(by: order, influence: influence) { $0.layer == 9 }.isEmpty)
    }
}
