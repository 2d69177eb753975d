import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing
@testable import Downloads

private func listing(_ paths: String...) throws -> RepositoryListing {
    let siblings = paths.map { ["rfilename": $0] }
    let json = try JSONSerialization.data(withJSONObject: ["sha": String(repeating: "a", count: 40), "siblings": siblings])
    return try RepositoryListing(json, of: HubReference(parsing: "org/name"), host: "hub")
}

private func contents(_ reference: String, _ listing: RepositoryListing) throws -> Contents {
    try listing.contents(at: HubReference(parsing: reference))
}

@Suite struct NeededFilesTests {
    @Test func `a file, a folder, a model and a set are told apart by names`() throws {
        let listing = try listing(
            "config.json", "tokenizer.json", "model.safetensors", "sets/a/config.yaml", "sets/a/layer_0.safetensors",
            "raw/x/params.npz", "raw/x/deep/y.npz")
        #expect(try contents("org/name", listing) == .model(folder: "", index: nil))
        #expect(try contents("org/name/config.json", listing) == .files(["config.json"]))
        #expect(try contents("org/name/sets/a", listing) == .transcoderSet(folder: "sets/a/"))
        #expect(try contents("org/name/sets/a/config.yaml", listing) == .transcoderSet(folder: "sets/a/"))
        #expect(try contents("org/name/raw/x", listing) == .files(["raw/x/deep/y.npz", "raw/x/params.npz"]))
        #expect(sentence { try contents("org/name/sets/b", listing) } == "org/name has no sets/b. Did you mean sets/a or sets?")
    }

    @Test func `a repository that is neither says where there is something`() throws {
        let listing = try listing("README.md", "small/config.yaml", "large/config.yaml", "model/config.json")
        #expect(
            sentence { try contents("org/name", listing) }
                == "org/name has neither config.yaml nor config.json, so it is neither a transcoder set nor a model."
                + " Name a folder in it: large, model, small.")
    }

    @Test func `of a model only what is read is needed`() throws {
        let listing = try listing(
            "README.md", "config.json", "generation_config.json", "special_tokens_map.json", "tokenizer.json", "tokenizer.model",
            "tokenizer_config.json", "model.safetensors", "pytorch_model.bin", "model.gguf", "onnx/model.onnx",
            "original/consolidated.safetensors", "consolidated.safetensors", ".gitattributes")
        #expect(
            try listing.modelFiles(in: "", shards: nil) == [
                "config.json", "generation_config.json", "special_tokens_map.json", "tokenizer.json", "tokenizer_config.json",
                "model.safetensors",
            ])
    }

    @Test func `of a model in shards the index and what it names are needed`() throws {
        let listing = try listing(
            "m/config.json", "m/tokenizer.json", "m/model.safetensors.index.json", "m/model-1.safetensors", "m/model-2.safetensors",
            "m/model-3.safetensors")
        #expect(try contents("org/name/m", listing) == .model(folder: "m/", index: "m/model.safetensors.index.json"))
        #expect(
            try listing.modelFiles(in: "m/", shards: ["model-2.safetensors", "model-1.safetensors", "model-2.safetensors"]) == [
                "m/config.json", "m/tokenizer.json", "m/model.safetensors.index.json", "m/model-1.safetensors",
                "m/model-2.safetensors",
            ])
        #expect(
            sentence { try listing.modelFiles(in: "m/", shards: ["model-4.safetensors"]) }?
                .hasPrefix("org/name has no m/model-4.safetensors. Did you mean m/model-1.safetensors, ") == true)
        for escape in ["../model-1.safetensors", "/etc/passwd"] {
            #expect(throws: DownloadError.self) { try listing.modelFiles(in: "m/", shards: [escape]) }
        }
    }

    @Test func `a model without what is read is refused by name`() throws {
        #expect(
            sentence { try contents("org/name", listing("config.json", "tokenizer.model", "model.safetensors")) }?
                .hasPrefix("org/name has no tokenizer.json, which the model needs.") == true)
        #expect(
            sentence { try contents("org/name", listing("config.json", "tokenizer.json", "pytorch_model.bin")) }
                == "org/name has neither model.safetensors nor model.safetensors.index.json. It holds pytorch_model.bin."
                + " Name a revision with model.safetensors, or convert the weights.")
        #expect(
            sentence { try contents("org/name", listing("config.json", "tokenizer.json", "model-00001-of-00002.safetensors")) }
                == "org/name holds model-00001-of-00002.safetensors but no model.safetensors.index.json, which lists a model's shards."
                + " Name a revision with model.safetensors, or convert the weights.")
    }

    @Test func `of a set the files beside its config are needed, or those it names`() throws {
        let listing = try listing(
            "config.yaml", "layer_0.safetensors", "layer_1.npz", "README.md", "other/config.yaml", "other/layer_0.safetensors")
        let beside = try listing.setFiles(in: "", configEntries: nil)
        #expect(beside.own == ["config.yaml", "layer_0.safetensors", "layer_1.npz"])
        #expect(beside.elsewhere.isEmpty)
        let named = try listing.setFiles(in: "", configEntries: ["other/layer_0.safetensors", "hf://a/b/c.npz?revision=r"])
        #expect(named.own == ["config.yaml", "other/layer_0.safetensors"])
        #expect(try named.elsewhere == [HubReference(parsing: "a/b/c.npz@r")])
        #expect(try listing.setFiles(in: "other/", configEntries: nil).own == ["other/config.yaml", "other/layer_0.safetensors"])
    }

    @Test(arguments: ["../x", "/etc/passwd", "a//b", "", "hf://a/b", "hf://a/../c"])
    func `a place that leads elsewhere is refused`(_ place: String) throws {
        let listing = try listing("config.yaml", "layer_0.safetensors")
        #expect(
            sentence { try listing.setFiles(in: "", configEntries: [place]) }
                == "org/name/config.yaml names \(place.debugDescription), which is not a file on the hub. The set cannot be downloaded.")
    }
}

@Suite struct RepositoryListingTests {
    @Test(arguments: ["../x", "/etc/passwd", "a/../../x", "a//b", "a\\b", "..\\x", "", ".", "a/\u{0}b"])
    func `a path that leads out of the repository is refused`(_ path: String) {
        #expect(
            sentence { try listing("config.json", path) }
                == "hub does not answer like a hub: \(path.debugDescription) is not a path in a repository. Check HF_ENDPOINT.")
    }

    @Test(arguments: [
        #"{"sha": "main", "siblings": []}"#, #"{"sha": "../../../x", "siblings": []}"#, #"{"siblings": []}"#, "[]", "", "{",
        #"{"sha": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "siblings": [{"rfilename": "a", "size": -1}]}"#,
        #"{"sha": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "siblings": [{"rfilename": "a", "size": 1e99}]}"#,
        #"{"sha": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "siblings": [{"rfilename": "a", "size": 1, "blobId": "../a"}]}"#,
        #"{"sha": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "siblings": [{"rfilename": "a", "lfs": {"sha256": ".."}}]}"#,
    ])
    func `an answer that is none is refused`(_ json: String) throws {
        let reference = try HubReference(parsing: "org/name")
        #expect(throws: DownloadError.self) { try RepositoryListing(Data(json.utf8), of: reference, host: "hub") }
    }

    @Test func `no answer of the hub crashes us`() throws {
        let reference = try HubReference(parsing: "org/name")
        let answer = """
            {"sha": "\(String(repeating: "a", count: 40))", "siblings": [{"rfilename": "config.yaml", "size": 12, "blobId": "\(gitHash([]))"},
            {"rfilename": "b/config.json", "lfs": {"sha256": "\(largeHash([]))", "size": 5}},
            {"rfilename": "b/model.safetensors", "lfs": {"sha256": "\(largeHash([1]))", "size": 7}}, {"rfilename": "b/tokenizer.json"}]}
            """
        let whole = try RepositoryListing(Data(answer.utf8), of: reference, host: "hub")
        #expect(try whole.contents(at: reference.appending(path: "b")) == .model(folder: "b/", index: nil))
        var random = RandomBits(seed: 7)
        var refused = 0
        for _ in 0..<3000 {
            var bytes = Array(answer.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let byte = "\"{}[]:,0-9.e/\\u".utf8.randomElement(using: &random)!
                bytes[Int.random(in: bytes.indices, using: &random)] = byte
            }
            do throws(DownloadError) {
                let listing = try RepositoryListing(Data(bytes), of: reference, host: "hub")
                for path in [nil, "b", "b/config.json"] {
                    _ = try listing.contents(at: path.map { reference.appending(path: $0) } ?? reference)
                }
            } catch {
                #expect(!error.description.isEmpty)
                refused += 1
            }
        }
        #expect(refused > 500 && refused < 3000, "\(refused) refused")
    }

    @Test func `an ETag names a blob without its quotes`() {
        let (small, large) = (gitHash([1]), largeHash([1]))
        #expect(Blob(etag: "\"\(small)\"")?.check == .git)
        #expect(Blob(etag: "W/\"\(large)\"")?.check == .sha256)
        #expect(Blob(etag: "W/\"\(large)\"")?.name == large)
        for other in ["\"a/b\"", "", "\"\(large)-gzip\"", small.uppercased(), String(small.dropLast())] { #expect(Blob(etag: other) == nil) }
    }
}
