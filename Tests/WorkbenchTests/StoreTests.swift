import Foundation
import Replacement
import TestSupport
import Testing

@testable import Workbench

@Suite struct StoreTests {
    private static let set = "tiny/llama3-plt-skip"
    private static let text = "The capital of the state"

    private func session(_ cache: TemporaryFolder) async throws -> Session {
        let session = Session(environment: .test(cache: cache.url))
        _ = try await session.load(model: nil, transcoders: Self.set)
        return session
    }

    private func files(_ cache: TemporaryFolder) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: cache.url, includingPropertiesForKeys: nil)
    }

    @Test func `a prompt seen by an earlier session is not encoded again`() async throws {
        let cache = try TemporaryFolder()
        let first = try await session(cache)
        let fresh = try await first.setPrompt(Self.text)
        #expect(!fresh.fromStore)
        let graph = try await first.attribute()

        let second = try await session(cache)
        let stored = try await second.setPrompt(Self.text)
        #expect(stored.fromStore)
        #expect(stored.top == fresh.top)
        #expect(await second.status().cache.hits == 1)
        // The stored baseline is the recorded one to the last bit, so all that restarts from it is the same.
        #expect(try await second.attribute().replacementScore == graph.replacementScore)
    }

    @Test func `the last prompts stay in memory`() async throws {
        let session = Session(environment: .test(cache: nil))
        _ = try await session.load(model: nil, transcoders: Self.set)
        for text in [Self.text, "hello", Self.text] { _ = try await session.setPrompt(text) }
        let cache = await session.status().cache
        #expect((cache.hits, cache.misses, cache.entries) == (1, 2, 0))
    }

    @Test(arguments: [(2, ["1", "2", "3"]), (0, ["3"])]) func `runs before the last one stay in memory while they are small`(_ runs: Int, _ kept: [String])
        throws
    {
        let sample = try SampleRun(TestModel.tokens(130))
        // Of three layers: patterns of 4 heads, in blocks of 128 and 2 rows; keys and values of width 12; three rows of width 16.
        #expect(sample.run.bytes == 4 * (3 * (4 * (128 * 128 + 2 * 130) + 130 * (24 + 48)) + 130 * 16) + 28 * sample.run.activations!.count)
        var store = ActivationStore(folder: nil, recentBytes: runs * sample.run.bytes)
        for key in ["0", "1", "2", "3"] { _ = store.run(key, shape: sample.shape) { sample.run } }
        for key in kept.reversed() { #expect(store.run(key, shape: sample.shape) { sample.run }.wasStored, "\(key)") }
        #expect(!store.run("0", shape: sample.shape) { sample.run }.wasStored)
    }

    @Test func `a changed checkpoint never meets an old entry`() async throws {
        let (cache, copy) = (try TemporaryFolder(), try TemporaryFolder())
        let (model, set) = (copy.url.appending(path: "model"), copy.url.appending(path: "set"))
        try FileManager.default.copyItem(at: Fixtures.snapshot("tiny/llama3"), to: model)
        try FileManager.default.copyItem(at: Fixtures.snapshot(Self.set), to: set)
        func prompt() async throws -> Bool {
            let session = Session(environment: .test(cache: cache.url))
            _ = try await session.load(model: model.path, transcoders: set.path)
            return try await session.setPrompt(Self.text).fromStore
        }
        #expect(try await !prompt())
        #expect(try await prompt())
        // The same bytes, written anew: another time and inode.
        let weights = set.appending(path: "layer_1.safetensors")
        let bytes = try Data(contentsOf: weights)
        try FileManager.default.removeItem(at: weights)
        try bytes.write(to: weights)
        #expect(try await !prompt())
    }

    @Test(arguments: [0, 1, 7]) func `damage is noticed, dropped and recomputed`(_ kind: Int) async throws {
        let cache = try TemporaryFolder()
        let fresh = try await session(cache).setPrompt(Self.text)
        let file = try #require(try files(cache).first)
        var bytes = try Data(contentsOf: file)
        switch kind {
        case 0: bytes.removeLast(100)
        case 1: bytes[bytes.count - 5] ^= 4  // a bit of a number, which the format itself cannot notice
        default: bytes = Data("nonsense".utf8)
        }
        try bytes.write(to: file)
        let again = try await session(cache).setPrompt(Self.text)
        #expect(!again.fromStore)
        #expect(again.top == fresh.top)
        #expect(try await session(cache).setPrompt(Self.text).fromStore)
    }

    @Test func `beyond the limit the longest unused go first`() throws {
        let (cache, sample) = (try TemporaryFolder(), try SampleRun())
        var roomy = ActivationStore(folder: cache.url)
        _ = roomy.run("0", shape: sample.shape) { sample.run }
        let size = try #require(roomy.entries().first).bytes

        var store = ActivationStore(folder: cache.url, limitBytes: 2 * size + size / 2)
        for key in ["1", "2", "3"] {
            _ = store.run(key, shape: sample.shape) { sample.run }
            // File times tell the order; some file systems keep them coarsely.
            Thread.sleep(forTimeInterval: 0.02)
        }
        #expect(store.entries().count == 2)
        var later = ActivationStore(folder: cache.url)
        #expect(later.run("3", shape: sample.shape) { sample.run }.wasStored)
        #expect(!later.run("0", shape: sample.shape) { sample.run }.wasStored)
    }

    @Test func `what a killed process left in the folder counts in the limit`() throws {
        let (cache, sample) = (try TemporaryFolder(), try SampleRun())
        var store = ActivationStore(folder: cache.url, limitBytes: 1 << 20)
        _ = store.run("0", shape: sample.shape) { sample.run }
        let left = cache.url.appending(path: ".circuit-tracer-\(getpid())-1.tmp")
        try Data(count: 1 << 20).write(to: left)
        _ = store.run("1", shape: sample.shape) { sample.run }
        #expect(store.entries().count == 1)
        #expect(store.usedBytes > 1 << 20)
    }

    @Test func `the store lists what it holds, the newest first, and names the prompts of the loaded model`() async throws {
        let cache = try TemporaryFolder()
        let session = try await session(cache)
        for text in ["hello", Self.text] {
            _ = try await session.setPrompt(text)
            try await Task.sleep(for: .milliseconds(20))
        }
        let report = await session.storedRuns(10)
        #expect(report.runs.map(\.prompt) == ["<|begin_of_text|>The capital of the state", "<|begin_of_text|>hello"])
        #expect(report.runs.map(\.tokens) == [await session.status().positions, try await session.setPrompt("hello").tokens.count])
        #expect(report.count == 2 && report.bytes == report.runs.reduce(0) { $0 + $1.bytes } && report.limitBytes == 1 << 30)
        #expect(report.folder == cache.url.path && report.notices.isEmpty)
        #expect(report.runs[0].age < report.runs[1].age && report.runs[1].age < 600)
        #expect(await session.storedRuns(1).runs.count == 1)
        // Used again, it is the newest.
        #expect(await Session(environment: .test(cache: cache.url)).storedRuns(10).runs.map(\.prompt) == [nil, nil], "no model is loaded that could tell")
    }

    @Test func `clearing the store leaves nothing in memory or on disk, and says what went`() async throws {
        let cache = try TemporaryFolder()
        let session = try await session(cache)
        for text in ["hello", Self.text] { _ = try await session.setPrompt(text) }
        let other = cache.url.appending(path: "not-ours.txt")
        try Data(count: 10).write(to: other)
        let bytes = await session.storedRuns(0).bytes
        let cleared = await session.clearStore()
        #expect(cleared.count == 2 && cleared.bytes == bytes - 10)
        #expect(try files(cache).map(\.lastPathComponent) == ["not-ours.txt"])
        #expect(try await !session.setPrompt(Self.text).fromStore)
        #expect(await session.storedRuns(10).count == 1)
    }

    @Test func `a key is read as it was written, and nothing else is one`() {
        let key = RunKey(identity: "/a/config.json 1 2 3\n/a/model 4 5 6", tokens: [1, 276, 9])
        #expect(RunKey(key.text) == key)
        #expect(RunKey("run 3\n/a\n[1]") == nil && RunKey("run 4\n/a\n[1, x]") == nil && RunKey("run 4\n[1]") == nil && RunKey("") == nil)
        #expect(key.isOfModel(withIdentity: "/a/config.json 1 2 3\n/another/set 1 1 1"))
        #expect(!key.isOfModel(withIdentity: "/a/config.json 1 2 4\n/a/model 4 5 6"))
    }

    @Test func `two sessions share a folder at once`() async throws {
        let cache = try TemporaryFolder()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let session = try await self.session(cache)
                    for text in ["a", "b", "c", "d"] { _ = try await session.setPrompt(text) }
                }
            }
            try await group.waitForAll()
        }
        let session = try await session(cache)
        for text in ["a", "b", "c", "d"] { #expect(try await session.setPrompt(text).fromStore) }
        #expect(try files(cache).count == 4, "nothing half written is left")
    }
}
