import Checkpoints
import Foundation
import TestSupport
import Testing
import Transcoders

@testable import Workbench

/// What `load` and `inspect` say about folders that other tools made.
@Suite struct LoadingTests {
    private func session(_ variables: [String: String]? = nil) -> Session {
        var environment = SessionEnvironment.test(cache: nil)
        if let variables { environment.hub = HubCache(environment: variables) }
        return Session(environment: environment)
    }

    private var hubPath: String { Fixtures.folder.appending(path: "hub").path }

    // MARK: - Where models lie

    @Test(arguments: ["", "/"]) func `a repository's folder in the cache stands for its default snapshot`(_ end: String) async throws {
        let session = session()
        let (model, set) = (hubPath + "/models--tiny--llama3" + end, hubPath + "/models--tiny--llama3-plt-skip" + end)
        _ = try await session.load(model: model, transcoders: set)
        #expect(try await session.status().model?.folder == Fixtures.snapshot("tiny/llama3").path)
        #expect(try await session.inspect(model).model?.layers == 4)
        #expect(try await session.inspect(set).transcoders?.madeFor == "tiny/llama3")
    }

    @Test func `a repository's folder without its default snapshot says which there are`() async throws {
        let folder = try TemporaryFolder()
        let repository = folder.url.appending(path: "models--org--model")
        try FileManager.default.createDirectory(at: repository.appending(path: "snapshots/abc"), withIntermediateDirectories: true)
        let error = await #expect(throws: MissingFromHub.self) { try await session().load(model: repository.path, transcoders: nil) }
        #expect(
            error?.description
                == "Revision main of org/model is not in \(repository.path). Revisions in the cache: abc. `circuit-tracer download org/model` fetches it.")
    }

    @Test(arguments: ["TRANSFORMERS_CACHE", "PYTORCH_TRANSFORMERS_CACHE", "PYTORCH_PRETRAINED_BERT_CACHE"])
    func `a cache that an old variable names is used, and that is said`(_ variable: String) async throws {
        let notice = "\(variable) named the cache \(hubPath). It is deprecated, and transformers 5 does not read it: set HF_HUB_CACHE instead."
        let session = session([variable: hubPath, "HF_HUB_CACHE": "/nowhere"])
        #expect(try await session.load(model: "tiny/llama3", transcoders: nil).notices == [notice])
        #expect(try await session.load(model: nil, transcoders: "tiny/llama3-plt-skip").notices == [notice])
        #expect(try await session.inspect("tiny/qwen3").notices == [notice])
        #expect(try await session.inspect("tiny/qwen3-plt").notices.contains(notice))
        // What lies elsewhere was not found by it.
        let elsewhere = self.session([variable: "/nowhere", "HF_HUB_CACHE": hubPath])
        #expect(try await elsewhere.load(model: "tiny/llama3", transcoders: nil).notices == [])
    }

    // MARK: - What is odd about them

    @Test func `a head that is not used is told by load and inspect`() async throws {
        let model = try EditedModel("tiny/llama3")
        try model.rewrite { tensors in
            var head = tensors.first { $0.name == "model.embed_tokens.weight" }!
            head.name = "lm_head.weight"
            head.values = head.values.map { -$0 }
            tensors.append(head)
        }
        let session = session()
        for notices in [
            try await session.load(model: model.url.path, transcoders: nil).notices, try await session.inspect(model.url.path).notices,
        ] {
            #expect(
                notices == [
                    "\(model.url.path)/model.safetensors contains a lm_head.weight that differs from the embedding, but \(model.url.path)/config.json"
                        + " ties the two. The embedding is used, as in transformers 4. transformers 5 uses lm_head.weight; to do the same here, set"
                        + " \"tie_word_embeddings\" to false."
                ])
        }
        #expect(try await session.load(model: model.url.path, transcoders: "tiny/llama3-plt-skip").notices.count == 2)
    }

    @Test func `what a set's files leave open is told, and inspect names the activation function`() async throws {
        let folder = try TemporaryFolder()
        try FileManager.default.copyItem(at: Fixtures.snapshot("tiny/llama3-plt-topk"), to: folder.url.appending(path: "set"))
        let set = folder.url.appending(path: "set")
        let session = session()
        let report = try await session.inspect(set.path)
        #expect(report.transcoders?.activation == "TopK, k = 16, of any sign (as in circuit-tracer)" && report.notices == [])
        _ = try await session.load(model: nil, transcoders: set.path)
        let prompt = try await session.setPrompt(" of the terms of")
        // The first position is zeroed; at the others 16 of 24 features are active in each of four layers.
        #expect(prompt.tokens.dropFirst().allSatisfy { $0.activeFeatures == 64 })
        #expect(try await session.attribute().activeFeatures == 64 * (prompt.tokens.count - 1))
        #expect(try await session.verify(20, seed: 1).passed)
    }

    @Test func `another k is another set to the store`() async throws {
        let (folder, store) = (try TemporaryFolder(), try TemporaryFolder())
        let set = folder.url.appending(path: "set")
        try FileManager.default.copyItem(at: Fixtures.snapshot("tiny/llama3-plt-skip"), to: set)
        var list = "\ntranscoders:\n"
        for layer in 0..<4 {
            let place = set.appending(path: "layers.\(layer).mlp")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            let archive = try TensorArchive(safetensors: set.appending(path: "layer_\(layer).safetensors"))
            var writer = SafetensorsWriter()
            for (name, theirs) in [("W_enc", "encoder.weight"), ("b_enc", "encoder.bias"), ("W_dec", "W_dec"), ("b_dec", "b_dec"), ("W_skip", "W_skip")] {
                writer.add(theirs, try archive.tensor(name).floats(), shape: archive[name]!.shape)
            }
            try writer.write(to: place.appending(path: "sae.safetensors"))
            list += "  - layers.\(layer).mlp/sae.safetensors\n"
        }
        let config = set.appending(path: "config.yaml")
        try Data((String(contentsOf: config, encoding: .utf8) + list).utf8).write(to: config)
        func active(k: Int) async throws -> [Int?] {
            for layer in 0..<4 {
                let text = "{\"k\": \(k), \"num_latents\": 192, \"skip_connection\": true, \"transcode\": true}"
                try Data(text.utf8).write(to: set.appending(path: "layers.\(layer).mlp/cfg.json"))
            }
            let session = Session(environment: .test(cache: store.url))
            _ = try await session.load(model: nil, transcoders: set.path)
            return try await session.setPrompt(" of the terms of").tokens.map(\.activeFeatures)
        }
        let (few, more) = (try await active(k: 2), try await active(k: 8))
        #expect(few.dropFirst().allSatisfy { $0! <= 8 } && more.dropFirst().allSatisfy { $0! <= 32 } && few != more)
    }

    @Test func `of many keys that nobody knows a few are named, and counted`() async throws {
        let folder = try TemporaryFolder()
        let set = folder.url.appending(path: "set")
        try FileManager.default.copyItem(at: Fixtures.snapshot("tiny/llama3-plt-skip"), to: set)
        let config = set.appending(path: "config.yaml")
        let keys = (10..<2_010).map { "k\($0): 1\n" }.joined()
        try Data((String(contentsOf: config, encoding: .utf8) + "\n" + keys).utf8).write(to: config)
        let report = try await Session(environment: .test(cache: nil)).load(model: nil, transcoders: set.path)
        #expect(
            report.notices.contains(
                "\(config.path) has unknown keys, which were ignored: k10, k100, k1000, k1001, k1002 and 1995 more."))
    }

    // MARK: - What is missing

    @Test func `a snapshot without weights says which has them, and how to fetch them`() async throws {
        let folder = try TemporaryFolder()
        let repository = folder.url.appending(path: "models--tiny--llama3")
        try FileManager.default.copyItem(at: URL(filePath: hubPath + "/models--tiny--llama3"), to: repository)
        let whole = try Fixtures.snapshot("tiny/llama3").lastPathComponent
        let part = repository.appending(path: "snapshots/1111")
        try FileManager.default.createDirectory(at: part, withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: repository.appending(path: "snapshots/\(whole)/config.json"), to: part.appending(path: "config.json"))
        try Data("1111".utf8).write(to: repository.appending(path: "refs/main"))
        let session = session(["HF_HUB_CACHE": folder.url.path])
        let sentence =
            "\(part.path) has no weights: only other files of tiny/llama3 were downloaded. The cache has the weights of tiny/llama3@\(whole)."
            + " `circuit-tracer download tiny/llama3` fetches it."
        for name in ["tiny/llama3", part.path, repository.path] {
            let error = await #expect(throws: MissingFromHub.self) { try await session.load(model: name, transcoders: nil) }
            #expect(error?.description == sentence)
            let inspected = await #expect(throws: MissingFromHub.self) { try await session.inspect(name) }
            #expect(inspected?.description == sentence)
        }
        _ = try await session.load(model: "tiny/llama3@\(whole)", transcoders: nil)
    }

    @Test func `an adapter is no model`() async throws {
        let folder = try TemporaryFolder()
        try Data(#"{"base_model_name_or_path": "org/base"}"#.utf8).write(to: folder.url.appending(path: "adapter_config.json"))
        try Data("x".utf8).write(to: folder.url.appending(path: "adapter_model.safetensors"))
        let session = session()
        for attempt in [
            { () async throws in _ = try await session.load(model: folder.url.path, transcoders: nil) },
            { () async throws in _ = try await session.inspect(folder.url.path) },
        ] {
            let error = await #expect(throws: CheckpointError.self) { try await attempt() }
            #expect(
                error?.description == "\(folder.url.path) holds adapter_model.safetensors, an adapter for org/base, but no model."
                    + " Merge it into that model with peft's merge_and_unload and name the result, or name the model itself.")
        }
    }
}
