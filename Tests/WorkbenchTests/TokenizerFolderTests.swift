import Foundation
import Replacement
import Testing
import TestSupport
@testable import Workbench

/// What a model's folder says about its tokenizer, as a session sees it.
@Suite struct TokenizerFolderTests {
    /// A copy of the small Llama with files of its own; nil takes one away.
    private func session(_ files: [String: String?]) async throws -> (Session, EditedModel, LoadReport) {
        let model = try EditedModel("tiny/llama3")
        for (name, text) in files {
            let url = model.url.appending(path: name)
            if let text { try Data(text.utf8).write(to: url) } else { try FileManager.default.removeItem(at: url) }
        }
        let session = Session(environment: .test(cache: nil))
        let report = try await session.load(model: model.url.path, transcoders: nil)
        return (session, model, report)
    }

    private static let prompt = "Hello world"

    @Test(
        arguments: [
            // Every end in generation_config.json counts.
            (["generation_config.json": #"{"eos_token_id": [0, 508]}"#], 1),
            (["generation_config.json": #"{"eos_token_id": 508}"#], 1),
            // Where that file is there, config.json's ends do not count.
            (["generation_config.json": #"{"eos_token_id": null}"#, "config.json": nil], 4),
            (["generation_config.json": nil, "config.json": nil], 1),
        ] as [([String: String?], Int)])
    func `generating stops at every end that the model's files name`(files: [String: String?], count: Int) async throws {
        var files = files
        if files.keys.contains("config.json") {
            let config = try Data(contentsOf: Fixtures.snapshot("tiny/llama3").appending(path: "config.json"))
            var root = try #require(try JSONSerialization.jsonObject(with: config) as? [String: Any])
            root["eos_token_id"] = [0, 508]
            files["config.json"] = String(decoding: try JSONSerialization.data(withJSONObject: root), as: UTF8.self)
        }
        let (session, _, _) = try await session(files)
        _ = try await session.setPrompt(Self.prompt)
        var options = GenerationOptions()
        options.newTokens = 4
        let tokens = try await session.generate(options).before.tokens.map(\.id)
        #expect(tokens.count == count && tokens.first == 508)
    }

    @Test func `a tokenizer with more tokens than the model has rows refuses only prompts with one of those`() async throws {
        let (session, _, _) = try await session([
            "tokenizer_config.json":
                #"{"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<|begin_of_text|>", "additional_special_tokens": ["<|beyond|>"]}"#
        ])
        #expect(try await session.setPrompt(Self.prompt).tokens.map(\.token.id) == [1, 41, 70, 378, 80, 274, 262, 528])
        let error = await #expect(throws: SessionError.self) { try await session.setPrompt("Hello<|beyond|>") }
        #expect(
            error?.description
                == "The prompt has the token \"<|beyond|>\" (#600), which only the tokenizer knows: the model's vocabulary ends at #599. Write the prompt without it."
        )
    }

    @Test(
        arguments: [
            (
                ["vocab.json", "merges.txt"],
                "It has vocab.json and merges.txt, from which transformers makes one: AutoTokenizer.from_pretrained(\"FOLDER\").save_pretrained(\"FOLDER\")."
            ),
            ([], "Download it with the model."),
        ] as [([String], String)])
    func `a folder without tokenizer json says what would make one`(others: [String], advice: String) async throws {
        let model = try EditedModel("tiny/llama3")
        try FileManager.default.removeItem(at: model.url.appending(path: "tokenizer.json"))
        for name in others { try Data().write(to: model.url.appending(path: name)) }
        let error = await #expect(throws: SessionError.self) {
            try await Session(environment: .test(cache: nil)).load(model: model.url.path, transcoders: nil)
        }
        #expect(error?.description.replacing(model.url.path, with: "FOLDER") == "FOLDER has no tokenizer.json. " + advice)
    }

    @Test func `a model without a row for what its prompts begin with says so`() async throws {
        let (session, _, _) = try await session([
            "tokenizer_config.json": #"{"tokenizer_class": "LlamaTokenizerFast", "legacy": false}"#, "special_tokens_map.json": nil,
        ])
        let error = await #expect(throws: SessionError.self) { try await session.setPrompt(Self.prompt) }
        #expect(
            error?.description
                == "Prompts begin with the token \"<s>\" (#600), which only the tokenizer knows: the model's vocabulary ends at #599. Name another bos_token in tokenizer_config.json, or begin the prompt with a special token."
        )
    }

    @Test func `loading says which rules were followed where transformers' versions differ`() async throws {
        let (session, _, report) = try await session([
            "special_tokens_map.json": nil,
            "tokenizer_config.json":
                #"{"backend": "tokenizers", "tokenizer_class": "TokenizersBackend", "bos_token": "<|begin_of_text|>", "extra_special_tokens": ["<|end_of_text|>"]}"#,
        ])
        #expect(report.notices == ["The tokenizer was saved by transformers 5, so its special tokens are read as in 5, not as in 4.57."])
        #expect(try await session.setPrompt("<|end_of_text|>\nHello").tokens.first?.token.id == 0)
    }
}

@Suite struct TokenizerFileTests {
    /// A tokenizer.json, with something else in the place of a file beside it.
    private func refusal(in place: String, _ make: (URL) throws -> some Any) throws -> String? {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "tokenizer.json")
        try FileManager.default.copyItem(at: Fixtures.snapshot("tiny/qwen3").appending(path: "tokenizer.json").resolvingSymlinksInPath(), to: file)
        let other = folder.url.appending(path: place)
        try? FileManager.default.removeItem(at: other)
        _ = try make(other)
        return sentence(hiding: folder.url) { try SessionEnvironment.test(cache: nil).tokenizer(named: file.path) }
    }

    @Test(arguments: ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "config.json"])
    func `pipes, folders and files of any length in place of a tokenizer's are refused`(_ name: String) throws {
        let sentence = "DIR/\(name) must be a plain file, not a folder, a pipe, a device or a link."
        let pipe = try refusal(in: name) { mkfifo($0.path, 0o600) }
        let folder = try refusal(in: name) { try FileManager.default.createDirectory(at: $0, withIntermediateDirectories: true) }
        let device = try refusal(in: name) { try FileManager.default.createSymbolicLink(atPath: $0.path, withDestinationPath: "/dev/zero") }
        #expect([pipe, folder, device] == [sentence, sentence, sentence])
        // Nothing of it lies on the disk.
        let long = try refusal(in: name) {
            try Data().write(to: $0)
            return truncate($0.path, 1 << 40)
        }
        #expect(long == "In DIR: \(name) has more than 268435456 bytes, so it cannot be genuine. Download it again.")
    }
}
