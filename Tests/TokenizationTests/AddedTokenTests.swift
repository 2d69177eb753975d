import Foundation
import Testing
import Tokenization

@Suite struct AddedTokenTests {
    /// A way to declare the token, a text, and the pieces it falls into; "|" stands for the token.
    struct Case: Sendable, CustomTestStringConvertible {
        let id: String
        var options = ""
        var content = "<x>"
        let text: String
        let expected: [String]
        var testDescription: String { id }
    }

    static let cases = [
        Case(id: "inside a word", text: "a<x>b", expected: ["a", "|", "b"]),
        Case(id: "twice", text: "<x><x>", expected: ["|", "|"]),
        Case(id: "spaces stay", text: "a <x> b", expected: ["a", " ", "|", " ", "b"]),
        Case(id: "takes spaces before", options: #", "lstrip": true"#, text: "a \u{3000}<x> b", expected: ["a", "|", " ", "b"]),
        Case(id: "takes spaces after", options: #", "rstrip": true"#, text: "a <x> \nb", expected: ["a", " ", "|", "b"]),
        Case(id: "takes its own kind along", options: #", "lstrip": true, "rstrip": true"#, content: "  ", text: "a     b", expected: ["a", "|", "b"]),
        Case(id: "single word", options: #", "single_word": true"#, text: "a<x> <x>_ <x>", expected: ["a", "<", "x", ">", " ", "<", "x", ">", "_", " ", "|"]),
        Case(id: "normalised text", options: #", "normalized": true"#, content: "e\u{301}", text: "\u{E9}", expected: ["|"]),
        Case(id: "text as it is", options: #", "normalized": false"#, content: "e\u{301}", text: "\u{E9}", expected: ["\u{C3}", "\u{A9}"]),
    ]

    @Test(arguments: cases)
    func `is found where its options say`(_ test: Case) throws {
        var source = TokenizerSource()
        source.merges = "[]"
        source.normalizer = #"{"type": "NFC"}"#
        source.addedTokens = "[\(TokenizerSource.added(test.content, id: 260, test.options))]"
        let tokenizer = try source.tokenizer()
        let pieces = try tokenizer.encode(test.text).map { id in
            // Latin-1 spells the bytes of what is no whole character.
            id == 260 ? "|" : String(String.UnicodeScalarView(tokenizer.bytes(of: id).map { Unicode.Scalar($0) }))
        }
        #expect(pieces == test.expected)
    }

    @Test func `stripping a long run of spaces takes no quadratic time`() throws {
        var source = TokenizerSource()
        source.addedTokens = "[\(TokenizerSource.added("  ", id: 260, #", "lstrip": true, "rstrip": true"#))]"
        #expect(try source.tokenizer().encode(String(repeating: " ", count: 100_000)) == [260])
    }

    @Test func `the longest of those that begin at one place wins`() throws {
        var source = TokenizerSource()
        source.addedTokens = "[\(["<x", "<x>", "<x>>y"].enumerated().map { TokenizerSource.added($1, id: 260 + $0) }.joined(separator: ","))]"
        let tokenizer = try source.tokenizer()
        #expect(try tokenizer.encode("<x>><x<x>>y") == [261, 62, 260, 262])
    }
}
