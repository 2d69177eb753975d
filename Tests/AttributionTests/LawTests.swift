import Attribution
import COpenBLAS
import Graphs
import Replacement
import Tensors
import TestSupport
import Testing
import Transcoders
import Transformers

/// Checks that do not need the reference (docs/method.md, section 8), also on random models.
@Suite struct LawTests {
    /// With every layer constrained, doubling a feature changes the pre-activations of all features and the logits of all targets
    /// by exactly the feature's column of the adjacency matrix.
    @Test(arguments: TestModel.all) func `edges are the effects of interventions`(_ test: TestModel) throws {
        let (local, graph) = try test.graph()
        try #require(graph.selectedFeatures.count > 20, "there are too few features for this check")
        let everything = RunOptions(constrainedLayers: 0..<local.model.decoder.layerCount)
        let before = graph.readings(in: FrozenRun(local.record), local)
        let groups = graph.readingGroups
        for feature in stride(from: 0, to: graph.selectedFeatures.count, by: max(1, graph.selectedFeatures.count / 12)) {
            let site = graph.site(ofFeatureNode: feature)
            let doubling = Intervention(
                feature: site.feature, positions: site.position..<site.position + 1, edit: .scale(2))
            let run = try local.intervened([doubling], options: everything)
            let after = graph.readings(in: FrozenRun(run.record), local)
            let expected = before.indices.map { before[$0] + graph.edges[$0, feature] }
            #expect(difference(after, expected, in: groups) == nil, "feature \(site)")
        }
    }

    /// The inputs of a target and the contributions of constants add up to its pre-activation.
    @Test(arguments: TestModel.all) func `a row is complete`(_ test: TestModel) throws {
        let (local, graph) = try test.graph()
        let whole = graph.readings(in: FrozenRun(local.record), local)
        let constant = try graph.readings(in: FrozenRun(constantsOf: local), local)
        let inputs = (0..<graph.edges.rows).map { graph.edges.row($0).reduce(0, +) }
        #expect(difference(zip(inputs, constant).map(+), whole, in: graph.readingGroups) == nil)
    }

    @Test(arguments: TestModel.all) func `computing a graph twice gives the same bits`(_ test: TestModel) throws {
        #expect(try test.graph().graph.edges == test.graph().graph.edges)
    }

    /// With another number of threads, the features are the same, and the numbers are the same up to rounding. The test runs in a
    /// process of its own because OpenBLAS has one number of threads for the whole process.
    @Test func `the result does not depend on the number of threads`() async {
        await #expect(processExitsWith: .success) {
            for test in TestModel.all {
                openblas_set_num_threads(1)
                let one = try test.graph().graph
                openblas_set_num_threads(2)
                let two = try test.graph().graph
                precondition(one.activeFeatures == two.activeFeatures, test.testDescription)
                if let sentence = difference(one.edges, two.edges) { fatalError("\(test.testDescription): \(sentence)") }
            }
        }
    }

    /// The edges do not depend on the order in which features are visited, nor on which are swept together.
    @Test(arguments: TestModel.all) func `ranking features in batches changes no edge`(_ test: TestModel) throws {
        let (local, graph) = try test.graph()
        let targets = AttributionTargets(
            targets: graph.targets,
            vectors: Unembedding(local.model.decoder.weights.unembedding).directions(graph.targets.map(\.id)))
        var options = AttributionOptions()
        options.maxFeatureNodes = graph.selectedFeatures.count - 1
        (options.batchSize, options.updateInterval) = (3, 2)
        let fewer = try AttributionEngine(local).graph(of: targets, options: options, prompt: "", origin: graph.origin)
        #expect(fewer.selectedFeatures.count == graph.selectedFeatures.count - 1)
        let columns = fewer.selectedFeatures + Array(graph.selectedFeatures.count..<graph.edges.columns)
        let rows = fewer.selectedFeatures + graph.targets.indices.map { graph.selectedFeatures.count + $0 }
        let expected = rows.flatMap { row in columns.map { graph.edges[row, $0] } }
        let reordered = Matrix(rows: fewer.edges.rows, columns: fewer.edges.columns, elements: expected)
        #expect(difference(fewer.edges, reordered) == nil)
    }
}
