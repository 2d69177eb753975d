import Foundation
import Testing
@testable import Tokenization

@Suite struct BytePairTests {
    private func encode(_ text: String, _ source: TokenizerSource = TokenizerSource()) throws -> [String] {
        let tokenizer = try source.tokenizer()
        return try tokenizer.encode(text).map { source.vocabulary[$0] }
    }

    @Test func `the lowest rank merges first, not the leftmost pair`() throws {
        #expect(try encode("abc") == ["a", "bc"])
    }

    @Test func `of equal ranks the leftmost pair merges first`() throws {
        var source = TokenizerSource()
        source.vocabulary += ["aa"]
        source.merges = #"["a a"]"#
        #expect(try encode("aaaaa", source) == ["aa", "aa", "a"])
    }

    @Test func `of a merge that is listed twice the later rank counts`() throws {
        var source = TokenizerSource()
        source.merges = #"["b c", "a b", ["ab", "c"], "b c"]"#
        #expect(try encode("abc", source) == ["abc"])
        #expect(try encode("bc", source) == ["bc"])
    }

    @Test func `a word that is a token stays whole where merges are ignored`() throws {
        var source = TokenizerSource()
        source.modelOptions = #", "ignore_merges": true"#
        #expect(try encode("abc", source) == ["abc"])
        #expect(try encode("abcc", source) == ["a", "bc", "c"])
    }

    @Test func `a long run without a break takes no quadratic time`() throws {
        var source = TokenizerSource()
        source.vocabulary += ["aa", "aaaa"]
        source.merges = #"["a a", "aa aa"]"#
        let count = 40_000
        #expect(try encode(String(repeating: "a", count: count), source).count == count / 4)
        #expect(try encode(String(repeating: " ", count: count), source).count == count)
    }

    @Test func `texts that Swift calls equal stay apart`() throws {
        let tokenizer = try TokenizerSource().tokenizer()
        let composed = try tokenizer.encode("\u{E9}")
        let decomposed = try tokenizer.encode("e\u{301}")
        #expect(composed.count == 2 && decomposed.count == 3)
        #expect(tokenizer.decode(composed).spelled == "\u{E9}".spelled)
        #expect(tokenizer.decode(decomposed).spelled == "e\u{301}".spelled)
        #expect(try tokenizer.encode("\r\n").count == 2)
    }

    @Test func `merges may be listed in both forms and after a version line`() throws {
        var source = TokenizerSource()
        source.merges = ##"["#version: 0.2", "a b", ["ab", "c"]]"##
        #expect(try encode("abc", source) == ["abc"])
    }
}

@Suite struct TokenTests {
    private let llama: Tokenizer

    init() throws { llama = try Fixture.tokenizer("llama3-tokenizer.json") }

    @Test func `every byte decodes to itself`() throws {
        let tokenizer = try TokenizerSource().tokenizer()
        for byte in UInt8.min...UInt8.max { #expect(tokenizer.bytes(of: Int(byte)) == [byte]) }
    }

    @Test func `part of a character is U+FFFD, an id without a token is nothing`() throws {
        let ids = try llama.encode("\u{1F600}")
        #expect(ids.count == 4)
        #expect(ids.map { llama.text(of: $0) } == Array(repeating: "\u{FFFD}", count: 4))
        #expect(ids.map { llama.piece(of: $0) } == ["<0xF0>", "<0x9F>", "<0x98>", "<0x80>"])
        #expect(llama.decode(ids) == "\u{1F600}")
        #expect(llama.text(of: 600) == "" && llama.text(of: -1) == "" && llama.text(of: .max) == "")
    }

    @Test func `the size counts the vocabulary, and ids the added tokens`() throws {
        #expect(llama.vocabularySize == 600)
        #expect(llama.contains(id: 0) && llama.contains(id: 599) && !llama.contains(id: 600) && !llama.contains(id: -1))
        var source = TokenizerSource()
        source.addedTokens = "[\(TokenizerSource.added("<s>", id: 260))]"
        let tokenizer = try source.tokenizer()
        #expect(tokenizer.vocabularySize == 260)
        #expect(tokenizer.contains(id: 260) && !tokenizer.contains(id: 261))
    }

    @Test func `completion is sorted, without repeats and limited`() throws {
        var source = TokenizerSource()
        source.addedTokens = "[\(TokenizerSource.added("abacus", id: 260))]"
        let tokenizer = try source.tokenizer()
        #expect(tokenizer.tokens(withPrefix: "ab", limit: 9) == ["ab", "abacus", "abc"])
        #expect(tokenizer.tokens(withPrefix: "ab", limit: 2) == ["ab", "abacus"])
        #expect(tokenizer.tokens(withPrefix: " ", limit: 9) == [" ", " a"])
        #expect(tokenizer.tokens(withPrefix: "x", limit: 0).isEmpty)
        #expect(tokenizer.tokens(withPrefix: "\u{E9}", limit: 9).isEmpty)
        #expect(!tokenizer.tokens(withPrefix: "", limit: 1000).contains { $0.contains("\u{FFFD}") })
    }
}
