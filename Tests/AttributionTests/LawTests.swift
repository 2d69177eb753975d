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
        let before = readings(of: graph, in: FrozenRun(local.record), local)
        let groups = groups(of: graph)
        for feature in stride(from: 0, to: graph.selectedFeatures.count, by: max(1, graph.selectedFeatures.count / 12)) {
            let site = graph.site(ofFeatureNode: feature)
            let doubling = Intervention(
                feature: site.feature, positions: site.position..<site.position + 1, edit: .scale(2))
            let run = try local.intervened([doubling], options: everything)
            let after = readings(of: graph, in: FrozenRun(run.record), local)
            let expected = before.indices.map { before[$0] + graph.edges[$0, feature] }
            #expect(difference(after, expected, in: groups) == nil, "feature \(site)")
        }
    }

    /// The inputs of a target and the contributions of constants add up to its pre-activation.
    @Test(arguments: TestModel.all) func `a row is complete`(_ test: TestModel) throws {
        let (local, graph) = try test.graph()
        let whole = readings(of: graph, in: FrozenRun(local.record), local)
        let constant = try readings(of: graph, in: FrozenRun(constantsOf: local), local)
        let inputs = (0..<graph.edges.rows).map { graph.edges.row($0).reduce(0, +) }
        #expect(difference(zip(inputs, constant).map(+), whole, in: groups(of: graph)) == nil)
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

    /// The layer of each of a graph's readings; targets are one group.
    private func groups(of graph: AttributionGraph) -> [Int] {
        graph.selectedFeatures.indices.map { graph.site(ofFeatureNode: $0).layer } + graph.targets.map { _ in -1 }
    }

    /// The value of each row of the graph in a frozen run: pre-activations without bias, then logits minus their mean.
    private func readings(of graph: AttributionGraph, in run: FrozenRun, _ local: LocalReplacementModel) -> [Float] {
        let inputs = run.residualMid.enumerated().map { layer, residual in
            local.model.featureInputs(layer, residual, denominators: local.record.layers[layer].mlpDenominators)
        }
        let features = graph.selectedFeatures.indices.map { row in
            let site = graph.site(ofFeatureNode: row)
            return local.model.transcoders.layers[site.layer].encoder.row(site.index).dot(inputs[site.layer].row(site.position))
        }
        let logits = local.model.decoder.logits(run.final, denominators: local.record.finalDenominators, capped: false)
        let last = logits.row(logits.rows - 1)
        let mean = last.reduce(0, +) / Float(last.count)
        return features + graph.targets.map { last[$0.id] - mean }
    }
}

/// The residual streams of one pass through the frozen model.
private struct FrozenRun {
    /// The residual stream after attention, for each layer.
    let residualMid: [Matrix]
    let final: Matrix

    init(_ record: ForwardRecord) {
        residualMid = record.layers.map(\.residualMid)
        final = record.finalResidual
    }

    /// The pass with constants only: the transcoders' output biases, and everything that the MLPs added at the zeroed positions,
    /// which have no nodes.
    init(constantsOf local: LocalReplacementModel) throws {
        let (model, record) = (local.model, local.record)
        let errors = try local.errors()
        var residual = Matrix(rows: record.positions, columns: model.decoder.spec.width)
        var mids: [Matrix] = []
        for layer in 0..<model.decoder.layerCount {
            let recorded = record.layers[layer]
            let mid = local.linearization.attention(layer, residual)
            mids.append(mid)
            let transcoder = model.transcoders.layers[layer]
            func skipped(_ residualMid: Matrix) -> Matrix? {
                transcoder.skip.map {
                    model.featureInputs(layer, residualMid, denominators: recorded.mlpDenominators).multiplied(byTransposeOf: $0)
                }
            }
            // recorded = features + errors + constant + skip(recorded input), and at zeroed positions no features or errors.
            let readsRaw = model.transcoders.outputHook == .mlpOutput
            var constant = readsRaw ? recorded.mlpOutput : recorded.addedOutput
            constant.add(errors[layer], scale: -1)
            for position in 0..<record.positions {
                for source in 0...layer where model.transcoders.writesTo(layer, from: source) {
                    let vectors = local.sourceVectors(from: source, position: position, to: layer)
                    for row in 0..<vectors.rows { constant.addToRow(position, vectors.row(row), scale: -1) }
                }
            }
            if let skip = skipped(recorded.residualMid) { constant.add(skip, scale: -1) }
            if let skip = skipped(mid) { constant.add(skip) }
            residual = mid
            residual.add(readsRaw ? local.linearization.mlpAdded(layer, constant) : constant)
        }
        residualMid = mids
        final = residual
    }
}
