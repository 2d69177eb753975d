import Foundation
import Testing
import Checkpoints

struct RootCase: Sendable, CustomTestStringConvertible {
    let environment: [String: String]
    let root: String
    var testDescription: String { environment.keys.sorted().joined(separator: ", ") }
}

@Suite struct HubCacheRootTests {
    @Test(arguments: [
        RootCase(environment: ["HOME": "/h"], root: "/h/.cache/huggingface/hub"),
        RootCase(environment: ["HOME": "/h", "XDG_CACHE_HOME": "/x"], root: "/x/huggingface/hub"),
        RootCase(environment: ["HOME": "/h", "XDG_CACHE_HOME": "/x", "HF_HOME": "/f"], root: "/f/hub"),
        RootCase(environment: ["HOME": "/h", "HF_HOME": "/f", "HF_HUB_CACHE": "/c"], root: "/c"),
        RootCase(environment: ["HOME": "/h", "HF_HUB_CACHE": "~/c"], root: "/h/c"),
        RootCase(environment: ["HOME": "/h", "HF_HUB_CACHE": ""], root: "/h/.cache/huggingface/hub"),
        RootCase(environment: ["HOME": "/h", "HF_HOME": "/f", "HUGGINGFACE_HUB_CACHE": "/c"], root: "/c"),
        RootCase(environment: ["HUGGINGFACE_HUB_CACHE": "/old", "HF_HUB_CACHE": "/c"], root: "/c"),
        RootCase(environment: ["HF_HOME": "$SCRATCH/f", "SCRATCH": "/s"], root: "/s/f/hub"),
        RootCase(environment: ["HF_HUB_CACHE": "${SCRATCH}c/$NO", "SCRATCH": "/s/"], root: "/s/c/$NO"),
    ])
    func `the environment says where the cache is`(_ expected: RootCase) {
        #expect(HubCache(environment: expected.environment).root.path == expected.root)
    }

    @Test func `the environment says where the token is`() {
        #expect(HubFolders(environment: ["HOME": "/h"]).token.path == "/h/.cache/huggingface/token")
        #expect(HubFolders(environment: ["HF_HOME": "/f", "HF_HUB_CACHE": "/c"]).token.path == "/f/token")
        #expect(HubFolders(environment: ["HF_HOME": "/f", "HF_TOKEN_PATH": "/t/x"]).token.path == "/t/x")
    }
}

@Suite struct HubCacheTests {
    private let folder: TemporaryFolder
    private let cache: HubCache

    /// Two models and a data set, one file of them a link into the blobs as the hub's own tools make it.
    init() throws {
        folder = try TemporaryFolder()
        cache = HubCache(environment: ["HF_HUB_CACHE": folder.url.path])
        let model = "models--tiny--llama3"
        try folder.write("c0ffee\n", to: "\(model)/refs/main")
        try folder.write("beef", to: "\(model)/refs/refs/pr/1")
        try folder.write("{}", to: "\(model)/snapshots/c0ffee/config.json")
        try folder.write("x", to: "\(model)/snapshots/c0ffee/layers/layer_0.safetensors")
        try folder.write("y", to: "\(model)/snapshots/beef/config.json")
        try folder.write("blob", to: "\(model)/blobs/1")
        for (name, blob) in [("tokenizer.json", "1"), ("gone.json", "2")] {
            try FileManager.default.createSymbolicLink(
                atPath: folder["\(model)/snapshots/c0ffee/\(name)"].path, withDestinationPath: "../../blobs/\(blob)")
        }
        try folder.write("x", to: "models--tiny--llama3-clt/snapshots/1/config.yaml")
        try folder.write("x", to: "datasets--tiny--text/snapshots/1/a")
        try folder.write("x", to: "version.txt")
    }

    private func resolve(_ text: String) throws(CheckpointError) -> String {
        try cache.resolve(HubReference(parsing: text)).path.replacingOccurrences(of: folder.url.path, with: "DIR")
    }

    private func error(_ text: String) -> String? {
        sentence(in: folder) { () throws(CheckpointError) in _ = try resolve(text) }
    }

    @Test func `models are listed`() throws {
        try folder.write("x", to: "models--gpt2/snapshots/1/config.json")
        try folder.write("x", to: "models--tiny--begun/blobs/1.incomplete")
        #expect(cache.repositories() == ["gpt2", "tiny/llama3", "tiny/llama3-clt"])
        #expect(HubCache(environment: ["HF_HUB_CACHE": folder["no"].path]).repositories() == [])
    }

    @Test func `a reference resolves to its snapshot, or a folder or file in it`() throws {
        let snapshots = "DIR/models--tiny--llama3/snapshots"
        #expect(try resolve("tiny/llama3") == snapshots + "/c0ffee")
        #expect(try resolve("tiny/llama3@main") == snapshots + "/c0ffee")
        #expect(try resolve("tiny/llama3@c0ffee") == snapshots + "/c0ffee")
        #expect(try resolve("tiny/llama3@refs/pr/1") == snapshots + "/beef")
        #expect(try resolve("tiny/llama3/layers") == snapshots + "/c0ffee/layers")
        #expect(try resolve("hf://tiny/llama3/tokenizer.json?revision=main") == snapshots + "/c0ffee/tokenizer.json")
    }

    @Test func `a repository that is not there suggests near names`() {
        #expect(error("tiny/lama3") == "tiny/lama3 is not in the cache DIR. Did you mean tiny/llama3?")
        #expect(
            error("google/gemma-2-2b")
                == "google/gemma-2-2b is not in the cache DIR."
                + " Download it there, or set HF_HUB_CACHE to the cache that has it.")
    }

    @Test func `a revision that is not there says which are`() {
        #expect(
            error("tiny/llama3@v2")
                == "revision v2 of tiny/llama3 is not in DIR/models--tiny--llama3. There is main, refs, beef, c0ffee.")
        #expect(
            error("tiny/llama3-clt")
                == "revision main of tiny/llama3-clt is not in DIR/models--tiny--llama3-clt. There is 1.")
    }

    @Test func `a file that is not there suggests near names`() {
        #expect(
            error("tiny/llama3/layers/layer_1.safetensors")
                == "layers/layer_1.safetensors of tiny/llama3 is not in DIR/models--tiny--llama3/snapshots/c0ffee."
                + " Did you mean layers/layer_0.safetensors?")
        #expect(
            error("tiny/llama3/no/such/place")
                == "no/such/place of tiny/llama3 is not in DIR/models--tiny--llama3/snapshots/c0ffee. Download it there.")
    }

    @Test func `a link without its blob is called that`() {
        #expect(
            error("tiny/llama3/gone.json")
                == "DIR/models--tiny--llama3/snapshots/c0ffee/gone.json of tiny/llama3 is a link whose target is gone."
                + " Download it again.")
    }

    @Test func `a ref cannot lead out of the snapshots`() throws {
        try folder.write("../refs", to: "models--tiny--llama3/refs/evil")
        #expect(error("tiny/llama3@evil")?.hasPrefix("revision evil of tiny/llama3 is not in") == true)
    }

    @Test func `a repository of which only the download began is not there`() throws {
        try folder.write("x", to: "models--tiny--begun/blobs/1.incomplete")
        #expect(try !cache.holds(HubReference(parsing: "tiny/begun")))
        #expect(try cache.holds(HubReference(parsing: "tiny/llama3")))
        #expect(error("tiny/begun")?.hasPrefix("tiny/begun is not in the cache DIR.") == true)
    }

    @Test func `a repository without an organization is found`() throws {
        try folder.write("1", to: "models--gpt2/refs/main")
        try folder.write("x", to: "models--gpt2/snapshots/1/config.json")
        #expect(try resolve("gpt2") == "DIR/models--gpt2/snapshots/1")
    }

    /// A folder outside the cache with a file in it.
    private func outside() throws -> TemporaryFolder {
        let outside = try TemporaryFolder()
        try outside.write("secret", to: "secret.json")
        return outside
    }

    private func link(_ name: String, to target: String) throws {
        let link = folder[name]
        try FileManager.default.createDirectory(at: link.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: target)
    }

    @Test func `a link that leaves the cache is refused by its name`() throws {
        let outside = try outside()
        let snapshot = "models--tiny--llama3/snapshots/c0ffee"
        try link("\(snapshot)/stray.json", to: outside["secret.json"].path)
        let expected =
            "DIR/\(snapshot)/stray.json of tiny/llama3 is a link that leaves the cache DIR for"
            + " \(outside["secret.json"].path), so it is not followed. Remove it and download the file again."
        #expect(error("tiny/llama3/stray.json") == expected)
        #expect(error("tiny/llama3") == expected)
        // What lies beside it can still be had.
        #expect(error("tiny/llama3/config.json") == nil)
    }

    @Test func `folders that are links are looked into`() throws {
        let outside = try outside()
        try link("models--tiny--llama3/snapshots/c0ffee/sub", to: "../../blobs/sub")
        try link("models--tiny--llama3/blobs/sub/round", to: "../../snapshots/c0ffee")
        #expect(error("tiny/llama3") == nil)
        try link("models--tiny--llama3/blobs/sub/stray", to: outside.url.path)
        #expect(error("tiny/llama3")?.contains("/c0ffee/sub/stray of tiny/llama3 is a link that leaves the cache") == true)
        try link("models--tiny--evil/snapshots/1", to: outside.url.path)
        #expect(error("tiny/evil@1")?.contains("is a link that leaves the cache") == true)
    }

    @Test func `the cache and a repository in it may lie elsewhere`() throws {
        let elsewhere = try TemporaryFolder()
        try FileManager.default.moveItem(at: folder["models--tiny--llama3"], to: elsewhere["llama"])
        try link("models--tiny--llama3", to: elsewhere["llama"].path)
        #expect(error("tiny/llama3/tokenizer.json") == nil)
        try FileManager.default.createSymbolicLink(atPath: elsewhere["cache"].path, withDestinationPath: folder.url.path)
        let linked = HubCache(environment: ["HF_HUB_CACHE": elsewhere["cache"].path])
        #expect(throws: Never.self) { try linked.resolve(HubReference(parsing: "tiny/llama3")) }
    }
}
