import Attribution
import Graphs
import Replacement
import Tensors
import TestSupport
import Testing
import Transcoders
import Transformers

/// The laws of a steered run's graph (docs/method.md, section 9), for every family, hook and kind of set, and every way to run.
@Suite struct SteeredLawTests {
    /// Doubling a source of the steered run changes every target that was not set by the edge.
    @Test(arguments: TestModel.all) func `edges are the effects of interventions on the steered run`(_ test: TestModel) throws {
        let plain = try test.local()
        for options in Self.options(layers: plain.model.decoder.layerCount) {
            let local = try plain.intervened(Self.interventions(on: plain), options: options).localized()
            let graph = try local.graph()
            let everything = RunOptions(constrainedLayers: 0..<local.model.decoder.layerCount)
            let before = graph.readings(in: FrozenRun(local.record), local)
            let isFixed = graph.isFixed(in: local)
            let nodes = graph.selectedFeatures.indices
            for feature in nodes where isFixed[feature] || feature % max(1, nodes.count / 5) == 0 {
                let site = graph.site(ofFeatureNode: feature)
                let after = graph.readings(
                    in: FrozenRun(try local.intervened([Intervention(site, .scale(2))], options: everything).record), local)
                let expected = before.indices.map { isFixed[$0] ? after[$0] : before[$0] + graph.edges[$0, feature] }
                #expect(difference(after, expected, in: graph.readingGroups) == nil, "\(options), feature \(site)")
            }
        }
    }

    /// The inputs of a target that was not set and the contributions of constants add up to its pre-activation; a node that was set has
    /// no inputs.
    @Test(arguments: TestModel.all) func `a row of the steered run is complete, one of what was set is zero`(_ test: TestModel) throws {
        let plain = try test.local()
        for options in Self.options(layers: plain.model.decoder.layerCount) {
            let local = try plain.intervened(Self.interventions(on: plain), options: options).localized()
            let graph = try local.graph()
            let whole = graph.readings(in: FrozenRun(local.record), local)
            let constant = try graph.readings(in: FrozenRun(constantsOf: local), local)
            let isFixed = graph.isFixed(in: local)
            let sums = (0..<graph.edges.rows).map { isFixed[$0] ? whole[$0] : graph.edges.row($0).reduce(constant[$0], +) }
            #expect(difference(sums, whole, in: graph.readingGroups) == nil, "\(options)")
            for row in isFixed.indices where isFixed[row] { #expect(graph.edges.row(row).allSatisfy { $0 == 0 }) }
            #expect(isFixed.contains(true), "\(options)")
        }
    }

    @Test(arguments: TestModel.all) func `without interventions the graph is the plain one`(_ test: TestModel) throws {
        let (plain, graph) = try test.graph()
        let layers = plain.model.decoder.layerCount
        let beyond = Intervention(plain.activations.sites[0], .zero)
        let later = Intervention(feature: beyond.feature, positions: plain.record.positions..<Int.max, edit: .set(3))
        for options in Self.options(layers: layers) {
            #expect(try plain.intervened([later], options: options).localized().graph() == graph)
        }
        let unreached = try plain.intervened([beyond], options: RunOptions(constrainedLayers: layers - 1..<layers)).localized()
        #expect(unreached.fixed.isEmpty)
        #expect(try unreached.graph() == graph)
    }

    /// What was set is active at the value it was set to, at 0 not a node; in constrained layers the rest is as in the plain run,
    /// elsewhere as the encoders read it.
    @Test(arguments: TestModel.all) func `features are what they were set to, or what is read`(_ test: TestModel) throws {
        let plain = try test.local()
        let interventions = Self.interventions(on: plain)
        for options in Self.options(layers: plain.model.decoder.layerCount) {
            let run = try plain.intervened(interventions, options: options)
            let (local, read) = (try run.localized(), try run.activations())
            var expected: [FeatureSite: Float] = [:]
            for (site, value) in zip(read.sites, read.values) { expected[site] = value }
            if let constrained = options.constrainedLayers {
                expected = expected.filter { !constrained.contains($0.key.layer) }
                for (site, value) in zip(plain.activations.sites, plain.activations.values) where constrained.contains(site.layer) { expected[site] = value }
            }
            let reached = interventions.filter { options.reaches($0.feature.layer) }
            for each in reached {
                let site = FeatureSite(layer: each.feature.layer, position: each.positions.lowerBound, index: each.feature.index)
                let value = each.edit(plain.activations[site])
                expected[site] = value == 0 ? nil : value
            }
            let order = expected.keys.sorted()
            #expect(local.activations.sites == order && local.activations.values == order.map { expected[$0]! }, "\(options)")
            #expect(local.fixed.count == reached.count)
            #expect(local.activations.values.contains { $0 < 0 })
        }
    }

    /// In the layers that react, the errors are what the transcoders leave of the true MLPs on that run's inputs; in constrained ones they
    /// are the plain run's.
    @Test(arguments: TestModel.all) func `errors are what the transcoders leave of the run's MLPs`(_ test: TestModel) throws {
        let plain = try test.local()
        let (model, plainErrors) = (plain.model, try plain.errors())
        for options in Self.options(layers: model.decoder.layerCount) {
            let run = try plain.intervened(Self.interventions(on: plain), options: options)
            let local = try run.localized()
            let errors = try local.errors()
            // What was written in reacting layers is the difference from what is read; with constrained layers nothing is written in these.
            let behind = options.constrainedLayers == nil ? try run.activations() : local.activations
            let explained = LocalReplacementModel(model: model, record: local.record, activations: behind)
            for layer in errors.indices {
                var expected = plainErrors[layer]
                if !(options.constrainedLayers?.contains(layer) ?? false) {
                    let recorded = local.record.layers[layer]
                    expected = try model.decoder.mlp(layer, model.decoder.mlpInput(layer, recorded.residualMid).normalized)
                    if model.transcoders.outputHook == .addedOutput { expected = model.decoder.mlpAdded(layer, expected).added }
                    expected.add(explained.reconstruction(layer), scale: -1)
                    expected.clearRow(0)
                }
                #expect(difference(errors[layer].elements, expected.elements, scale: local.outputScale(layer)) == nil, "\(options), layer \(layer)")
            }
        }
    }

    /// With a limit, what was set stays a node, and no edge changes.
    @Test(arguments: TestModel.all) func `what was set is a node whatever the limit`(_ test: TestModel) throws {
        let plain = try test.local()
        let local = try plain.intervened(Self.interventions(on: plain)).localized()
        let graph = try local.graph()
        let fixed = local.activations.sites.filter(local.fixed.contains)
        for limit in [1, fixed.count + 2, graph.selectedFeatures.count - 1] {
            var options = AttributionOptions()
            (options.maxFeatureNodes, options.batchSize, options.updateInterval) = (limit, 3, 2)
            let fewer = try local.graph(options)
            #expect(fewer.selectedFeatures.count == max(limit, fixed.count))
            #expect(fixed.allSatisfy { fewer.featureNode(of: $0) != nil })
            let columns = fewer.selectedFeatures + Array(graph.selectedFeatures.count..<graph.edges.columns)
            let rows = fewer.selectedFeatures + graph.targets.indices.map { graph.selectedFeatures.count + $0 }
            let expected = rows.flatMap { row in columns.map { graph.edges[row, $0] } }
            #expect(difference(fewer.edges, Matrix(rows: fewer.edges.rows, columns: fewer.edges.columns, elements: expected)) == nil)
        }
    }

    /// Everything that a run may be asked to keep.
    private static func options(layers: Int) -> [RunOptions] {
        [
            RunOptions(), RunOptions(freezeAttention: false), RunOptions(constrainedLayers: 0..<1), RunOptions(constrainedLayers: 0..<layers - 1),
            RunOptions(constrainedLayers: 0..<layers),
        ]
    }

    /// Each kind of edit, in the lowest layers: on active features, one that is not active where there is one, and at the zeroed position.
    private static func interventions(on local: LocalReplacementModel) -> [Intervention] {
        let sites = local.activations.sites
        let low = sites.filter { $0.layer == 0 && $0.position < local.record.positions - 1 }
        let typical = local.activations[low[0]]
        var interventions = [
            Intervention(low[0], .scale(-2)), Intervention(low[low.count / 3], .zero), Intervention(low[low.count / 2], .add(typical)),
            Intervention(FeatureSite(layer: 0, position: 0, index: low[0].index), .set(typical)),
        ]
        if let high = sites.first(where: { $0.layer == 1 && $0.position > 1 }) { interventions.append(Intervention(high, .scale(3))) }
        let inactive = (0..<local.model.transcoders.featuresPerLayer).first { local.activations[FeatureSite(layer: 0, position: 2, index: $0)] == 0 }
        if let inactive { interventions.append(Intervention(FeatureSite(layer: 0, position: 2, index: inactive), .set(2 * typical))) }
        return interventions
    }
}

extension AttributionGraph {
    /// For each row, whether it is of a feature that was set.
    fileprivate func isFixed(in local: LocalReplacementModel) -> [Bool] {
        selectedFeatures.indices.map { local.fixed.contains(site(ofFeatureNode: $0)) } + targets.map { _ in false }
    }
}

extension LocalReplacementModel {
    /// What the transcoders make of a layer's output: features, bias and skip.
    fileprivate func reconstruction(_ layer: Int) -> Matrix {
        let (transcoder, recorded) = (model.transcoders.layers[layer], record.layers[layer])
        var sum = Matrix(rows: record.positions, columns: model.decoder.spec.width)
        sum.addToRows(transcoder.outputBias)
        if let skip = transcoder.skip {
            sum.add(model.featureInputs(layer, recorded.residualMid, denominators: recorded.mlpDenominators).multiplied(byTransposeOf: skip))
        }
        for (site, value) in zip(activations.sites, activations.values) where model.transcoders.writesTo(layer, from: site.layer) {
            sum.addToRow(site.position, model.transcoders.layers[site.layer].decoders[layer - site.layer].row(site.index), scale: value)
        }
        return sum
    }

    /// The largest number of what a layer's errors are the small difference of.
    fileprivate func outputScale(_ layer: Int) -> Float {
        (model.featureOutput(record.layers[layer]).elements + reconstruction(layer).elements).reduce(0) { max($0, abs($1)) }
    }
}
