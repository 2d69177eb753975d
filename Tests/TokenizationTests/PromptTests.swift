import Foundation
import Testing
import Tokenization

@Suite struct PromptTests {
    /// Roles that tokenizer_config.json gives to tokens of the Llama 3 fixture.
    private func tokenizer(_ roles: String) throws -> Tokenizer {
        try Tokenizer(
            TokenizerFiles(tokenizer: Fixture.data("llama3-tokenizer.json"), config: Data(roles.utf8)))
    }

    @Test(arguments: [
        (#"{"bos_token": "<|begin_of_text|>", "eos_token": "<|end_of_text|>"}"#, 1),
        // An id of 0 counts.
        (#"{"eos_token": "<|end_of_text|>"}"#, 0),
        (#"{"pad_token": "!", "eos_token": "<|end_of_text|>"}"#, 2),
        (#"{"unk_token": "$", "additional_special_tokens": ["!"]}"#, 5),
        (#"{"additional_special_tokens": ["!", "$"]}"#, 2),
    ])
    func `a prompt gets the first of beginning, padding, end, any`(roles: String, opening: Int) throws {
        let tokenizer = try tokenizer(roles)
        let ids = tokenizer.encode("hello")
        #expect(tokenizer.encodePrompt("hello") == [opening] + ids)
        #expect(tokenizer.encodePrompt(tokenizer.text(of: opening) + "hello") == [opening] + ids)
        #expect(tokenizer.encodePrompt("") == [opening])
    }

    @Test func `without special tokens nothing is put before a prompt`() throws {
        let tokenizer = try tokenizer("{}")
        #expect(tokenizer.encodePrompt("hello") == tokenizer.encode("hello"))
        #expect(tokenizer.encodePrompt("").isEmpty)
    }

    @Test func `an added token without a role does not open a prompt`() throws {
        let tokenizer = try tokenizer(#"{"bos_token": "<|begin_of_text|>"}"#)
        #expect(tokenizer.encodePrompt("<|end_of_text|>") == [1, 0])
    }
}
