import Attribution
import COpenBLAS
import Graphs
import Replacement
import Tensors
import TestSupport
import Testing
import Transcoders
import Transformers

/// Checks that need no reference (docs/method.md, section 8), on random models too.
@Suite struct LawTests {
    /// With every layer constrained, doubling a feature changes every other active feature's pre-activation and every
    /// target's logit by exactly its column of the adjacency matrix.
    @Test(arguments: TestModel.all) func `edges are what interventions do`(_ test: TestModel) throws {
        let (local, graph) = try test.graph()
        try #require(graph.selectedFeatures.count > 20, "too few features to say anything")
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

    /// A target's inputs and the contributions of what is constant add up to its pre-activation.
    @Test(arguments: TestModel.all) func `a row is complete`(_ test: TestModel) throws {
        let (local, graph) = try test.graph()
        let whole = readings(of: graph, in: FrozenRun(local.record), local)
        let constant = try readings(of: graph, in: FrozenRun(constantsOf: local), local)
        let inputs = (0..<graph.edges.rows).map { graph.edges.row($0).reduce(0, +) }
        #expect(difference(zip(inputs, constant).map(+), whole, in: groups(of: graph)) == nil)
    }

    @Test(arguments: TestModel.all) func `the same graph twice is the same to the last bit`(_ test: TestModel) throws {
        #expect(try test.graph().graph.edges == test.graph().graph.edges)
    }

    /// Another number of threads gives the same features and the same numbers to rounding. In a process of its own: the
    /// number is the library's, not ours.
    @Test func `threads are not part of the result`() async {
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

    /// The batch of a sweep is not part of the result: all features by influence are all features.
    @Test(arguments: TestModel.all) func `ranking in portions changes no edge`(_ test: TestModel) throws {
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

    /// The layer of each reading of a graph; targets are a group of their own.
    private func groups(of graph: AttributionGraph) -> [Int] {
        graph.selectedFeatures.indices.map { graph.site(ofFeatureNode: $0).layer } + graph.targets.map { _ in -1 }
    }

    /// What every target of the graph reads in a frozen run: features before their bias, then logits less their mean.
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
    /// After attention, layer by layer.
    let residualMid: [Matrix]
    let final: Matrix

    init(_ record: ForwardRecord) {
        residualMid = record.layers.map(\.residualMid)
        final = record.finalResidual
    }

    /// The pass in which only constants flow: the transcoders' output biases, and at the zeroed positions, where nothing
    /// is a node, all that the MLPs added there.
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
