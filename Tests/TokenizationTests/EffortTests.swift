import Foundation
#if !canImport(Darwin)
    @_spi(_Unicode) import Swift
#endif
import Testing
@testable import Tokenization

/// What a file or a text may cost is bounded, whatever it says.
@Suite struct EffortTests {
    private func text(_ text: String) -> ScalarText { ScalarText(utf8: Array(text.utf8)[...]) }

    @Test(arguments: ["a*a*a*a*a*a*a*a*b", "(?:aa?){2,20}(?:aa?){2,20}b", "(?>a*a*a*a*b)", "(?=a*a*a*a*b)a", "(?:a*a)*b"])
    func `a pattern that goes on and on is an error that names it`(expression: String) throws {
        let pattern = try Pattern(expression: expression, key: "k")
        let text = text(String(repeating: "a", count: 500))
        var effort = MatchEffort(spare: 50_000)
        let error = #expect(throws: TokenizerError.self) { try pattern.matches(in: text, 0..<500, &effort) }
        #expect(error == .endlessPattern(key: "k", pattern: expression))
        #expect(error?.description.hasPrefix("The pattern \"\(expression)\", k in tokenizer.json, takes too many steps in this text.") == true)
    }

    @Test func `the pieces of a text share what patterns may take`() throws {
        let pattern = try Pattern(expression: "a*a*a*b", key: "k")
        let text = text(String(repeating: "a", count: 4000))
        var effort = MatchEffort(spare: 50_000)
        _ = try pattern.matches(in: text, 0..<20, &effort)
        #expect(throws: TokenizerError.self) {
            for start in 1..<200 { _ = try pattern.matches(in: text, start * 20..<start * 20 + 20, &effort) }
        }
    }

    @Test func `a tokenizer's usual patterns need nothing beyond what a text's length explains`() throws {
        for name in ["llama3", "qwen3"] {
            let data = try Fixture.data("\(name)-tokenizer.json")
            let root = try FileValue(data, file: .tokenizer)
            let stages = try PreTokenizer.stages(root.member("pre_tokenizer"), after: Normalizer(nil))
            for unit in ["a", " ", "\n", " \n", "1", "A", "!", "\u{301}", "\u{4F60}", "aB1 '\u{301}\n", "                 x", "'s"] {
                var text = text(String(repeating: unit, count: 2000))
                var pieces = [0..<text.scalars.count]
                var effort = MatchEffort(spare: 0)
                for stage in stages { try stage.apply(to: &text, pieces: &pieces, startsText: true, &effort) }
            }
        }
    }

    @Test(arguments: [
        (String(repeating: "a", count: 65_537), "a pattern of more than 65536 bytes"),
        (String(repeating: "(", count: 60_000), "groups nested deeper than 32"), (String(repeating: "[", count: 60_000), "groups nested deeper than 32"),
        ("a{1000000}", "a quantifier other than"), ("(?:(?:ab){1000}){1000}", "a pattern of more than 2000 pieces"),
        (Array(repeating: "a", count: 30_000).joined(separator: "|"), "a pattern of more than 2000 pieces"),
    ])
    func `a pattern larger than any is refused`(expression: String, reason: String) {
        let error = #expect(throws: TokenizerError.self) { try Pattern(expression: expression, key: "k") }
        #expect(error?.description.contains(reason) == true)
        #expect(throws: TokenizerError.self) { try Pattern(literal: String(repeating: "a", count: 1_000_000), key: "k") }
    }

    @Test func `a class of thousands of scalars and classes is one search`() throws {
        let scalars = (0..<8000).map { String(Unicode.Scalar(0x4E00 + 2 * UInt32($0))!) }
        let text = text("a\u{4E00}\u{4E01}\u{4E02}\u{4E04}b")
        for expression in ["[\(scalars.joined())]+", "[\(scalars.map { "[\($0)]" }.joined())]+", "[^[^\(scalars.joined())]]+"] {
            var effort = MatchEffort()
            #expect(try Pattern(expression: expression, key: "k").matches(in: text, 0..<6, &effort) == [1..<2, 3..<5])
        }
    }

    private func refusal(_ change: (inout TokenizerSource) -> Void) -> String? {
        var source = TokenizerSource()
        change(&source)
        return #expect(throws: TokenizerError.self) { try source.tokenizer() }?.description
    }

    private func many(_ stage: String, _ count: Int, _ key: String) -> String {
        #"{"type": "Sequence", "\#(key)": [\#(Array(repeating: stage, count: count).joined(separator: ","))]}"#
    }

    @Test func `stages that lengthen a text more than any do, and more stages than any file has, are refused`() {
        let doubling = #"{"type": "Replace", "pattern": {"String": "a"}, "content": "aa"}"#
        let bytes = #"{"type": "ByteLevel", "add_prefix_space": true, "use_regex": false}"#
        let tooLong = "tokenizer.json asks for a text more than 64 times as long at "
        #expect(refusal { $0.normalizer = many(doubling, 7, "normalizers") }?.hasPrefix(tooLong + "normalizer,") == true)
        #expect(refusal { $0.decoder = many(doubling, 7, "decoders") }?.hasPrefix(tooLong + "decoder,") == true)
        #expect(refusal { $0.preTokenizer = many(bytes, 4, "pretokenizers") }?.hasPrefix(tooLong + "pre_tokenizer,") == true)
        let content = String(repeating: "b", count: 65)
        #expect(refusal { $0.normalizer = #"{"type": "Replace", "pattern": {"String": "a"}, "content": "\#(content)"}"# }?.hasPrefix(tooLong) == true)
        #expect(
            refusal { $0.normalizer = many(#"{"type": "NFC"}"#, 101, "normalizers") }?
                .hasPrefix("tokenizer.json asks for more than 100 stages at normalizer,") == true)
    }

    @Test func `stripping takes no longer than what there is to strip`() throws {
        var source = TokenizerSource()
        source.decoder = #"{"type": "Strip", "content": "a", "start": 2147483647, "stop": 0}"#
        let tokenizer = try source.tokenizer()
        #expect(tokenizer.decode([256, 97]) == "b")
    }

    @Test func `keys and values of any length are cut where they are told`() throws {
        let long = String(repeating: "x", count: 10_000)
        let errors: [TokenizerError] = [
            .unsupported(key: long, value: long), .missing(.config, key: long), .repeatedKey(.config, key: long),
            .badID(.config, key: long, found: long), .endlessPattern(key: long, pattern: long), .unsupportedModel(long),
            .badMerge(key: long, found: long), .missingToken(key: long, token: long), .badKey(key: long),
        ]
        for error in errors { #expect(error.description.utf8.count < 1000) }
    }

    @Test func `an object with more keys than any is refused, and thousands of roles are put together one after another`() throws {
        let keys = (0...10_000).map { #""k\#($0)": 0"# }.joined(separator: ", ")
        let error = #expect(throws: TokenizerError.self) {
            try Tokenizer(TokenizerFiles(tokenizer: Data(TokenizerSource().text.utf8), config: Data("{\(keys)}".utf8)))
        }
        #expect(error == .tooManyKeys(.config, key: "", limit: 10_000))
        let roles = (0..<20_000).map { #"{"content": "<\#($0)>", "special": true}"# }.joined(separator: ", ")
        let config = #"{"tokenizer_class": "PreTrainedTokenizerFast", "additional_special_tokens": [\#(roles)]}"#
        let tokenizer = try Tokenizer(TokenizerFiles(tokenizer: Data(TokenizerSource().text.utf8), config: Data(config.utf8)))
        #expect(tokenizer.specialTokens.all == Array(260..<20_260))
    }

    @Test func `a notice names the first of many keys`() throws {
        let keys = (0..<50).map { #""k\#($0)_token": "ab""# }.joined(separator: ", ")
        let config = #"{"tokenizer_class": "PreTrainedTokenizerFast", \#(keys)}"#
        let tokenizer = try Tokenizer(TokenizerFiles(tokenizer: Data(TokenizerSource().text.utf8), config: Data(config.utf8)))
        #expect(tokenizer.notices.contains { $0.hasPrefix("k0_token, k1_token, k2_token and 47 more in tokenizer_config.json: ") })
    }
}

@Suite struct MarkTests {
    /// Marks of several classes, some of which are composed with a letter, some made of others.
    private static let marks: [Unicode.Scalar] = [
        "\u{301}", "\u{323}", "\u{327}", "\u{345}", "\u{5B0}", "\u{64B}", "\u{344}", "\u{F71}", "\u{3099}", "\u{1D165}", "\u{340}",
    ]

    /// What the standard library makes of it.
    private static func composed(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        #if canImport(Darwin)
            scalars.append(contentsOf: text.precomposedStringWithCanonicalMapping.unicodeScalars)
        #else
            for scalar in text._nfc { scalars.append(scalar) }
        #endif
        return String(scalars)
    }

    @Test func `many marks are put in order as few are`() {
        var state: UInt64 = 5
        for count in [33, 40, 100, 300] {
            for letter in ["a", "e", "\u{E9}", "\u{1E69}", "", "\u{AC00}", "\u{30AB}"] {
                var text = letter
                for _ in 0..<count {
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    text.unicodeScalars.append(Self.marks[Int(state >> 33) % Self.marks.count])
                }
                let plain = Self.composed(text)
                #expect(String(decoding: CanonicalComposition.apply(to: Array((text + "b").utf8)[...]), as: UTF8.self).spelled == (plain + "b").spelled)
            }
        }
    }

    @Test func `a hundred thousand marks compose in one pass`() {
        let count = 100_000
        let text = "a" + String(repeating: "\u{301}\u{323}", count: count / 2)
        let composed = CanonicalComposition.apply(to: Array(text.utf8)[...])
        let expected = "\u{1EA1}" + String(repeating: "\u{323}", count: count / 2 - 1) + String(repeating: "\u{301}", count: count / 2)
        #expect(composed.elementsEqual(expected.utf8))
    }
}

@Suite struct TextFinderTests {
    @Test func `finds at each place what a search of all texts finds`() {
        var state: UInt64 = 11
        func number(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        func word(_ length: Int) -> [UInt8] { (0..<length).map { _ in UInt8(ascii: "a") + UInt8(number(3)) } }
        for _ in 0..<300 {
            let texts = (0...number(12)).map { _ in word(1 + number(6)) }
            let text = word(number(60))
            let found = TextFinder(texts).longest(in: text[...]) ?? [Int32](repeating: -1, count: text.count)
            for position in text.indices {
                let fitting = texts.filter { text[position...].starts(with: $0) }
                let longest = fitting.max { $0.count < $1.count }
                #expect(found[position] == longest.map { Int32(texts.firstIndex(of: $0)!) } ?? -1)
            }
        }
    }

    @Test func `long tokens that overlap themselves take no quadratic time`() throws {
        var source = TokenizerSource()
        source.merges = "[]"
        let long = String(repeating: "a", count: 100_000)
        source.addedTokens = "[\(TokenizerSource.added(long + "b", id: 260)), \(TokenizerSource.added("aa", id: 261))]"
        #expect(try source.tokenizer().encode(long + long) == [Int](repeating: 261, count: 100_000))
    }
}
