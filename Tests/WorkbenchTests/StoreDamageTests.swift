import Foundation
import Tensors
import TestSupport
import Testing
import Transformers

@testable import Workbench

@Suite struct StoreDamageTests {
    private let cache: TemporaryFolder
    private let sample: SampleRun
    private let file: URL

    init() throws {
        (cache, sample) = (try TemporaryFolder(), try SampleRun())
        var store = ActivationStore(folder: cache.url)
        _ = store.run("key", shape: sample.shape) { [sample] in sample.run }
        file = try #require(store.entries().first).url
    }

    @Test func `an entry reads back as it was written`() throws {
        #expect(try RunArchive(reading: file, key: "key", shape: sample.shape) == sample.run)
    }

    @Test func `a long prompt's entry reads back as it was written, without what attention cannot see`() throws {
        let long = try SampleRun(TestModel.tokens(300))
        var store = ActivationStore(folder: cache.url)
        _ = store.run("long", shape: long.shape) { long.run }
        var fresh = ActivationStore(folder: cache.url)
        #expect(
            fresh.run("long", shape: long.shape) {
                Issue.record("it is there"); return long.run
            }.run == long.run)
        let entry = try #require(store.entries().map(\.url).first { $0 != file })
        // Two blocks of 128 rows and one of 44.
        #expect(try TakenApart(entry).tensors["0.pattern"]?.shape == [4, 128 * 128 + 128 * 256 + 44 * 300])
    }

    @Test func `a flipped bit anywhere in an entry is noticed`() throws {
        let original = try [UInt8](Data(contentsOf: file))
        let header = 8 + original.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        let descriptor = open(file.path, O_WRONLY)
        defer { close(descriptor) }
        var generator = RandomBits(seed: 7)
        // Of every third byte of the header a bit, and a thousand of the numbers.
        let bits =
            stride(from: 0, to: header, by: 3).map { $0 * 8 + Int(generator.next() % 8) }
            + (0..<1000).map { _ in header * 8 + Int(generator.next() % UInt64((original.count - header) * 8)) }
        for bit in bits {
            var byte = original[bit / 8] ^ 1 << UInt8(bit % 8)
            pwrite(descriptor, &byte, 1, off_t(bit / 8))
            #expect(throws: (any Error).self, "bit \(bit)") { try RunArchive(reading: file, key: "key", shape: sample.shape) }
            byte = original[bit / 8]
            pwrite(descriptor, &byte, 1, off_t(bit / 8))
        }
        #expect(try RunArchive(reading: file, key: "key", shape: sample.shape) == sample.run)
    }

    /// What no run of this prompt, model and set can be, though the checksum holds.
    private static let forgeries: [(String, @Sendable (inout TakenApart) -> Void)] = [
        ("an index of F", { $0.set("active_features", 2, to: SampleRun.features) }),
        ("an index of 10^9", { $0.set("active_features", 2, to: 1_000_000_000) }),
        ("the largest index", { $0.set("active_features", 2, to: .max) }),
        ("an index below 0", { $0.set("active_features", 2, to: -1) }),
        ("a layer beyond the last", { $0.set("active_features", 0, to: 3) }),
        ("the smallest layer", { $0.set("active_features", 0, to: .min) }),
        ("a position that has no features", { $0.set("active_features", 1, to: 0) }),
        ("a position beyond the last", { $0.set("active_features", 1, to: 2) }),
        ("a feature twice", { $0.set("active_features", 5, to: $0.number("active_features", 2)) }),
        ("a token below 0", { $0.set("tokens", 0, to: -5) }),
        ("a token of 10^12", { $0.set("tokens", 0, to: 1_000_000_000_000) }),
        ("another token", { $0.set("tokens", 1, to: 6) }),
        ("more tokens", { $0.tensors["tokens"] = ([3], .integers([1, 5, 5])) }),
        ("no tokens", { $0.tensors["tokens"] = ([0], .integers([])) }),
        ("features not in threes", { $0.tensors["active_features"] = ([4], .integers([0, 1, 2, 3])) }),
        ("no features", { $0.tensors["active_features"] = nil }),
        ("fewer activations", { $0.tensors["activation_values"] = ([1], .floats([1])) }),
        ("a missing layer", { $0.tensors["2.keys"] = nil }),
        ("a reshaped matrix", { $0.tensors["0.keys"]!.shape.reverse() }),
        ("a matrix as a vector", { $0.tensors["final_residual"]!.shape = [32] }),
        ("a reshaped pattern", { $0.tensors["1.pattern"]!.shape = [4, 2, 2] }),
        ("denominators where there are none", { $0.tensors["0.attention_post_denominators"] = ([0], .floats([])) }),
        ("numbers of another type", { $0.tensors["0.values"]!.elements = .integers(Array(repeating: 1, count: 24)) }),
        ("infinity", { $0.set("0.added_output", 3, to: .infinity) }),
    ]

    @Test(arguments: forgeries.indices) func `an entry that cannot be of this prompt is dropped and computed anew`(_ number: Int) throws {
        var parts = try TakenApart(file)
        Self.forgeries[number].1(&parts)
        try parts.write(to: file)
        var store = ActivationStore(folder: cache.url)
        let (run, wasStored) = store.run("key", shape: sample.shape) { sample.run }
        #expect(!wasStored && run == sample.run && store.dropped == 1, "\(Self.forgeries[number].0)")
        #expect(try RunArchive(reading: file, key: "key", shape: sample.shape) == sample.run)
    }

    @Test func `nothing in an entry may be other than a number`() throws {
        let whole = try TakenApart(file)
        var tried = 0
        for (name, tensor) in whole.tensors where tensor.shape.reduce(1, *) > 0 {
            guard case .floats = tensor.elements else { continue }
            tried += 1
            var parts = whole
            parts.set(name, 0, to: Float.nan)
            try parts.write(to: file)
            #expect(throws: RunArchive.Damage.self, "\(name)") { try RunArchive(reading: file, key: "key", shape: sample.shape) }
        }
        #expect(tried > 10, "\(tried)")
    }

    @Test func `a run that is not all numbers is not stored`() throws {
        var parts = try TakenApart(file)
        parts.set("final_residual", 0, to: Float.nan)
        #expect(sample.run.isFinite)
        let record = sample.run.record
        var residual = record.finalResidual
        residual.elements[0] = .nan
        let broken = RunArchive(
            record: .init(
                tokens: record.tokens, layers: record.layers, finalResidual: residual, finalDenominators: record.finalDenominators),
            activations: sample.run.activations)
        var store = ActivationStore(folder: cache.url)
        for _ in 0..<2 { #expect(!store.run("broken", shape: sample.shape) { broken }.wasStored) }
        #expect(store.entries().count == 1)
    }

    @Test(arguments: [Float.nan, 3e38]) func `numbers in the store never make a model's files suspect`(_ number: Float) async throws {
        let cache = try TemporaryFolder()
        func prompt() async throws -> PromptReport {
            let session = Session(environment: .test(cache: cache.url))
            _ = try await session.load(model: nil, transcoders: "tiny/llama3-plt-skip")
            return try await session.setPrompt("The capital")
        }
        let fresh = try await prompt()
        let file = try #require(ActivationStore(folder: cache.url).entries().first).url
        var parts = try TakenApart(file)
        parts.setAll("final_residual", to: number)
        try parts.write(to: file)
        let again = try await prompt()
        #expect(!again.fromStore && again.top == fresh.top)
        #expect(try await prompt().fromStore)
    }
}

extension TakenApart {
    fileprivate func number(_ name: String, _ place: Int) -> Int {
        if case .integers(let elements)? = tensors[name]?.elements { elements[place] } else { 0 }
    }
}
