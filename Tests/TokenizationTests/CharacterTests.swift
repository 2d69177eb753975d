import Foundation
import Testing
import Tokenization

/// Vocabularies of characters, as SentencePiece makes them.
@Suite struct CharacterTests {
    private func encode(_ text: String, _ source: TokenizerSource) throws -> [String] {
        try source.tokenizer().encode(text).map { source.vocabulary[$0] }
    }

    @Test func `characters that the vocabulary lacks are bytes where every byte has a token`() throws {
        let source = TokenizerSource.characters
        #expect(try encode("a\u{E9}b", source) == ["a", "<0xC3>", "<0xA9>", "b"])
        #expect(try encode("a\u{EA}b", source) == ["a", "<unk>", "b"])
    }

    @Test func `unknown characters in a row become one token where they are fused`() throws {
        var source = TokenizerSource.characters
        #expect(try encode("zza", source) == ["<unk>", "a"])
        source.modelOptions = #", "unk_token": "<unk>""#
        #expect(try encode("zza", source) == ["<unk>", "<unk>", "a"])
        source.modelOptions = ""
        #expect(try encode("azb", source) == ["ab"])
    }

    @Test func `an unknown character before bytes comes after them, as in the reference`() throws {
        #expect(try encode("z\u{E9}a", .characters) == ["<0xC3>", "<0xA9>", "<unk>", "a"])
    }

    @Test func `bytes that are no character are one replacement each`() throws {
        let tokenizer = try TokenizerSource.characters.tokenizer()
        let (lead, trail, a) = (4, 5, 0)
        #expect(tokenizer.decode([lead, trail, a]) == "\u{E9}a")
        #expect(tokenizer.decode([lead, a, trail, lead, trail]) == "\u{FFFD}a\u{FFFD}\u{FFFD}\u{FFFD}")
        #expect(tokenizer.bytes(of: lead) == [0xC3] && tokenizer.piece(of: lead) == "<0xC3>" && tokenizer.text(of: lead) == "\u{FFFD}")
    }

    @Test func `a piece keeps the space that decoding takes from a text's beginning`() throws {
        var source = TokenizerSource.characters
        source.decoder = #"{"type": "Metaspace", "replacement": "_", "prepend_scheme": "always"}"#
        let tokenizer = try source.tokenizer()
        #expect(tokenizer.text(of: 6) == "a" && tokenizer.piece(of: 6) == " a" && tokenizer.decode([6, 6]) == "a a")
        #expect(tokenizer.tokens(withPrefix: " ", limit: 9) == [" ", " a"])
    }

    @Test func `a long text without a break takes no quadratic time`() throws {
        let count = 40_000
        for text in ["a", "ab", " ", "z"] {
            #expect(try encode(String(repeating: text, count: count), .characters).count <= count)
        }
    }
}
