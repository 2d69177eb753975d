import Graphs
import Tensors
import TestSupport
import Testing

/// Merging all features except a few into error nodes.
@Suite struct MergingTests {
    private let graph = RandomGraph(layers: 3, featuresPerSite: 2, positions: 3, targets: 2, seed: 5).graph

    @Test func `a merged feature's edges are added to its error node's`() {
        let kept = Set([graph.site(ofFeatureNode: 0), graph.site(ofFeatureNode: 7)])
        let merged = graph.mergingFeaturesIntoErrors(except: kept)
        let (before, after) = (graph.index, merged.index)
        #expect((0..<after.features).map { merged.site(ofFeatureNode: $0) } == kept.sorted())
        #expect(merged.targets == graph.targets && merged.tokens == graph.tokens)
        for target in graph.targets.indices {
            let (old, new) = (before.features + target, after.features + target)
            for layer in 0..<3 {
                for position in 0..<3 {
                    let gone = (0..<before.features).filter { place in
                        let site = graph.site(ofFeatureNode: place)
                        return site.layer == layer && site.position == position && !kept.contains(site)
                    }
                    let expected = gone.reduce(graph.edges[old, before.error(layer: layer, position: position)]) { $0 + graph.edges[old, $1] }
                    #expect(abs(merged.edges[new, after.error(layer: layer, position: position)] - expected) < 1e-6)
                }
            }
            for position in 0..<3 {
                #expect(merged.edges[new, after.token(position: position)] == graph.edges[old, before.token(position: position)])
            }
        }
    }

    @Test func `keeping all features changes nothing, and keeping none leaves errors and tokens`() {
        let all = Set((0..<graph.index.features).map { graph.site(ofFeatureNode: $0) })
        #expect(graph.mergingFeaturesIntoErrors(except: all) == graph)
        let none = graph.mergingFeaturesIntoErrors(except: [])
        #expect(none.index.features == 0)
        let (whole, bare) = (scores(graph), scores(none))
        #expect(bare.replacement < whole.replacement && bare.completeness < whole.completeness)
    }

    private func scores(_ graph: AttributionGraph) -> GraphScores { GraphScores(graph, influence: GraphInfluence(graph)) }
}
