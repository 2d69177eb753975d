@testable import Benchmarks
import Checkpoints
import Foundation
import Replacement
import TestSupport
import Testing
import Transcoders
import Transformers
import Workbench

@Suite struct ShapeTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func shapes(_ tokenizer: URL? = nil) throws -> ShapeFolder {
        ShapeFolder(folder["shapes"], tokenizer: try tokenizer ?? #require(SessionEnvironment.current.bundled).appending(path: "model"))
    }

    private static let crossLayer = Shape(
        model: Shape.tiny.model, set: SetShape(name: "tiny-clt", features: 128, isCrossLayer: true, hasSkip: false, isJumpReLU: true, cut: 1.5))
    /// As deep as the real one, in which the stream must stay finite.
    private static let gemma = Shape(
        model: ModelShape(
            name: "tiny-gemma", family: .gemma2, width: 64, hidden: 96, layers: 26, heads: 2, keyValueHeads: 1, headWidth: 32, vocabulary: 5000),
        set: SetShape(name: "tiny-gemma", features: 256, isCrossLayer: false, hasSkip: false, isJumpReLU: true, cut: 1.5))

    @Test(arguments: [Shape.tiny, crossLayer, gemma]) func `a shape that was made loads, runs and attributes`(_ shape: Shape) throws {
        let made = try shapes()
        #expect(made.missingBytes(shape) > 0)
        var done = 0
        let missing = made.missingBytes(shape)
        try made.make(shape) { done = $0 }
        #expect(done == missing && made.missingBytes(shape) == 0)

        let model = try ReplacementModel(decoder: TransformerDecoder(folder: made.model(shape)), transcoders: TranscoderSet(folder: made.set(shape)))
        #expect(model.transcoders.featuresPerLayer == shape.set.features && model.transcoders.hasSkip == shape.set.hasSkip)
        #expect(model.transcoders.kind == (shape.set.isCrossLayer ? .crossLayer : .perLayer))
        let local = try model.localized(shape.tokens(20))
        // 7 % of a normal distribution are above 1.5.
        let share = Double(local.activations.count) / Double(19 * shape.model.layers * shape.set.features)
        #expect((0.04..<0.11).contains(share), "\(share)")

        let bench = try ShapeBench(
            shape, model: made.model(shape), set: made.set(shape), limits: MachineLimits(memory: 1e10, products: 1e11), isQuick: true)
        let results = try bench.measure(bench.parts[0])
        #expect(
            results.map(\.step) == ["active features, 13 tokens", "forward with activations, 13 tokens"]
                + (shape == Self.gemma ? [1, 13, 24] : [1, 2]).map { "intervention and its diff, layer \($0)" } + [
                    "generation", "generation with an intervention", "fixed part of an attribution, 13 tokens",
                    "fixed part with files in memory, 13 tokens",
                    "rows, 256 nodes, batch 256, 13 tokens", "attribution, 256 nodes, batch 256", "rows, 256 nodes, batch 32, 13 tokens",
                    "attribution, 256 nodes, batch 32",
                ])
        for result in results.dropFirst() { #expect(try #require(result.fraction) > 0, "\(result.step)") }
        let second = try bench.measure(bench.parts[1])
        #if os(Linux)
            let memory = try #require(second.first { $0.unit == .bytes })
            #expect(memory.step == "anonymous memory, 128 nodes, 34 tokens" && memory.value > 1e6 && memory.bound == nil)
        #endif
    }

    @Test func `a session loads a set that was made with the model beside it`() async throws {
        let made = try shapes()
        try made.make(.tiny)
        let session = Session()
        let report = try await session.load(model: nil, transcoders: made.set(.tiny).path)
        #expect(report.transcoders == made.set(.tiny).path)
        let bench = try await SessionBench(
            .tiny, model: made.model(.tiny), set: made.set(.tiny), limits: MachineLimits(memory: 1e10, products: 1e11))
        #expect(try await bench.measure(tokens: 13).map(\.step) == ["the same prompt again", "another intervention at the last position, layer 2"])
    }

    @Test func `two sets share a model, and what is there is not made again`() throws {
        let made = try shapes()
        try made.make(.tiny)
        let file = made.model(.tiny).appending(path: "model.safetensors")
        let identity = { try FileManager.default.attributesOfItem(atPath: file.path)[.systemFileNumber] as? Int }
        let first = try identity()
        #expect(made.missingBytes(Self.crossLayer) < 1_000_000)
        try made.make(Self.crossLayer)
        #expect(try identity() == first)
    }

    @Test func `the same numbers are made every time`() throws {
        let (one, other) = (try shapes(), ShapeFolder(folder["other"], tokenizer: folder.url))
        try one.make(.tiny)
        try other.make(.tiny)
        for name in ["sets/tiny/layer_2.safetensors", "models/tiny/model.safetensors"] {
            #expect(try Data(contentsOf: folder["shapes/\(name)"]) == Data(contentsOf: folder["other/\(name)"]))
        }
    }

    @Test func `stopping leaves nothing half made, and a killed process's remains are removed`() async throws {
        let made = try shapes()
        let remains = folder["shapes/.making-tiny"]
        try FileManager.default.createDirectory(at: remains, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: remains.appending(path: "model.safetensors"))
        let task = Task {
            // Some files are complete by then.
            try made.make(.tiny) { bytes in if bytes > 700_000 { withUnsafeCurrentTask { $0?.cancel() } } }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        let left = try FileManager.default.subpathsOfDirectory(atPath: folder["shapes"].path)
        #expect(!left.contains { $0.contains(".making") || $0.contains("layer_") }, "\(left)")
        try made.make(.tiny)
        #expect(made.missingBytes(.tiny) == 0)
    }

    @Test func `only one process makes shapes at a time, and another is told`() throws {
        let made = try shapes()
        try FileManager.default.createDirectory(at: folder["shapes"], withIntermediateDirectories: true)
        let lock = try #require(try FileLock.attempt(folder["shapes/.lock"]))
        let error = ShapeError.beingMade(folder["shapes"])
        #expect(throws: error) { try made.make(.tiny) }
        #expect("\(error)" == "Another process is making shapes in \(folder["shapes"].path). Try again when it is done.")
        withExtendedLifetime(lock) {}
    }

    @Test func `a disk that is too small is named before anything is written`() {
        let error = ShapeError.noSpace("tiny", needed: 4_800_000_000, free: 1_000_000_000, URL(filePath: "/cache/shapes"))
        #expect("\(error)" == "The shape tiny needs 4.8 GB in /cache/shapes, where 1.0 GB are free. XDG_CACHE_HOME names another folder.")
    }
}
