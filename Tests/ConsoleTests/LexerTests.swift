import Testing

@testable import Console

@Suite struct LexerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let line: String
        let expected: [String]
        var testDescription: String { line }
    }

    @Test(arguments: [
        Case(line: "", expected: []),
        Case(line: "  top\t5 ", expected: ["top", "5"]),
        Case(line: #"probs " Austin" #7"#, expected: ["probs", " Austin", "#7"]),
        Case(line: #"probs "\n\t\"\\\/\u00e9\ud83d\ude00""#, expected: ["probs", "\n\t\"\\/é😀"]),
        Case(line: "features --layer=3 --by direct", expected: ["features", "--layer", "3", "--by", "direct"]),
        Case(line: #"attribute --target=" Austin" " Dallas""#, expected: ["attribute", "--target", " Austin", " Dallas"]),
        Case(line: "scale 3/4@-1 -2", expected: ["scale", "3/4@-1", "-2"]),
        Case(line: "a=b can't", expected: ["a=b", "can't"]),
        Case(line: "--layer=", expected: ["--layer", ""]),
    ])
    func `words are separated by white space, quoted as in JSON`(_ test: Case) throws {
        #expect(try words(test.line) == test.expected)
    }

    @Test func `a combining mark after the quote does not swallow it`() throws {
        #expect(try words("\"\u{301}a\"").map { Array($0.unicodeScalars) } == [["\u{301}", "a"]])
    }

    @Test func `words know where they stand`() throws {
        let line = #"probs " Austin" --layer=3"#
        #expect(try Lexer.words(of: line).map { String(line[$0.range]) } == ["probs", "\" Austin\"", "--layer", "3"])
    }

    @Test func `only an unquoted word with two dashes and a letter is an option`() throws {
        #expect(try Lexer.words(of: #"--by "--by" -2 --5 -- --x=--y"#).map(\.isOption) == [true, false, false, false, false, true, false])
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let line: String
        let message: String
        var testDescription: String { line }
    }

    @Test(arguments: [
        Mistake(
            line: #"probs " Austin"#,
            message: """
                error: The quote is not closed.
                  probs " Austin
                        ^~~~~~~~

                """),
        Mistake(
            line: #"probs "a\qb""#,
            message: #"""
                error: \q is not an escape of a JSON string.
                  probs "a\qb"
                          ^~
                  (the escapes are \" \\ \/ \b \f \n \r \t and \u with four hexadecimal digits)

                """#),
        Mistake(
            line: #"probs "\u12g4""#,
            message: #"""
                error: \u takes four hexadecimal digits.
                  probs "\u12g4"
                         ^~~~~~

                """#),
        Mistake(
            line: #"probs "\ud800""#,
            message: #"""
                error: \ud800 is half of a surrogate pair, not a character.
                  probs "\ud800"
                         ^~~~~~

                """#),
        Mistake(
            line: #"probs "a"b"#,
            message: """
                error: A space is missing after the closing quote.
                  probs "a"b
                        ^~~

                """),
    ])
    func `mistakes are underlined`(_ test: Mistake) {
        #expect(diagnosis(of: test.line) { _ = try Lexer.words(of: test.line) } == test.message)
    }
}
