import Foundation
import Testing
import Tokenization

@Suite struct PromptTests {
    private func tokenizer(map: String?, config: String? = nil) throws -> Tokenizer {
        try Tokenizer(
            json: Fixture.data("llama3-tokenizer.json"), specialTokensMap: map.map { Data($0.utf8) },
            config: config.map { Data($0.utf8) })
    }

    @Test func `a map names tokens by text or by object`() throws {
        let map = #"""
            {"bos_token": "<|begin_of_text|>", "eos_token": {"content": "<|end_of_text|>", "lstrip": false},
             "unk_token": null, "additional_special_tokens": ["<|end_of_text|>", {"content": "!"}]}
            """#
        let special = try tokenizer(map: map, config: #"{"pad_token": "!"}"#).specialTokens
        #expect(special == SpecialTokens(beginning: 1, end: 0, padding: nil, unknown: nil, additional: [0, 2]))
        #expect(special.all == [1, 0, 2])
    }

    @Test func `the config stands in for a missing map`() throws {
        let config = #"{"bos_token": "<|begin_of_text|>", "pad_token": "!", "unk_token": "$", "model_max_length": 1e30}"#
        let special = try tokenizer(map: nil, config: config).specialTokens
        #expect(special == SpecialTokens(beginning: 1, end: nil, padding: 2, unknown: 5, additional: []))
        #expect(special.all == [1, 5, 2])
        #expect(try tokenizer(map: nil).specialTokens.all.isEmpty)
    }

    @Test(arguments: [
        (#"{"bos_token": "<|begin_of_text|>", "eos_token": "<|end_of_text|>"}"#, 1),
        // An id of 0 counts.
        (#"{"eos_token": "<|end_of_text|>"}"#, 0),
        (#"{"pad_token": "!", "eos_token": "<|end_of_text|>"}"#, 2),
        (#"{"unk_token": "$", "additional_special_tokens": ["!"]}"#, 5),
        (#"{"additional_special_tokens": ["!", "$"]}"#, 2),
    ])
    func `a prompt gets the first of beginning, padding, end, any`(map: String, opening: Int) throws {
        let tokenizer = try tokenizer(map: map)
        let ids = tokenizer.encode("hello")
        #expect(tokenizer.encodePrompt("hello") == [opening] + ids)
        #expect(tokenizer.encodePrompt(tokenizer.text(of: opening) + "hello") == [opening] + ids)
        #expect(tokenizer.encodePrompt("") == [opening])
    }

    @Test func `without special tokens nothing is put before a prompt`() throws {
        let tokenizer = try tokenizer(map: "{}")
        #expect(tokenizer.encodePrompt("hello") == tokenizer.encode("hello"))
        #expect(tokenizer.encodePrompt("").isEmpty)
    }

    @Test func `an added token without a role does not open a prompt`() throws {
        let tokenizer = try tokenizer(map: #"{"bos_token": "<|begin_of_text|>"}"#)
        #expect(tokenizer.encodePrompt("<|end_of_text|>") == [1, 0])
    }
}
