import COpenBLAS
import Graphs
import Replacement
import Tensors
import TestSupport
import Testing
import Transcoders
import Transformers

@testable import Attribution

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
                let graphs = try [1, 2, 3].map { threads in
                    openblas_set_num_threads(Int32(threads))
                    return try test.rankedGraph()
                }
                for graph in graphs { if let sentence = graphs[0].change(in: graph) { fatalError("\(test.testDescription): \(sentence)") } }
            }
        }
    }

    /// Which features are nodes and their numbers do not depend on the instruction set.
    @Test(arguments: TestModel.all) func `every set of kernels ranks features alike`(_ test: TestModel) throws {
        let graphs = try Kernels.runnable.map { try Kernels.$current.withValue($0) { try test.rankedGraph() } }
        for graph in graphs { #expect(graphs[0].change(in: graph) == nil) }
    }

    /// Nor on which features are swept together: one at a time, a few, or as few as a limit on the rows makes them.
    @Test(arguments: TestModel.all) func `every grouping of sweeps ranks features alike`(_ test: TestModel) throws {
        let graph = try test.rankedGraph()
        for (features, rows) in [(1, 2048), (7, 2048), (256, 20)] {
            let other = try test.rankedGraph { AttributionEngine($0, sweepFeatures: features, sweepRows: rows) }
            #expect(graph.change(in: other) == nil, "\(features) features and \(rows) rows at a time")
        }
    }

    /// The edges do not depend on the order in which features are visited, nor on which are swept together.
    @Test(arguments: TestModel.all) func `ranking features in batches changes no edge`(_ test: TestModel) throws {
        let (local, graph) = try test.graph()
        let targets = local.mostLikelyTargets(3)
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

extension TestModel {
    /// The graph of the three most likely tokens with half of the features, which are ranked many times. That none is kept out by rounding is
    /// what makes the choice one that can be compared.
    fileprivate func rankedGraph(_ engine: (LocalReplacementModel) -> AttributionEngine = { AttributionEngine($0) }) throws -> AttributionGraph {
        let local = try local()
        var options = AttributionOptions()
        options.maxFeatureNodes = local.activations.count / 2
        (options.batchSize, options.updateInterval) = (3, 2)
        return try engine(local).graph(
            of: local.mostLikelyTargets(3), options: options, prompt: "", origin: .test(local.model),
            tied: { Issue.record("rounding keeps \($0) out") })
    }
}

extension AttributionGraph {
    /// What is not as it is in another computation of the same graph; nil where all is, to rounding.
    fileprivate func change(in other: AttributionGraph) -> String? {
        if activeFeatures != other.activeFeatures { return "other features are active" }
        if selectedFeatures != other.selectedFeatures { return "other features are nodes" }
        return difference(other.edges, edges)
    }
}
