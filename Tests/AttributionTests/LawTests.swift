import Attribution
import Graphs
import Replacement
import Tensors
import TestSupport
import Testing
import Transcoders
import Transformers

/// Checks that need no reference (method.md section 8), on random models too.
@Suite struct LawTests {
    /// With every layer constrained, doubling a feature changes every other active feature's pre-activation and every
    /// target's logit by exactly its column of the adjacency matrix.
    @Test(arguments: TestModel.all) func `edges are what interventions do`(_ test: TestModel) throws {
        let (local, graph) = try test.graph()
        let unembedding = local.model.decoder.weights.unembedding.widened()
        let everything = RunOptions(constrainedLayers: 0..<local.model.decoder.layerCount)
        let before = try Readings(local.record, local, graph, unembedding)
        for feature in stride(from: 0, to: graph.selectedFeatures.count, by: max(1, graph.selectedFeatures.count / 12)) {
            let site = graph.site(ofFeatureNode: feature)
            let doubling = Intervention(
                feature: site.feature, positions: site.position..<site.position + 1, isOpenEnded: false, edit: .scale(2))
            let after = try Readings(local.intervened([doubling], options: everything).record, local, graph, unembedding)
            let column = (0..<graph.edges.rows).map { graph.edges[$0, feature] }
            // Upstream's own tolerance for activations is 5e-4 absolute; ours holds with a tenth of it.
            let measured = zip(after.values, before.values).map { $0 - $1 }
            #expect(difference(measured, column, Tolerance(absolute: 5e-5, relative: 1e-3)) == nil, "feature \(site)")
        }
    }

    /// All of a target's inputs, with those of the biases, add up to its pre-activation.
    @Test(arguments: TestModel.all) func `a row with the biases is the whole pre-activation`(_ test: TestModel) throws {
        let (local, graph) = try test.graph()
        let readings = try Readings(local.record, local, graph, local.model.decoder.weights.unembedding.widened())
        let constants = try test.constants(local)
        let fromConstants = try Readings(constants, local, graph, local.model.decoder.weights.unembedding.widened(), withBias: true)
        for row in 0..<graph.edges.rows {
            let inputs = graph.edges.row(row).reduce(0, +)
            let whole = readings.values[row]
            #expect(abs(inputs + fromConstants.values[row] - whole) <= 2e-4 + 1e-4 * abs(whole), "row \(row)")
        }
    }

    @Test(arguments: TestModel.all) func `the same graph twice is the same to the last bit`(_ test: TestModel) throws {
        #expect(try test.graph().graph.edges == test.graph().graph.edges)
    }
}
