import Checkpoints
import Foundation
import TestSupport
import Testing
@testable import Downloads

@Suite struct TranscoderSetTests {
    private func config(_ model: String, _ places: String...) -> [UInt8] {
        var text = "model_name: \(model)\nmodel_kind: transcoder_set\nfeature_input_hook: a\nfeature_output_hook: b\n"
        if !places.isEmpty { text += "transcoders:\n" + places.map { "  - \"\($0)\"\n" }.joined() }
        return Array(text.utf8)
    }

    @Test func `a set comes with the files it names elsewhere and its model`() async throws {
        let test = try DownloadCase([
            "org/set": ["config.yaml": config("org/model", "hf://org/files/0/params.npz", "hf://org/files/1/params.npz")],
            "org/files": ["0/params.npz": content(1500, 5), "1/params.npz": content(1500, 6), "2/params.npz": content(1500, 7)],
            "org/model": modelFiles(),
        ])
        let result = try await test.download("org/set")
        #expect(result.url.path.contains("models--org--set"))
        for place in ["set/config.yaml", "files/0/params.npz", "files/1/params.npz", "model/model.safetensors"] {
            #expect(throws: Never.self) { try test.cache.resolve(HubReference(parsing: "org/" + place)) }
        }
        #expect(
            Set(test.remote.fetched) == [
                "config.yaml", "0/params.npz", "1/params.npz", "config.json", "tokenizer.json", "tokenizer_config.json",
                "model.safetensors",
            ])
        #expect(try await test.download("org/set").fetchedFiles == 0)
        #expect(test.remote.fetched.count == 7)
    }

    @Test func `a set can be had without its model`() async throws {
        let set = ["a/config.yaml": config("org/model"), "a/layer_0.safetensors": content(1500), "b": [1]]
        let test = try DownloadCase(["org/set": set])
        try await test.download("org/set/a", includingModel: false)
        #expect(test.remote.fetched.sorted() == ["a/config.yaml", "a/layer_0.safetensors"])
        #expect(
            await test.error("org/set/a")
                == "org/model, the model of org/set/a, cannot be downloaded. There is no repository org/model on the hub. Check its name."
                + " `--no-model` downloads only the set.")
    }

    @Test func `a model in shards comes with those its index names`() async throws {
        var files = modelFiles()
        files["model.safetensors"] = nil
        files["model.safetensors.index.json"] = Array(#"{"weight_map": {"a": "x-1.safetensors", "b": "x-2.safetensors"}}"#.utf8)
        for shard in 1...3 { files["x-\(shard).safetensors"] = content(1500, UInt64(shard)) }
        let test = try DownloadCase(["org/model": files])
        try await test.download("org/model")
        #expect(test.remote.fetched.filter { $0.hasPrefix("x-") }.sorted() == ["x-1.safetensors", "x-2.safetensors"])
    }

    @Test func `an index may name its shards with dots`() async throws {
        var files = modelFiles()
        files["model.safetensors"] = nil
        files["model.safetensors.index.json"] = Array(#"{"weight_map": {"a": "./x-1.safetensors", "b": "x-1.safetensors"}}"#.utf8)
        files["x-1.safetensors"] = content(1500)
        let test = try DownloadCase(["org/model": files])
        try await test.download("org/model")
        #expect(test.remote.fetched.filter { $0.hasPrefix("x-") } == ["x-1.safetensors"])
    }

    @Test(arguments: ["hf://org/sparse/layers.0.mlp/sae.safetensors", "layers.0.mlp/sae.safetensors"])
    func `a layer of sparsify's comes with its config`(_ place: String) async throws {
        let layer = ["layers.0.mlp/sae.safetensors": content(1500), "layers.0.mlp/cfg.json": Array("{}".utf8), "layers.1.mlp/cfg.json": [1]]
        let test = try DownloadCase([
            "org/set": ["config.yaml": config("org/model", place)].merging(layer) { $1 }, "org/sparse": layer,
        ])
        try await test.download("org/set", includingModel: false)
        #expect(Set(test.remote.fetched) == ["config.yaml", "layers.0.mlp/sae.safetensors", "layers.0.mlp/cfg.json"])
    }

    @Test func `published examples come only when they are asked for, and single layers as the index names them`() async throws {
        let index = Array(#"{"0": {"filename": "a.bin", "offsets": [0]}, "1": {"filename": "b.bin", "offsets": [0]}}"#.utf8).deflated(.gzip)
        let set = [
            "s/config.yaml": config("org/model"), "s/layer_0.safetensors": content(1500), "s/features/index.json.gz": index,
            "s/features/a.bin": content(1500, 2),
            "s/features/b.bin": content(1500, 3), "s/features/README.md": [1],
        ]
        func files(_ examples: FeatureExamples?) async throws -> [String] {
            let test = try DownloadCase(["org/set": set])
            let plan = try await test.local().plan(for: HubReference(parsing: "org/set/s"), includingModel: false, examples: examples)
            _ = try await test.local().fetch(plan)
            return Set(test.remote.fetched).sorted()
        }
        let own = ["s/config.yaml", "s/layer_0.safetensors"]
        #expect(try await files(nil) == own)
        #expect(try await files(.all) == ["s/config.yaml", "s/features/a.bin", "s/features/b.bin", "s/features/index.json.gz", "s/layer_0.safetensors"])
        #expect(try await files(.layers([1])) == ["s/config.yaml", "s/features/b.bin", "s/features/index.json.gz", "s/layer_0.safetensors"])
    }

    @Test func `what publishes no examples says so, and so does a layer without`() async throws {
        let test = try DownloadCase([
            "org/plain": ["config.yaml": config("org/model")],
            "org/set": [
                "config.yaml": config("org/model"), "features/index.json.gz": Array(#"{"0": {"filename": "a.bin", "offsets": []}}"#.utf8).deflated(.gzip),
                "features/a.bin": [1],
            ],
            "org/bad": ["config.yaml": config("org/model"), "features/index.json.gz": [1, 2, 3]],
            "org/model": modelFiles(),
        ])
        func refusal(_ name: String, _ examples: FeatureExamples) async -> String? {
            do {
                _ = try await test.local().plan(for: HubReference(parsing: name), includingModel: false, examples: examples)
                return nil
            } catch { return "\(error)".replacing(test.folder.url.path, with: "DIR") }
        }
        for name in ["org/plain", "org/model"] {
            #expect(await refusal(name, .all) == "\(name) publishes no examples of features: it has no features/index.json.gz beside a set.")
        }
        #expect(await refusal("org/set", .layers([0, 7])) == "org/set publishes no examples of layer 7's features.")
        #expect(await refusal("org/bad", .layers([0]))?.hasSuffix("It should be the gzip file of an index of features; download it again.") == true)
    }

    @Test func `a planned set that is not fetched is not taken for one that is here`() async throws {
        let test = try DownloadCase(["org/set": ["config.yaml": config("org/model"), "layer_0.safetensors": content(1500)]])
        let plan = try await test.local().plan(for: HubReference(parsing: "org/set"), includingModel: false)
        #expect((plan.fileCount, plan.missingFileCount, plan.missingByteCount) == (2, 1, 1500))
        #expect(try !test.cache.holds(HubReference(parsing: "org/set")))
        #expect(test.cache.repositories() == [])
    }
}

@Suite struct LinkTests {
    @Test func `a snapshot's link to a file elsewhere is its owner's, and a folder that leads out is not written to`() async throws {
        let test = try DownloadCase(["org/many": ["a/one.bin": content(1500), "a/b/three.bin": content(9), "two.bin": content(1500, 2)]])
        let outside = test.folder["outside"]
        try FileManager.default.createDirectory(at: outside, withIntermediateDirectories: true)
        try Data(content(1500, 2)).write(to: outside.appendingPathComponent("two.bin"))
        let snapshot = test.cache.root.appendingPathComponent("models--org--many/snapshots/\(LoopbackHub.commit(of: "org/many"))")
        try FileManager.default.createDirectory(at: snapshot, withIntermediateDirectories: true)
        func link(_ name: String, _ target: URL) throws {
            try FileManager.default.createSymbolicLink(at: snapshot.appendingPathComponent(name), withDestinationURL: target)
        }
        try link("two.bin", outside.appendingPathComponent("two.bin"))
        try link("a", outside)
        #expect(await test.error("org/many/two.bin") == nil)
        #expect(test.remote.fetched == [])
        for name in ["a/one.bin", "a/b/three.bin"] {
            #expect(
                await test.error("org/many/\(name)")
                    == snapshot.path.replacingOccurrences(of: test.folder.url.path, with: "DIR")
                    + "/a of org/many is a link to DIR/outside, outside the snapshot. Nothing was written there. Remove the link and download again.")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside.path) == ["two.bin"])
    }

    @Test(arguments: ["blobs", "snapshots", "refs", ""])
    func `parts of a repository that lie on another disk are filled there`(_ part: String) async throws {
        let test = try DownloadCase(["org/model": modelFiles()])
        let (files, disk) = (FileManager.default, test.folder["disk"])
        let place = test.cache.root.appendingPathComponent("models--org--model").appendingPathComponent(part)
        for folder in [disk, place.deletingLastPathComponent()] { try files.createDirectory(at: folder, withIntermediateDirectories: true) }
        try files.createSymbolicLink(atPath: place.path.trimmingSuffix("/"), withDestinationPath: disk.path)
        #expect(await test.error("org/model") == nil)
        #expect(try files.contentsOfDirectory(atPath: disk.path).isEmpty == false)
        #expect(throws: Never.self) { try test.cache.resolve(HubReference(parsing: "org/model/model.safetensors")) }
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String { hasSuffix(suffix) ? String(dropLast(suffix.count)) : self }
}

@Suite struct TokenFileTests {
    @Test(
        arguments: [
            Array("hf_x\r\n".utf8), [0xEF, 0xBB, 0xBF] + Array("hf_x\n".utf8), [0xFF, 0xFE] + Array("h\0f\0_\0x\0\r\0\n\0".utf8),
        ] as [[UInt8]])
    func `a token as other programs write it`(_ bytes: [UInt8]) throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(bytes, to: "token")
        #expect(try HubSettings(environment: ["HF_TOKEN_PATH": file.path]).token()?.headerValue == "Bearer hf_x")
    }
}
