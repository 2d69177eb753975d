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
        // Anchors of lines: no line begins at the end of a text, and a carriage return ends none.
        Case(pattern: #"\s+$"#, text: "a  \n  b \r ", matches: ["  ", " \r "]),
        Case(pattern: " $", text: "a \r\nb ", matches: [" "]),
        Case(pattern: "^a", text: "a\na a", matches: ["a", "a"]),
        Case(pattern: #"\n^"#, text: "b\n\n", matches: ["\n"]),
        Case(pattern: "^", text: "a\nb", matches: ["", ""]),
        Case(pattern: "$", text: "a\nb\n", matches: ["", "", ""]),
        Case(pattern: #"\b\d"#, text: "1 2a3", matches: ["1", "2"]),
        Case(pattern: ".+", text: "a\nb\r\u{2028}", matches: ["a", "b\r\u{2028}"]),
        Case(pattern: #"\d+"#, text: "1\u{663}\u{B2}\u{2167}\u{96B}", matches: ["1\u{663}", "\u{96B}"]),
        Case(pattern: #"\D+"#, text: "1\u{B2}a2", matches: ["\u{B2}a"]),
        Case(pattern: #"\w+"#, text: "a\u{B2}\u{200D}b\u{203F}\u{301}-\u{2074}\u{24B6}", matches: ["a\u{B2}", "b\u{203F}\u{301}", "\u{24B6}"]),
        Case(pattern: #"[\w]+"#, text: "a\u{B2}b", matches: ["a", "b"]),
        Case(pattern: #"\W+"#, text: "a\u{B2}-b", matches: ["-"]),
        Case(pattern: #"[\W]+"#, text: "a\u{B2}-b", matches: ["\u{B2}-"]),
        // A bracket in a class opens another class.
        Case(pattern: #" ?[^(\s|[.,])]+"#, text: "a, (b|c]d e", matches: ["a", "b", "c]d", " e"]),
        Case(pattern: "[a[^b]]", text: "abc", matches: ["a", "c"]),
        Case(pattern: "[^a[b]]", text: "abc", matches: ["c"]),
        Case(pattern: #"[\[a]+"#, text: "[a]", matches: ["[a"]),
        Case(pattern: "[a-z&&[^b]]", text: "abc1", matches: ["a", "c"]),
        Case(pattern: "[^a-z&&[^b]]", text: "abc1", matches: ["b", "1"]),
        Case(pattern: "[a-c&&b-d&&c]", text: "abcd", matches: ["c"]),
        Case(pattern: "a++a", text: "aaa", matches: []),
        Case(pattern: "a*+b", text: "aab", matches: ["aab"]),
        Case(pattern: "a?+a", text: "xa aa", matches: ["aa"]),
        Case(pattern: "(?:ab)++a", text: "ababa", matches: ["ababa"]),
        Case(pattern: "(?>ab|a)b", text: "xabb ab", matches: ["abb"]),
        Case(pattern: "(?i:[sdmt]|ll)", text: "s\u{17F}DLl\u{DF}", matches: ["s", "\u{17F}", "D", "Ll"]),
        Case(pattern: "(?i:[@-`])+", text: "@aZ\u{212A}{`", matches: ["@aZ\u{212A}", "`"]),
        Case(pattern: "(?:ab)+", text: "ababa", matches: ["abab"]),
        Case(pattern: "(?:a|ab){2}c", text: "aabc abac", matches: ["aabc", "abac"]),
        Case(pattern: "(?:ab){1,2}", text: "ababab", matches: ["abab", "ab"]),
        Case(pattern: "(?:^a)+", text: "aa", matches: ["a"]),
        Case(pattern: #"(?=(\d{3})+(?!\d))"#, text: "1234567", matches: ["", ""]),
    ]

    @Test(arguments: cases)
    func `matches what the reference matches`(_ test: Case) throws {
        let pattern = try Pattern(expression: test.pattern, key: "k")
        let text = ScalarText(utf8: Array(test.text.utf8)[...])
        let matches = try pattern.matches(in: text, 0..<text.scalars.count).map { Array(text.utf8(of: $0)) }
        #expect(matches == test.matches.map { Array($0.utf8) })
    }

    @Test func `nothing outside the range is looked at`() throws {
        let pattern = try Pattern(expression: #"\s+(?!\S)"#, key: "k")
        let text = ScalarText(utf8: Array("a  b".utf8)[...])
        #expect(try pattern.matches(in: text, 1..<3) == [1..<3])
        #expect(try pattern.matches(in: text, 1..<4) == [1..<2])
    }

    @Test(arguments: [
        "(?:a|a)+$", "(?:a|aa)+b", "(?:a+)+b", "(?:(?:a|aa)+c?)+b", "(?:a|aa){40}b", "(?:a|aa){0,40}b", "(?=(?:a+)+b)a", "(?>(?:a+)+b)",
    ])
    func `a repeated group is not tried in exponentially many ways`(expression: String) throws {
        let pattern = try Pattern(expression: expression, key: "k")
        let text = ScalarText(utf8: Array((String(repeating: "a", count: 100) + "!").utf8)[...])
        #expect(try pattern.matches(in: text, 0..<101).isEmpty)
    }

    @Test func `a repeated group may match as often as the text is long`() throws {
        let pattern = try Pattern(expression: #"(?:\p{L}\p{M}*)+"#, key: "k")
        let text = ScalarText(utf8: Array(String(repeating: "a\u{301}", count: 100_000).utf8)[...])
        #expect(try pattern.matches(in: text, 0..<200_000) == [0..<200_000])
    }

    static let refusals: [(String, String)] = [
        (#"a\B"#, #""\B" (at character 2"#), (#"a\z"#, #""\z""#), (#"(a)\1"#, #""\1""#),
        ("^*a", "a repeated anchor"), ("a{2}+", #""+" after a quantifier"#), ("a*?", #""?" after a quantifier"#),
        ("a+++", #""+" after a quantifier"#), ("(?:a*)*", "a repeated group that can match nothing"),
        ("(?<=a)b", #""(?<=""#), ("(?i)a", #""(?i)""#), ("(?<n>a)", #""(?<n""#),
        ("(?!a)*", "a repeated lookahead"), ("(a", #""(" without ")""#), ("a)", #"")" without "(""#),
        ("[a", #""[" without "]""#), ("[]", "an empty class"), ("[[:alpha:]]", #""[:" inside a class"#),
        ("[a&&]", "an empty class"), ("[a-[b]]", #""[" inside a class"#), ("[[a]-z]", "a range that begins with a class"),
        ("[z-a]", "a range that runs backwards"),
        (#"[\s-a]"#, "a range that begins with a class"), (#"[\h]"#, "an escape other than"),
        (#"\p{Han}"#, #"the class "\p{Han}""#), (#"\p{^L}"#, #"the class "\p{^L}""#), (#"\pL"#, #""\p""#),
        (#"\p{L"#, #"the class "\p{L}""#), ("a{,3}", #""{""#), ("a{3,2}", "a quantifier other than"),
        ("a{99999999999999999999}", "a quantifier other than"), ("{2}", #""{""#), ("*", #""*""#),
        ("(?i:[^a])", "beyond ASCII"), (#"(?i:[\p{L}])"#, "beyond ASCII"), ("(?i:[\u{E9}])", "beyond ASCII"), ("(?i:\u{E9})", "not ASCII"),
        ("(?i:'ss)", "folds to one letter"),
        (#"a\"#, #""\""#), (String(repeating: "(", count: 99), "nested deeper than 32"), (String(repeating: "[", count: 99), "nested deeper than 32"),
        (String(repeating: "a", count: 2001), "more than 2000 pieces"),
        ("((((a{9}b){1000}){1000}){1000}){1000}", "more than 2000 pieces"),
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

extension Pattern {
    fileprivate func matches(in text: ScalarText, _ range: Range<Int>) throws -> [Range<Int>] {
        var effort = MatchEffort()
        return try matches(in: text, range, &effort)
    }
}
