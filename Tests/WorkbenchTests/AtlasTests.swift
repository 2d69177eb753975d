import Foundation
import Graphs
import Replacement
import Tensors
import TestSupport
import Testing
import Tokenization
import Transcoders
import Transformers

@testable import Workbench

/// The bundled model does what its report says: a cheap sample of every figure, recomputed with our engine.
@Suite struct AtlasTests {
    private static let folder = Fixtures.root.appending(path: "examples/atlas")

    // MARK: - What the recipe recorded

    private struct HeldOut: Decodable {
        let swap: [Pair]
        let graphs: [Graph]
        let families: [String: [Item]]

        struct Item: Decodable {
            let prompt: String
            let answer: String
            let right: Bool
        }

        /// Two prompts about cities in different states.
        struct Pair: Decodable {
            let promptA: String
            let promptB: String
            let cityLastTokenPositionA: Int
            let cityLastTokenPositionB: Int
            let answerFirstTokenB: Int
            let swapped: Bool
        }

        struct Graph: Decodable {
            let prompt: String
            let plt: Scores
            let clt: Scores
        }

        struct Scores: Decodable {
            let replacement: Float
            let completeness: Float
        }

        private enum CodingKeys: String, CodingKey { case swap, graphs }

        private struct AnyKey: CodingKey {
            let stringValue: String
            let intValue: Int? = nil
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let named = try decoder.container(keyedBy: CodingKeys.self)
            swap = try named.decode([Pair].self, forKey: .swap)
            graphs = try named.decode([Graph].self, forKey: .graphs)
            let all = try decoder.container(keyedBy: AnyKey.self)
            var families: [String: [Item]] = [:]
            for key in all.allKeys where !["swap", "graphs", "seeds"].contains(key.stringValue) {
                families[key.stringValue] = try all.decode([Item].self, forKey: key)
            }
            self.families = families
        }
    }

    private static func heldOut() throws -> HeldOut {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .custom { path in
            // `answer_first_tokenB` is `answerFirstTokenB` to us; the families keep their names.
            let words = path.last!.stringValue.split(separator: "_")
            guard path.count > 2, let first = words.first else { return path.last! }
            return Name(first + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined())
        }
        return try decoder.decode(HeldOut.self, from: Data(contentsOf: folder.appending(path: "heldout.json")))
    }

    private struct Name: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init(_ name: String) { stringValue = name }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private static func model(_ set: String) throws -> LoadedModel {
        try LoadedModel(
            name: "atlas", folder: folder.appending(path: "model"), set: ("atlas/\(set)", folder.appending(path: set)),
            hub: Fixtures.hub)
    }

    /// Every so many of a list, so that about `count` are taken.
    private static func sample<T>(_ items: [T], _ count: Int) -> [T] {
        let step = max(1, items.count / count)
        return stride(from: 0, to: items.count, by: step).map { items[$0] }
    }

    // MARK: - Figures

    @Test(arguments: ["two_hop", "opposites", "analogies", "sums"])
    func `held-out facts are answered`(_ family: String) throws {
        let loaded = try Self.model("plt")
        // All of a small family: of few items one more or less wrong would decide.
        let items = Self.sample(try #require(Self.heldOut().families[family]), 100)
        var right = 0
        for item in items {
            let tokens = try loaded.tokenizer.encodePrompt(item.prompt)
            let answer = Array(try loaded.tokenizer.encodePrompt(item.prompt + item.answer)[tokens.count...])
            let said = try loaded.decoder.continued(loaded.decoder.forward(tokens), by: answer.count, sampling: Sampling()).tokens
            right += said == answer ? 1 : 0
            #expect((said == answer) == item.right, "\(item.prompt): the recipe saw it otherwise")
        }
        #expect(Double(right) >= 0.9 * Double(items.count), "\(right) of \(items.count)")
    }

    @Test(arguments: [("plt", Float(0.02)), ("clt", 0.05)])
    func `the transcoders explain the MLPs with few features`(_ set: String, _ bar: Float) throws {
        let loaded = try Self.model(set)
        let model = try #require(loaded.replacement)
        let items = try Self.heldOut().families.sorted { $0.key < $1.key }.flatMap { Self.sample($0.value, 12) }
        let layers = model.decoder.layerCount
        var unexplained = [Float](repeating: 0, count: layers)
        var outputs = [[[Float]]](repeating: [], count: layers)
        var (features, tokens) = (0, 0)
        var fired = [Set<Int>](repeating: [], count: layers)
        for item in items {
            let local = try model.localized(try loaded.tokenizer.encodePrompt(item.prompt + item.answer))
            features += local.activations.count
            for site in local.activations.sites { fired[site.layer].insert(site.index) }
            tokens += local.record.positions - 1
            for (layer, error) in try local.errors().enumerated() {
                unexplained[layer] += error.elements.dot(error.elements)
                outputs[layer] += (1..<local.record.positions).map { local.record.layers[layer].mlpOutput.row($0) }
            }
        }
        for layer in 0..<layers {
            var mean = [Float](repeating: 0, count: model.decoder.spec.width)
            for output in outputs[layer] { mean.add(output, scale: 1 / Float(tokens)) }
            let variance = outputs[layer].reduce(Float(0)) { sum, output in
                var centred = output
                centred.add(mean, scale: -1)
                return sum + centred.dot(centred)
            }
            // Of few sentences, so the report's figure, over many, is far above it.
            #expect(2 * fired[layer].count > model.transcoders.featuresPerLayer, "layer \(layer): only \(fired[layer].count) features fire")
            #expect(unexplained[layer] / variance <= bar, "layer \(layer): \(unexplained[layer] / variance)")
        }
        #expect(Float(features) / Float(tokens * layers) <= 12, "\(Float(features) / Float(tokens * layers)) active features a token")
    }

    @Test(arguments: ["plt", "clt"]) func `graphs score as the recipe computed them`(_ set: String) async throws {
        let session = Session(environment: .test(cache: nil))
        _ = try await session.load(model: nil, transcoders: "atlas/\(set)")
        let graphs = Self.sample(try Self.heldOut().graphs, 12)
        var (replacement, completeness) = (Float(0), Float(0))
        for graph in graphs {
            _ = try await session.setPrompt(graph.prompt)
            let report = try await session.attribute()
            let recorded = set == "plt" ? graph.plt : graph.clt
            // The recipe computes its graphs with its own code: an independent oracle. A feature that rounding puts on the
            // other side of its threshold moves a score by more than rounding does.
            #expect(abs(report.replacementScore - recorded.replacement) < 5e-3, "\(graph.prompt)")
            #expect(abs(report.completenessScore - recorded.completeness) < 5e-3, "\(graph.prompt)")
            replacement += report.replacementScore / Float(graphs.count)
            completeness += report.completenessScore / Float(graphs.count)
        }
        #expect(replacement >= 0.75 && completeness >= 0.9, "replacement \(replacement), completeness \(completeness)")
    }

    /// B's features in A's prompt, in the first half of the layers, at the city and the last position, attention frozen:
    /// the answer becomes B's capital.
    @Test func `the state can be swapped`() throws {
        let loaded = try Self.model("plt")
        let model = try #require(loaded.replacement)
        let pairs = Self.sample(try Self.heldOut().swap, 25)
        var swapped = 0
        for pair in pairs {
            let a = try model.localized(try loaded.tokenizer.encodePrompt(pair.promptA))
            let b = try model.localized(try loaded.tokenizer.encodePrompt(pair.promptB))
            let places = [
                (pair.cityLastTokenPositionA, pair.cityLastTokenPositionB), (a.record.positions - 1, b.record.positions - 1),
            ]
            let interventions = (0..<model.decoder.layerCount / 2).flatMap { layer in
                places.flatMap { here, there in
                    let indices = Set(
                        [(a, here), (b, there)].flatMap { local, position in
                            local.activations.sites[local.activations.indices(layer: layer, position: position)].map(\.index)
                        })
                    return indices.sorted().map { index in
                        Intervention(
                            feature: FeatureID(layer: layer, index: index), positions: here..<here + 1,
                            edit: .set(b.activations[FeatureSite(layer: layer, position: there, index: index)]))
                    }
                }
            }
            let run = try a.intervened(interventions, options: RunOptions())
            let last = run.record.positions - 1
            let top = model.decoder.logits(of: run.record, positions: last..<last + 1).elements.indicesOfLargest(1)[0]
            swapped += top == pair.answerFirstTokenB ? 1 : 0
            #expect((top == pair.answerFirstTokenB) == pair.swapped, "\(pair.promptA), \(pair.promptB): the recipe saw it otherwise")
        }
        #expect(Double(swapped) >= 0.6 * Double(pairs.count), "\(swapped) of \(pairs.count)")
    }
}
