import Foundation
import TestSupport
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
        RootCase(environment: ["HF_HUB_CACHE": "/c", "TRANSFORMERS_CACHE": "/t"], root: "/t"),
        RootCase(environment: ["PYTORCH_PRETRAINED_BERT_CACHE": "/b", "PYTORCH_TRANSFORMERS_CACHE": "/p", "TRANSFORMERS_CACHE": "/t"], root: "/t"),
        RootCase(environment: ["PYTORCH_PRETRAINED_BERT_CACHE": "/b", "PYTORCH_TRANSFORMERS_CACHE": "/p"], root: "/p"),
        RootCase(environment: ["HF_HOME": "/f", "PYTORCH_PRETRAINED_BERT_CACHE": "~/b", "HOME": "/h"], root: "/h/b"),
        RootCase(environment: ["HF_HOME": "/f", "TRANSFORMERS_CACHE": ""], root: "/f/hub"),
    ])
    func `the environment says where the cache is`(_ expected: RootCase) {
        #expect(HubCache(environment: expected.environment).root.path == expected.root)
    }

    @Test func `a variable that newer tools do not read is remembered`() {
        #expect(HubCache(environment: ["HF_HUB_CACHE": "/c"]).deprecatedVariable == nil)
        #expect(HubCache(environment: ["HF_HUB_CACHE": "/c", "TRANSFORMERS_CACHE": "/t"]).deprecatedVariable == "TRANSFORMERS_CACHE")
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
        sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try resolve(text) }
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
                + " Download it, or set HF_HUB_CACHE to the cache that has it.")
    }

    @Test func `a revision that is not there says which are`() {
        #expect(
            error("tiny/llama3@v2")
                == "Revision v2 of tiny/llama3 is not in DIR/models--tiny--llama3. Revisions in the cache: main, refs, beef, c0ffee.")
        #expect(
            error("tiny/llama3-clt")
                == "Revision main of tiny/llama3-clt is not in DIR/models--tiny--llama3-clt. Revisions in the cache: 1.")
    }

    @Test func `a file that is not there suggests near names`() {
        #expect(
            error("tiny/llama3/layers/layer_1.safetensors")
                == "layers/layer_1.safetensors of tiny/llama3 is not in DIR/models--tiny--llama3/snapshots/c0ffee."
                + " Did you mean layers/layer_0.safetensors?")
        #expect(
            error("tiny/llama3/no/such/place")
                == "no/such/place of tiny/llama3 is not in DIR/models--tiny--llama3/snapshots/c0ffee. Download it.")
    }

    @Test func `a link without its blob is called that`() {
        #expect(
            error("tiny/llama3/gone.json")
                == "DIR/models--tiny--llama3/snapshots/c0ffee/gone.json of tiny/llama3 is a link whose target is gone."
                + " Download it again.")
    }

    @Test func `a ref cannot lead out of the snapshots`() throws {
        try folder.write("../refs", to: "models--tiny--llama3/refs/evil")
        #expect(error("tiny/llama3@evil")?.hasPrefix("Revision evil of tiny/llama3 is not in") == true)
    }

    /// As where a disk is not connected: the cache, a repository, its snapshots, one snapshot.
    @Test(arguments: ["", "/models--tiny--llama3", "/models--tiny--llama3/snapshots", "/models--tiny--llama3/snapshots/c0ffee"])
    func `a folder that is a link to nothing is called that`(_ place: String) throws {
        let link = folder["hub" + place]
        try FileManager.default.createDirectory(at: link.deletingLastPathComponent(), withIntermediateDirectories: true)
        if place.hasSuffix("c0ffee") { try folder.write("c0ffee", to: "hub/models--tiny--llama3/refs/main") }
        try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "/no/such/disk")
        let cache = HubCache(environment: ["HF_HUB_CACHE": folder["hub"].path])
        #expect(
            sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try cache.resolve(HubReference(parsing: "tiny/llama3")) }
                == "DIR/hub\(place), which should hold tiny/llama3, is a link to /no/such/disk, which does not exist."
                + " Connect that disk, or remove the link and download again.")
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

    private func link(_ name: String, to target: String) throws {
        let link = folder[name]
        try FileManager.default.createDirectory(at: link.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: target)
    }

    /// As huggingface_hub does, which people rely on to keep parts of a cache on other disks.
    @Test(arguments: [
        "models--tiny--llama3", "models--tiny--llama3/blobs", "models--tiny--llama3/snapshots", "models--tiny--llama3/refs",
        "models--tiny--llama3/snapshots/c0ffee", "models--tiny--llama3/snapshots/c0ffee/layers", "models--tiny--llama3/blobs/1",
        "models--tiny--llama3/snapshots/c0ffee/config.json",
    ])
    func `any part of the cache may be a link to another disk`(_ part: String) throws {
        let disk = try TemporaryFolder()
        // A link in a snapshot is relative to where the snapshot lies.
        try FileManager.default.createDirectory(at: disk["x/y/z"], withIntermediateDirectories: true)
        let names = ["config.json", "tokenizer.json", "layers/layer_0.safetensors"]
        let before = try names.map { try Data(contentsOf: folder["models--tiny--llama3/snapshots/c0ffee/\($0)"]) }
        try FileManager.default.removeItem(at: folder["models--tiny--llama3/snapshots/c0ffee/tokenizer.json"])
        try link("models--tiny--llama3/snapshots/c0ffee/tokenizer.json", to: folder["models--tiny--llama3/blobs/1"].path)
        try FileManager.default.moveItem(at: folder[part], to: disk["x/y/z/part"])
        try link(part, to: disk["x/y/z/part"].path)
        #expect(error("tiny/llama3") == nil)
        let after = try names.map { try Data(contentsOf: cache.resolve(HubReference(parsing: "tiny/llama3/\($0)"))) }
        #expect(after == before)
    }

    @Test func `the cache itself may be a link`() throws {
        let elsewhere = try TemporaryFolder()
        try FileManager.default.createSymbolicLink(atPath: elsewhere["cache"].path, withDestinationPath: folder.url.path)
        let linked = HubCache(environment: ["HF_HUB_CACHE": elsewhere["cache"].path])
        #expect(throws: Never.self) { try linked.resolve(HubReference(parsing: "tiny/llama3")) }
    }

    @Test(arguments: [Array("c0ffee\r\n".utf8), [0xEF, 0xBB, 0xBF] + Array("c0ffee".utf8), Array(" c0ffee \n\n".utf8)])
    func `a ref as other programs write it`(_ bytes: [UInt8]) throws {
        try folder.write(bytes, to: "models--tiny--llama3/refs/main")
        #expect(try resolve("tiny/llama3") == "DIR/models--tiny--llama3/snapshots/c0ffee")
    }

    @Test func `a repository is looked for where transformers 4 kept models, then where the hub's tools do`() throws {
        let older = try TemporaryFolder()
        try older.write("1", to: "models--old--model/refs/main")
        try older.write("{}", to: "models--old--model/snapshots/1/config.json")
        try older.write("2", to: "models--tiny--llama3/refs/main")
        try older.write("{}", to: "models--tiny--llama3/snapshots/2/config.json")
        let both = HubCache(environment: ["HF_HUB_CACHE": folder.url.path, "TRANSFORMERS_CACHE": older.url.path])
        func path(_ text: String) throws -> String { try both.resolve(HubReference(parsing: text)).path }
        #expect(try path("old/model") == older["models--old--model/snapshots/1"].path)
        #expect(try path("tiny/llama3") == older["models--tiny--llama3/snapshots/2"].path)
        #expect(try path("tiny/llama3-clt@1") == folder["models--tiny--llama3-clt/snapshots/1"].path)
        #expect(both.repositories() == ["old/model", "tiny/llama3", "tiny/llama3-clt"])
        // What is in neither goes to the first.
        #expect(try both.folder(of: HubReference(parsing: "new/model")).path == older["models--new--model"].path)
        let text = sentence(hiding: older.url) { () throws(CheckpointError) in _ = try both.resolve(HubReference(parsing: "new/model")) }
        #expect(text == "new/model is not in the cache DIR or \(folder.url.path). Download it, or set HF_HUB_CACHE to the cache that has it.")
    }

    @Test func `a repository's folder is known as such`() throws {
        let (found, reference) = try #require(HubCache.repository(at: folder["models--tiny--llama3"]))
        #expect(found.root.path == folder.url.path && reference.description == "tiny/llama3")
        #expect(HubCache.repository(at: folder["datasets--tiny--text"]) == nil)
        #expect(HubCache.repository(at: folder["models--tiny--llama3/snapshots"]) == nil)
        try folder.write("x", to: "models--tiny--begun/blobs/1.incomplete")
        #expect(HubCache.repository(at: folder["models--tiny--begun"]) == nil)
    }

    @Test func `a snapshot knows its repository`() {
        let snapshots = folder["models--tiny--llama3/snapshots"]
        #expect(HubSnapshot(snapshots.appendingPathComponent("c0ffee"))?.reference.description == "tiny/llama3")
        #expect(HubSnapshot(snapshots.appendingPathComponent("beef"))?.reference.description == "tiny/llama3@beef")
        #expect(HubSnapshot(snapshots) == nil && HubSnapshot(folder.url) == nil)
    }
}
