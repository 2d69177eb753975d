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
    ])
    func `the environment says where the cache is`(_ expected: RootCase) {
        #expect(HubCache(environment: expected.environment).root.path == expected.root)
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

    @Test func `models are listed`() {
        #expect(cache.repositories() == ["tiny/llama3", "tiny/llama3-clt"])
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
}
