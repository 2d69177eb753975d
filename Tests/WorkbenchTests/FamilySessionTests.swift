import Checkpoints
import Foundation
import Graphs
import TestSupport
import Testing
import Tokenization

@testable import Workbench

/// What a session does with the models and sets that are not atlas.
@Suite struct FamilySessionTests {
    private func session() -> Session { Session(environment: .test(cache: nil)) }

    // MARK: - Prompts

    @Test func `GPT-2's files give no token a role, its config does`() async throws {
        let model = try EditedModel("tiny/gpt2")
        try FileManager.default.removeItem(at: model.url.appending(path: "special_tokens_map.json"))
        try Data(#"{"model_max_length": 1024}"#.utf8).write(to: model.url.appending(path: "tokenizer_config.json"))
        let session = session()
        _ = try await session.load(model: model.url.path, transcoders: "tiny/gpt2-plt")
        let facts = try GoldenCase.gpt2[0].runFacts()
        let prompt = try await session.setPrompt("The capital of the state")
        #expect(prompt.tokens.map(\.token.id) == facts.inputTokens)
    }

    @Test func `an instruction-tuned Gemma 3 wants its opening, and its first four positions are zeroed`() async throws {
        let folder = try TemporaryFolder()
        let model = folder.url.appending(path: "gemma-3-tiny-it")
        try FileManager.default.copyItem(at: Fixtures.snapshot("tiny/gemma3"), to: model)
        let session = session()
        _ = try await session.load(model: model.path, transcoders: "tiny/gemma-scope-2-transcoders")
        let error = await #expect(throws: SessionError.self) { try await session.setPrompt("The capital") }
        #expect(
            error?.description == #"\#(model.path) is tuned to follow instructions, and its prompts must begin with "<bos><start_of_turn>user\n"."#
                + #" `chat user "..."` writes that."#)
        let prompt = try await session.setPrompt("<bos><start_of_turn>user\nThe capital")
        #expect(prompt.tokens[0].token.text == "<bos>" && prompt.tokens[1].token.text != "<bos>")
        #expect(prompt.tokens.prefix(5).map(\.isZeroed) == [true, true, true, true, false])
        #expect(prompt.tokens.prefix(4).allSatisfy { $0.activeFeatures == 0 })
        let graph = try await session.attribute()
        #expect(graph.activeFeatures > 0)
        #expect(try await session.verify(20, seed: 1).passed)
    }

    @Test func `a token that only the tokenizer has`() async throws {
        // As in Gemma 3's text models, whose tokenizer has one for images.
        let model = try EditedModel("tiny/gemma3")
        let file = model.url.appending(path: "tokenizer.json")
        var json = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        var added = try #require(json["added_tokens"] as? [[String: Any]])
        added.append([
            "id": 600, "content": "<image_soft_token>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false,
            "special": true,
        ])
        json["added_tokens"] = added
        try JSONSerialization.data(withJSONObject: json).write(to: file)
        let session = session()
        _ = try await session.load(model: model.url.path, transcoders: nil)
        _ = try await session.setPrompt("The capital")
        let named = await #expect(throws: SessionError.self) { try await session.probabilities(of: [.text("<image_soft_token>")]) }
        #expect(named?.description == "\(model.url.path) has no token \"<image_soft_token>\": it is its tokenizer's alone.")
        await #expect(throws: (any Error).self) { try await session.setPrompt("The <image_soft_token>") }
        #expect(try await session.tokens().tokens.last?.token.text.isEmpty == false)
    }

    // MARK: - What is here and what is not

    @Test func `inspecting says what a set is and how it does`() async throws {
        let session = session()
        let before = try await session.inspect("tiny/gemma-scope-transcoders")
        #expect(before.transcoders?.storedAs == ["F32"] && before.transcoders?.activation == "JumpReLU")
        #expect(before.transcoders?.madeFor == "tiny/gemma2" && before.fits == nil && before.layers.isEmpty)
        _ = try await session.load(model: nil, transcoders: "tiny/gemma2-clt")
        _ = try await session.setPrompt("The capital of the state")
        let fitting = try await session.inspect("tiny/gemma-scope-transcoders")
        #expect(fitting.fits == true && fitting.notices.isEmpty && fitting.layers.count == 4)
        let other = Session(environment: .test(cache: nil))
        _ = try await other.load(model: nil, transcoders: "tiny/gemma-scope-transcoders")
        let prompt = try await other.setPrompt("The capital of the state")
        #expect(fitting.layers.reduce(0) { $0 + $1.activeFeatures } == prompt.tokens.reduce(0) { $0 + ($1.activeFeatures ?? 0) })
        #expect(fitting.layers.allSatisfy { ($0.unexplainedVariance ?? -1) > 0 })
        // Nothing was loaded.
        #expect(await session.status().transcoders?.name == "tiny/gemma2-clt")
        let misfit = try await session.inspect("atlas/plt")
        #expect(misfit.fits == false && misfit.layers.isEmpty)
        #expect(misfit.misfit == "The transcoder set has 6 layers and the model 4: the set was made for another model, or layers of it are missing.")
        #expect(try await session.inspect("tiny/qwen3").model?.family == "Qwen3ForCausalLM")
    }

    @Test func `bundled transcoders explain nearly everything`() async throws {
        let session = session()
        _ = try await session.load(model: nil, transcoders: nil)
        _ = try await session.setPrompt(AtlasPrompt.dallas)
        let report = try await session.inspect("atlas/plt")
        #expect(report.layers.allSatisfy { ($0.unexplainedVariance ?? 1) < 0.1 })
    }

    @Test func `what is not in the cache says how it is fetched`() async throws {
        let session = session()
        _ = try await session.load(model: nil, transcoders: nil)
        let cache = Fixtures.folder.appending(path: "hub").path
        for (name, fullName, advice) in [
            ("some/set", "some/set", "Download it, or set HF_HUB_CACHE to the cache that has it."),
            ("gemma", "mntss/gemma-scope-transcoders", "Did you mean tiny/gemma-scope-transcoders or tiny/gemma-scope-2-transcoders?"),
        ] {
            let missing = await #expect(throws: MissingFromHub.self) { try await session.load(model: nil, transcoders: name) }
            #expect(missing?.includesModel == true)
            #expect(missing?.description == "\(fullName) is not in the cache \(cache). \(advice) `circuit-tracer download \(fullName)` fetches it.")
        }
        #expect(await session.status().model?.name == "atlas")
        // A set that is here, whose files lie in another repository that is not.
        let owner = try TemporaryFolder()
        let hub = owner.url.appending(path: "hub")
        try FileManager.default.createDirectory(at: hub, withIntermediateDirectories: true)
        for name in ["gemma2", "gemma-scope-transcoders"] {
            try FileManager.default.copyItem(
                at: Fixtures.folder.appending(path: "hub/models--tiny--\(name)"), to: hub.appending(path: "models--tiny--\(name)"))
        }
        let partial = Session(
            environment: SessionEnvironment(hub: HubCache(environment: ["HF_HUB_CACHE": hub.path]), bundled: nil, cache: nil, home: "/nowhere"))
        let missing = await #expect(throws: MissingFromHub.self) {
            try await partial.load(model: nil, transcoders: "tiny/gemma-scope-transcoders")
        }
        #expect(
            missing?.description == "tiny/gemma-scope-2b-pt-transcoders is not in the cache \(hub.path). Did you mean tiny/gemma-scope-transcoders?"
                + " `circuit-tracer download tiny/gemma-scope-transcoders` fetches it.")
        #expect(missing?.reference.description == "tiny/gemma-scope-transcoders")
    }

    @Test func `a set is named by its config file, here or on the hub`() async throws {
        let session = session()
        _ = try await session.load(model: nil, transcoders: "hf://tiny/qwen3-plt/config.yaml?revision=main")
        #expect(await session.modelName == "tiny/qwen3")
        let path = try Fixtures.snapshot("tiny/gemma2-clt").appending(path: "config.yaml").path
        _ = try await session.load(model: nil, transcoders: path)
        #expect(await session.modelName == "tiny/gemma2")
        await #expect(throws: SessionError.self) { try await session.load(model: nil, transcoders: "") }
    }

    @Test func `a set is as good a name for its model's tokenizer`() throws {
        let environment = SessionEnvironment.test(cache: nil)
        let ids = try environment.tokenizer(named: "tiny/gemma2").encode("The capital")
        #expect(try environment.tokenizer(named: "tiny/gemma2-clt").encode("The capital") == ids)
        #expect(try environment.tokenizer(named: Fixtures.snapshot("tiny/gemma2").appending(path: "tokenizer.json").path).encode("The capital") == ids)
        #expect(try environment.tokenizer(named: "atlas/plt").encode(" Dallas").count == 1)
    }

    @Test func `keys of a config that nobody reads are noted`() async throws {
        let folder = try TemporaryFolder()
        let set = folder.url.appending(path: "set")
        try FileManager.default.copyItem(at: Fixtures.snapshot("tiny/qwen3-plt"), to: set)
        let config = set.appending(path: "config.yaml")
        try Data((String(contentsOf: config, encoding: .utf8) + "trained_on: some text\n").utf8).write(to: config)
        let report = try await session().load(model: nil, transcoders: set.path)
        #expect(report.notices == ["\(config.path) has unknown keys, which were ignored: trained_on."])
    }
}
