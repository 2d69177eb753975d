import Foundation
import Testing
@testable import Tokenization

@Suite struct NormalizerTests {
    @Test(arguments: [
        ("e\u{301}", "\u{E9}"),
        ("a\u{301}\u{323}", "\u{1EA1}\u{301}"),
        ("\u{212B}\u{2126}", "\u{C5}\u{3A9}"),
        ("\u{1100}\u{1161}\u{11A8}", "\u{AC01}"),
        ("\u{1D15E}", "\u{1D157}\u{1D165}"),
        // Foundation on Linux makes U+04DE of these.
        ("\u{10417}\u{308}", "\u{10417}\u{308}"),
        // A mark of Unicode 11 is none to the reference: nothing moves past it.
        ("a\u{8D3}\u{301}", "a\u{8D3}\u{301}"),
        ("plain \u{E9}", "plain \u{E9}"),
        ("", ""),
    ])
    func `composes as the reference`(text: String, expected: String) {
        let composed = CanonicalComposition.apply(to: Array(text.utf8)[...])
        #expect(String(decoding: composed, as: UTF8.self).spelled == expected.spelled)
    }

    @Test(arguments: [
        ("aaa", "xa"), ("baab", "bxb"), ("a", "a"), ("", ""), ("aaaa", "xx"), ("\u{E9}aa", "\u{E9}x"),
    ])
    func `replaces from left to right`(text: String, expected: String) {
        let replaced = ReplaceStage(of: Array("aa".utf8), with: Array("x".utf8)).apply(to: Array(text.utf8)[...])
        #expect(String(decoding: replaced, as: UTF8.self) == expected)
    }

    @Test func `a long text that nearly stands everywhere takes no quadratic time`() {
        let long = [UInt8](repeating: UInt8(ascii: "a"), count: 50_000)
        let replacement = ReplaceStage(of: long + Array("b".utf8), with: Array("x".utf8))
        #expect(replacement.apply(to: (long + long)[...]).elementsEqual(long + long))
        #expect(replacement.apply(to: (long + long + Array("bc".utf8))[...]).elementsEqual(long + Array("xc".utf8)))
        let overlapping = ReplaceStage(of: Array("abab".utf8), with: Array("x".utf8))
        #expect(overlapping.apply(to: Array("aababababab".utf8)[...]).elementsEqual("axxab".utf8))
    }

    @Test(arguments: [
        (" {2,}", "a   b  c", "axbxc"), ("a*", "baac", "xbxcx"), ("$", "a\nb", "ax\nbx"), ("(a)", "aab", "xxb"), ("$", "", ""),
        ("q", "a", "a"),
    ])
    func `what an expression matches is replaced as in the reference`(expression: String, text: String, expected: String) throws {
        let json = #"{"type": "Replace", "pattern": {"Regex": "\#(expression)"}, "content": "x"}"#
        let normalizer = try Normalizer(FileValue(Data(json.utf8), file: .tokenizer))
        #expect(try String(decoding: normalizer.apply(to: Array(text.utf8)[...]), as: UTF8.self) == expected)
    }

    @Test func `stages follow one another, and nothing is put before an empty text`() throws {
        var source = TokenizerSource()
        source.normalizer =
            #"{"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Prepend", "prepend": "ab"}, {"type": "Replace", "pattern": {"String": "bc"}, "content": "b"}]}"#
        let tokenizer = try source.tokenizer()
        #expect(try tokenizer.encode("cc").map { tokenizer.text(of: $0) } == ["a", "bc"])
        #expect(try tokenizer.encode("").isEmpty)
    }
}

extension Normalizer {
    func apply(to utf8: ArraySlice<UInt8>) throws -> ArraySlice<UInt8> {
        var effort = MatchEffort()
        return try apply(to: utf8, &effort)
    }
}
