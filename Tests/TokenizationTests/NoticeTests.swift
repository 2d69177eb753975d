import Foundation
import Testing
import Tokenization

/// What a tokenizer says about how its files were read.
@Suite struct NoticeTests {
    private static let lone = #"{"type": "ByteLevel", "add_prefix_space": true}"#

    private func notices(
        _ change: (inout TokenizerSource) -> Void = { _ in }, config: String? = nil, map: String? = nil
    ) throws -> [String] {
        var source = TokenizerSource()
        change(&source)
        return try Tokenizer(
            TokenizerFiles(
                tokenizer: Data(source.text.utf8), config: config.map { Data($0.utf8) }, specialTokensMap: map.map { Data($0.utf8) })
        ).notices
    }

    @Test func `files that say one thing need no notice`() throws {
        #expect(try notices().isEmpty)
        #expect(try notices({ $0.preTokenizer = Self.lone }, config: #"{"tokenizer_class": "GPT2TokenizerFast", "bos_token": "ab"}"#).isEmpty)
        #expect(try notices({ $0.addedTokens = "[\(TokenizerSource.added("<s>", id: 260))]" }).isEmpty)
    }

    @Test func `an id that is counted anew is told`() throws {
        #expect(
            try notices { $0.addedTokens = "[\(TokenizerSource.added("<s>", id: 300)), \(TokenizerSource.added("<t>", id: 301))]" }
                == ["tokenizer.json gives the token \"<s>\" the id 300; as in `tokenizers`, it has 260 instead, and 1 more likewise."])
        #expect(
            try notices { $0.addedTokens = "[\(TokenizerSource.added("", id: 260))]" }
                == ["An empty token in added_tokens of tokenizer.json was ignored: nothing can match it."])
    }

    @Test func `a missing decoder is told`() throws {
        #expect(try notices { $0.decoder = "null" } == ["tokenizer.json has no decoder, so decoded tokens are separated by spaces, as in `tokenizers`."])
    }

    @Test func `whose rules were followed is told where versions differ`() throws {
        #expect(
            try notices({ $0.preTokenizer = Self.lone }, config: #"{"tokenizer_class": "PreTrainedTokenizerFast"}"#)
                == ["tokenizer.json puts a space before a text, as in transformers 5; here none is put, as in 4.57."])
        #expect(try notices({ $0.preTokenizer = Self.lone }, config: #"{"tokenizer_class": "GPT2Tokenizer"}"#).isEmpty)
        #expect(
            try notices(config: #"{"tokenizer_class": "PreTrainedTokenizerFast", "image_token": "ab"}"#)
                == ["image_token in tokenizer_config.json: special in transformers 5, but not here, as in 4.57."])
        #expect(
            try notices(
                { $0.preTokenizer = TokenizerSource.sequence(#"{"type": "Digits", "individual_digits": true}"#) },
                config: #"{"tokenizer_class": "GPT2Tokenizer"}"#)
                == ["transformers 5 splits texts as GPT2Tokenizer does, not as tokenizer.json says; here the file decides, as in 4.57."])
        #expect(try notices({ $0.normalizer = #"{"type": "NFC"}"# }, config: #"{"tokenizer_class": "Qwen2Tokenizer"}"#).isEmpty)
        #expect(
            try notices(config: #"{"tokenizer_class": "TokenizersBackend"}"#)
                == ["The tokenizer was saved by transformers 5, so its special tokens are read as in 5, not as in 4.57."])
        #expect(
            try notices(config: #"{"tokenizer_class": "OtherTokenizerFast"}"#)
                == ["\"OtherTokenizerFast\" is an unknown tokenizer class; its tokenizer.json was read as by PreTrainedTokenizerFast."])
    }

    @Test func `a map that does not count is told where it says something else`() throws {
        let config = #"{"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "ab", "added_tokens_decoder": {}}"#
        #expect(
            try notices(config: config, map: #"{"bos_token": "bc"}"#)
                == ["special_tokens_map.json names a different bos_token than tokenizer_config.json; the latter is used, as in transformers."])
        #expect(try notices(config: config, map: #"{"bos_token": {"content": "ab"}}"#).isEmpty)
        #expect(try notices(config: config, map: "not JSON").isEmpty)
    }
}
