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
        #expect(result.place.path.contains("models--org--set"))
        for place in ["set/config.yaml", "files/0/params.npz", "files/1/params.npz", "model/model.safetensors"] {
            #expect(throws: Never.self) { try test.cache.resolve(HubReference(parsing: "org/" + place)) }
        }
        #expect(Set(test.remote.fetched) == [
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
                == "the model of org/set/a, org/model: there is no repository org/model on the hub. Check its name."
                + " (--no-model fetches the set alone.)")
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

    @Test func `a planned set that is not fetched is not taken for one that is here`() async throws {
        let test = try DownloadCase(["org/set": ["config.yaml": config("org/model"), "layer_0.safetensors": content(1500)]])
        let plan = try await test.local().plan(for: HubReference(parsing: "org/set"), includingModel: false)
        #expect((plan.fileCount, plan.missingFileCount, plan.missingByteCount) == (2, 1, 1500))
        #expect(try !test.cache.holds(HubReference(parsing: "org/set")))
        #expect(test.cache.repositories() == [])
    }
}

@Suite struct LinkTests {
    @Test func `a snapshot's link that leaves the cache is replaced, a folder that does is refused`() async throws {
        let test = try DownloadCase(["org/many": ["a/one.bin": content(1500), "two.bin": content(1500, 2)]])
        let outside = test.root.appendingPathComponent("outside")
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
        #expect(test.remote.fetched == ["two.bin"])
        #expect(await test.error("org/many/a/one.bin")?.contains("is a link that leaves the cache") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside.path) == ["two.bin"])
    }

    @Test func `contents are not written outside the cache`() async throws {
        let test = try DownloadCase(["org/model": modelFiles()])
        let repository = test.cache.root.appendingPathComponent("models--org--model")
        let outside = test.root.appendingPathComponent("outside")
        let files = FileManager.default
        for folder in [repository, outside] { try files.createDirectory(at: folder, withIntermediateDirectories: true) }
        try files.createSymbolicLink(at: repository.appendingPathComponent("blobs"), withDestinationURL: outside)
        #expect(
            await test.error("org/model")
                == "DIR/hub/models--org--model/blobs of org/model is a link that leaves the cache DIR/hub for DIR/outside,"
                + " so it is not followed. Remove it and download the file again.")
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside.path) == [])
    }
}

@Suite struct ByteTextTests {
    @Test func `bytes are written with the unit that fits`() {
        #expect([0, 999, 1000, 12_345, 999_949, 999_950, 24_100_000, 7_800_000_000, 2_000_000_000_000].map(byteText)
            == ["0 B", "999 B", "1.0 kB", "12.3 kB", "999.9 kB", "1.0 MB", "24.1 MB", "7.8 GB", "2.0 TB"])
    }
}
