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
        let ids = try tokenizer.encode("hello")
        #expect(try tokenizer.encodePrompt("hello") == [opening] + ids)
        #expect(try tokenizer.encodePrompt(tokenizer.text(of: opening) + "hello") == [opening] + ids)
        #expect(try tokenizer.encodePrompt("") == [opening])
    }

    /// In transformers 4.57.3 and 5.24.0: "a[PAD]b" is seven letters to GPTNeoXTokenizerFast.
    @Test(arguments: [("GPT2TokenizerFast", true), ("PreTrainedTokenizerFast", true), ("GPTNeoXTokenizerFast", false)])
    func `what tokenizer.json pads with is a special token, but not to a class with a pad token of its own`(
        name: String, isSpecial: Bool
    ) throws {
        let json = TokenizerSource().text.replacing(#""padding": null"#, with: #""padding": {"pad_token": "[PAD]"}"#)
        let config = Data("{\"tokenizer_class\": \"\(name)\"}".utf8)
        let tokenizer = try Tokenizer(TokenizerFiles(tokenizer: Data(json.utf8), config: config))
        #expect((tokenizer.specialTokens.padding != nil) == isSpecial)
        #expect(try tokenizer.encode("a[PAD]b").count == (isSpecial ? 3 : 7))
    }

    @Test func `without special tokens nothing is put before a prompt`() throws {
        let tokenizer = try tokenizer("{}")
        #expect(try tokenizer.encodePrompt("hello") == tokenizer.encode("hello"))
        #expect(try tokenizer.encodePrompt("").isEmpty)
    }

    @Test func `an added token without a role does not open a prompt`() throws {
        let tokenizer = try tokenizer(#"{"bos_token": "<|begin_of_text|>"}"#)
        #expect(try tokenizer.encodePrompt("<|end_of_text|>") == [1, 0])
    }
}
