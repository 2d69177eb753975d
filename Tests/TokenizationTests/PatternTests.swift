import Testing
@testable import Tokenization

@Suite struct PatternTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let pattern: String
        let text: String
        let matches: [String]
        var testDescription: String { "\(pattern) in \(text.debugDescription)" }
    }

    static let cases = [
        Case(pattern: "a|ab", text: "ab", matches: ["a"]),
        Case(pattern: "(?:a|ab)c", text: "abc ac", matches: ["abc", "ac"]),
        Case(pattern: "a{2,3}", text: "aaaaaa a", matches: ["aaa", "aaa"]),
        Case(pattern: "a{2}", text: "aaaaa", matches: ["aa", "aa"]),
        Case(pattern: "a{2,}b", text: "ab aaab", matches: ["aaab"]),
        Case(pattern: #"\s+(?!\S)|\s+"#, text: "  a   ", matches: [" ", " ", "   "]),
        Case(pattern: #"a(?=\s)"#, text: "ab a a", matches: ["a"]),
        Case(pattern: #"\s*[\r\n]+"#, text: "a \r\n\n b", matches: [" \r\n\n"]),
        Case(pattern: "(?i:'s|'k)", text: "'s'S'\u{17F}'K'\u{212A}'x", matches: ["'s", "'S", "'\u{17F}", "'K", "'\u{212A}"]),
        Case(pattern: "(?i:a)a", text: "AA Aa aa", matches: ["Aa", "aa"]),
        Case(pattern: #"[^\s\p{L}\p{N}]+"#, text: "a?! 1\u{301}-", matches: ["?!", "\u{301}-"]),
        Case(pattern: #"[a-c\-\]]+"#, text: "ab-]d", matches: ["ab-]"]),
        Case(pattern: "[-a]+", text: "a-b", matches: ["a-"]),
        Case(pattern: #"\p{Lu}\P{Lu}?"#, text: "AbCD", matches: ["Ab", "C", "D"]),
        Case(pattern: #"\p{L}+"#, text: "e\u{301}\u{4F60}\u{1D400}1", matches: ["e", "\u{4F60}\u{1D400}"]),
        // White space is what Unicode says it is.
        Case(pattern: #"\s"#, text: "\u{85}\u{A0}\u{2028}\u{3000}\u{200B}\u{1F}", matches: ["\u{85}", "\u{A0}", "\u{2028}", "\u{3000}"]),
        // Unassigned in the reference's Unicode 16, a letter since 17; and one that changed its category.
        Case(pattern: #"\p{L}"#, text: "\u{88F}\u{8A0}", matches: ["\u{8A0}"]),
        Case(pattern: #"\p{Ll}"#, text: "\u{295}", matches: ["\u{295}"]),
        Case(pattern: "a*", text: "baac", matches: ["", "aa", ""]),
        Case(pattern: "(?:ab)?c", text: "abc c", matches: ["abc", "c"]),
        Case(pattern: "", text: "ab", matches: ["", "", ""]),
    ]

    @Test(arguments: cases)
    func `matches what the reference matches`(_ test: Case) throws {
        let pattern = try Pattern(expression: test.pattern, key: "k")
        let text = ScalarText(utf8: Array(test.text.utf8)[...])
        let matches = pattern.matches(in: text, 0..<text.scalars.count).map { Array(text.utf8(of: $0)) }
        #expect(matches == test.matches.map { Array($0.utf8) })
    }

    @Test func `nothing outside the range is looked at`() throws {
        let pattern = try Pattern(expression: #"\s+(?!\S)"#, key: "k")
        let text = ScalarText(utf8: Array("a  b".utf8)[...])
        #expect(pattern.matches(in: text, 1..<3) == [1..<3])
        #expect(pattern.matches(in: text, 1..<4) == [1..<2])
    }

    static let refusals: [(String, String)] = [
        (#"a\b"#, #""\b" (at character 2"#), (#"\d"#, #""\d""#), (#"\w"#, #""\w""#), (#"(a)\1"#, #""\1""#),
        ("^a", #""^""#), ("a.", #"".""#), ("a$", #""$""#), ("a*?", #""?" after a quantifier"#),
        ("a++", #""+" after a quantifier"#), ("(ab)+", "a repeated group"), ("(?:a*)*", "a repeated group"),
        ("(?<=a)b", #""(?<=""#), ("(?>a)", #""(?>a""#), ("(?i)a", #""(?i)""#), ("(?<n>a)", #""(?<n""#),
        ("(?!a)*", "a repeated lookahead"), ("(a", #""(" without ")""#), ("a)", #"")" without "(""#),
        ("[a", #""[" without "]""#), ("[]", "an empty class"), ("[a[b]]", #""[" inside a class"#),
        ("[a&&b]", #""&" inside a class"#), ("[z-a]", "a range that runs backwards"),
        (#"[\s-a]"#, "a range that begins with a class"), (#"[\d]"#, "an escape other than"),
        (#"\p{Han}"#, #"the class "\p{Han}""#), (#"\p{^L}"#, #"the class "\p{^L}""#), (#"\pL"#, #""\p""#),
        (#"\p{L"#, #"the class "\p{L}""#), ("a{,3}", #""{""#), ("a{3,2}", "a quantifier that is no"),
        ("a{99999999999999999999}", "a quantifier that is no"), ("{2}", #""{""#), ("*", #""*""#),
        ("(?i:[a])", #"a class inside "(?i:""#), ("(?i:\u{E9})", "not ASCII"), ("(?i:'ss)", "folds to one letter"),
        (#"a\"#, #""\""#), (String(repeating: "(", count: 99), "nested deeper than 32"),
        (String(repeating: "a", count: 2001), "more than 2000 pieces"),
    ]

    @Test(arguments: refusals)
    func `what is not implemented is refused by name`(pattern: String, construct: String) {
        let error = #expect(throws: TokenizerError.self) { try Pattern(expression: pattern, key: "k") }
        guard case .unsupported("k", let value) = error else {
            Issue.record("\(pattern): \(String(describing: error))")
            return
        }
        #expect(value.contains(construct))
    }
}
