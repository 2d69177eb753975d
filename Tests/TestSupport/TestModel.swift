package import Attribution
internal import Checkpoints
internal import Foundation
package import Graphs
package import Replacement
internal import Tensors
internal import Testing
internal import Transcoders
internal import Transformers

/// A model, a transcoder set and a prompt to check laws on: the small checkpoints, and random ones with what those lack.
package struct TestModel: Sendable, CustomTestStringConvertible {
    package static let all =
        [
            TestModel(.checkpoint("tiny/llama3-plt-skip")),
            TestModel(.checkpoint("tiny/llama3-clt")),
            TestModel(.checkpoint("tiny/qwen3-plt")),
            TestModel(.checkpoint("tiny/gemma-scope-transcoders")),
            TestModel(.checkpoint("tiny/gemma2-clt")),
            TestModel(.checkpoint("tiny/gemma-scope-2-transcoders")),
        ] + RandomCheckpoint.all.enumerated().map { TestModel(.random(seed: UInt64($0.offset), $0.element)) }

    /// A random model of each family, for what takes long.
    package static let families = RandomFamily.allCases.map { family in
        all.first { if case .random(_, let shape) = $0.source { shape.family == family } else { false } }!
    }

    enum Source: Sendable {
        case checkpoint(String)
        case random(seed: UInt64, RandomCheckpoint)
    }

    let source: Source

    init(_ source: Source) { self.source = source }

    package var testDescription: String {
        switch source {
        case .checkpoint(let name): name
        case .random(let seed, let shape): "random model, seed \(seed), \(shape)"
        }
    }

    package func local() throws -> LocalReplacementModel {
        switch source {
        case .checkpoint: try model().localized([1, 53, 73, 70, 266, 66, 81, 281])
        case .random: try model().localized([3, 1, 4, 1, 5, 9, 2])
        }
    }

    package func model() throws -> ReplacementModel {
        switch source {
        case .checkpoint(let name):
            return try Fixtures.replacementModel(name)
        case .random(let seed, let shape):
            let folder = try TemporaryFolder()
            try shape.write(to: folder.url, seed: seed)
            return try ReplacementModel(
                decoder: TransformerDecoder(folder: folder.url.appending(path: "model")),
                transcoders: TranscoderSet(folder: folder.url.appending(path: "set")))
        }
    }

    /// A prompt of any length, whose beginnings are the shorter ones.
    package static func tokens(_ count: Int) -> [Int] {
        var generator = RandomBits(seed: 5)
        return (0..<count).map { _ in Int(generator.next() % 40) }
    }

    /// The graph of the three most likely tokens.
    package func graph() throws -> (local: LocalReplacementModel, graph: AttributionGraph) {
        let local = try local()
        return (local, try local.graph())
    }
}

extension LocalReplacementModel {
    /// The graph of the three most likely tokens.
    package func graph(
        _ options: AttributionOptions = AttributionOptions(), progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> AttributionGraph {
        try AttributionEngine(self).graph(of: mostLikelyTargets(3), options: options, prompt: "", origin: .test(model), progress: progress)
    }

    /// The most likely tokens to be explained.
    package func mostLikelyTargets(_ count: Int) -> AttributionTargets {
        let logits = model.decoder.nextTokenLogits(record).elements
        return AttributionTargets.tokens(
            logits.indicesOfLargest(count), logits: logits, unembedding: Unembedding(model.decoder.weights.unembedding)
        ) { "#\($0)" }
    }
}
