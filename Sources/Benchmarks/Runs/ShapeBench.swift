internal import Attribution
package import Foundation
internal import Graphs
internal import Replacement
internal import Tensors
internal import Transcoders
internal import Transformers

/// Times the steps of a user's work on a shape, each beside its bound.
package struct ShapeBench: Sendable {
    private let shape: Shape
    private let model: ReplacementModel
    private let limits: MachineLimits
    private let isQuick: Bool

    /// - Parameters:
    ///   - model: the folder of the shape's model.
    ///   - set: that of its transcoders.
    package init(_ shape: Shape, model: URL, set: URL, limits: MachineLimits, isQuick: Bool) throws {
        self.shape = shape
        self.limits = limits
        self.isQuick = isQuick
        self.model = try ReplacementModel(decoder: TransformerDecoder(folder: model), transcoders: TranscoderSet(folder: set))
    }

    /// Prompts of one length, and what is timed on them.
    package struct Part: Sendable, Equatable {
        package let tokens: Int
        /// The nodes of the attributions.
        package let nodes: Int
        /// Whether interventions and generation are timed too.
        let isWhole: Bool
        /// Whether the memory of the attribution is watched.
        let watchesMemory: Bool
    }

    package var parts: [Part] {
        let parts = [
            Part(tokens: 13, nodes: isQuick ? 256 : 1024, isWhole: true, watchesMemory: false),
            Part(tokens: 34, nodes: isQuick ? 128 : 1024, isWhole: false, watchesMemory: true),
            Part(tokens: 128, nodes: 256, isWhole: false, watchesMemory: true),
        ]
        return isQuick ? Array(parts.prefix(2)) : parts
    }

    /// The sizes of batches of rows; features are ranked again after every fourth.
    static let batches = [256, 32]

    /// How often short steps are repeated.
    private var runs: Int { isQuick ? 2 : 3 }

    /// - Throws: `CancellationError`; what the model throws.
    package func measure(_ part: Part) throws -> [BenchFigure] {
        let tokens = shape.tokens(part.tokens)
        var local = try model.localized(tokens)
        let forward = try Stopwatch.best(of: runs) { local = try model.localized(tokens) }
        var results = [
            BenchFigure(shape.name, Self.featuresStep(part.tokens), .features, Double(local.activations.count), bound: nil),
            figure(Self.forwardStep(part.tokens), seconds: forward, shape.forward(part.tokens)),
        ]
        if part.isWhole {
            results += try interventions(local)
            results += try generation(local)
        }
        return try results + attribution(local, part)
    }

    private func figure(_ step: String, seconds: Double, _ work: Work) -> BenchFigure {
        BenchFigure(shape.name, step, .seconds, seconds, bound: work.seconds(at: limits))
    }

    // MARK: - Interventions

    private func interventions(_ local: LocalReplacementModel) throws -> [BenchFigure] {
        let before = model.decoder.nextTokenLogits(local.record).elements
        return try shape.changedLayers.compactMap { layer in
            guard let site = local.activations.sites.first(where: { $0.layer == layer }) else { return nil }
            let seconds = try Stopwatch.best(of: runs) {
                let run = try local.intervened([Intervention(site, .scale(-1))])
                let after = model.decoder.nextTokenLogits(run.record).elements
                let comparison = RunComparison(before: before, after: after, features: (local.activations, try run.activations()))
                keep(comparison.divergence)
            }
            let work = shape.intervention(layer: layer, position: site.position, of: local.record.positions)
            return figure(Self.interventionStep(layer), seconds: seconds, work)
        }
    }

    // MARK: - Generation

    private func generation(_ local: LocalReplacementModel) throws -> [BenchFigure] {
        let count = isQuick ? 8 : 24
        let bound = shape.generatedToken(after: local.record.positions + count / 2).seconds(at: limits)
        func measure(_ step: String, _ steering: Steering?) throws -> BenchFigure {
            func seconds(_ tokens: Int) throws -> Double {
                try Stopwatch.best(of: runs) {
                    keep(try model.decoder.continued(local.record, by: tokens, sampling: Sampling(), steering: steering).logits.elements[0])
                }
            }
            // The first token needs no pass.
            let rate = Double(count - 1) / max(try seconds(count) - seconds(1), 1e-9)
            return BenchFigure(shape.name, step, .tokens, rate, bound: 1 / bound)
        }
        let plain = try measure("generation", nil)
        guard let site = local.activations.sites.first(where: { $0.layer == shape.model.layers / 2 }) else { return [plain] }
        let edit = Intervention(feature: site.feature, positions: local.record.positions..., edit: .set(2))
        return [plain, try measure("generation with an intervention", Steering(model: model, interventions: [edit]))]
    }

    // MARK: - Attribution

    private func attribution(_ local: LocalReplacementModel, _ part: Part) throws -> [BenchFigure] {
        let active = ActiveFeatures(local)
        // What the first one reads for the first time, the decoder rows of the features, may come from a disk.
        let first = try attribute(local, nodes: 1, batch: 256)
        let fixed = try attribute(local, nodes: 1, batch: 256)
        let targets = fixed.graph.targets.count
        let fixedWork = shape.fixedPart(active, targets: targets) + rows(of: fixed.graph, active, passes: 1)
        var results = [
            figure("fixed part of an attribution, \(part.tokens) tokens", seconds: first.seconds, fixedWork),
            figure("fixed part with files in memory, \(part.tokens) tokens", seconds: fixed.seconds, fixedWork),
        ]
        for batch in Self.batches {
            let (run, bytes) = try AnonymousMemory.peak { try attribute(local, nodes: part.nodes, batch: batch) }
            let nodes = run.graph.selectedFeatures.count
            let ranked = batch * AttributionOptions().updateInterval
            let work = rows(of: run.graph, active, passes: (nodes + ranked - 1) / ranked)
            results.append(
                BenchFigure(
                    shape.name, "rows, \(part.nodes) nodes, batch \(batch), \(part.tokens) tokens", .rows,
                    Double(nodes) / max(run.seconds - fixed.seconds, 1e-9),
                    bound: Double(nodes) / work.seconds(at: limits)))
            if part.isWhole {
                results.append(
                    figure(Self.attributionStep(nodes: part.nodes, batch: batch), seconds: run.seconds, work + shape.fixedPart(active, targets: targets)))
            }
            if part.watchesMemory, batch == 256, let bytes {
                results.append(
                    BenchFigure(shape.name, "anonymous memory, \(nodes) nodes, \(part.tokens) tokens", .bytes, Double(bytes), bound: nil))
            }
        }
        return results
    }

    private func rows(of graph: AttributionGraph, _ active: ActiveFeatures, passes: Int) -> Work {
        let sites = graph.selectedFeatures.map { graph.activeFeatures[$0] }
        return shape.sweep(active, sites.map { SweptTarget(layer: $0.layer, position: $0.position) }, passes: passes)
    }

    private func attribute(
        _ local: LocalReplacementModel, nodes: Int, batch: Int
    ) throws -> (graph: AttributionGraph, seconds: Double) {
        var options = AttributionOptions()
        (options.maxFeatureNodes, options.batchSize) = (nodes, batch)
        let logits = local.model.decoder.nextTokenLogits(local.record).elements
        var graph: AttributionGraph?
        let seconds = try Stopwatch.seconds {
            let tokens = AttributionTargets.salientTokens(logits, desiredProbability: options.desiredLogitProbability, maxCount: options.maxLogits)
            let unembedding = Unembedding(local.model.decoder.weights.unembedding)
            let targets = AttributionTargets.tokens(tokens, logits: logits, unembedding: unembedding) { "#\($0)" }
            graph = try AttributionEngine(local).graph(of: targets, options: options, prompt: "", origin: shape.origin)
        }
        return (graph!, seconds)
    }

    // MARK: - The names of steps that the reference takes too

    package static let loadStep = "start and load"
    package static func featuresStep(_ tokens: Int) -> String { "active features, \(tokens) tokens" }
    static func forwardStep(_ tokens: Int) -> String { "forward with activations, \(tokens) tokens" }
    static func interventionStep(_ layer: Int) -> String { "intervention and its diff, layer \(layer)" }
    static func attributionStep(nodes: Int, batch: Int) -> String { "attribution, \(nodes) nodes, batch \(batch)" }
}

extension Shape {
    /// The layers on which interventions are timed: an early, a middle and a late one, which in a small model may be the same.
    var changedLayers: [Int] { Set([1, model.layers / 2, model.layers - 2]).sorted() }

    /// What a graph says about where it came from.
    fileprivate var origin: GraphOrigin {
        GraphOrigin(
            model: model.name, scan: set.name, architecture: "", layers: model.layers, width: model.width, heads: model.heads,
            keyValueHeads: model.keyValueHeads, headWidth: model.headWidth, mlpWidth: model.hidden, vocabulary: model.vocabulary, tokenizerSize: 0)
    }
}

extension ActiveFeatures {
    init(_ local: LocalReplacementModel) {
        let (layers, positions) = (local.record.layers.count, local.record.positions)
        self.init(
            counts: (0..<layers).map { layer in (0..<positions).map { local.activations.indices(layer: layer, position: $0).count } },
            distinct: (0..<layers).map { layer in
                Set((0..<positions).flatMap { local.activations.sites[local.activations.indices(layer: layer, position: $0)].map(\.index) }).count
            })
    }
}
