import Testing

@testable import Console
@testable import Workbench

@Suite struct ExpectationParserTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let expected: Workbench.Expectation
        var testDescription: String { text }
    }

    @Test(arguments: [
        Case(text: #"probability after " Austin" 0.9 +- 0.05"#, expected: .probability(.after, .text(" Austin"), value: 0.9, tolerance: 0.05)),
        Case(text: #"probability before #7 > 0.5"#, expected: .probabilityCompared(.before, .id(7), .greater, 0.5)),
        Case(text: #"rank before " Austin" 1"#, expected: .rank(.before, .text(" Austin"), 1)),
        Case(text: #"top after " Austin""#, expected: .top(.after, .text(" Austin"))),
        Case(text: #"logit after " Austin" -3.2 ± 0.1"#, expected: .logit(.after, .text(" Austin"), value: -3.2, tolerance: 0.1)),
        Case(text: #"logit-change " Austin" <= -2"#, expected: .logitChange(.text(" Austin"), .lessOrEqual, -2)),
        Case(text: #"generation after contains "San Jose""#, expected: .generation(.after, contains: "San Jose")),
    ])
    func `statements name quantity, side and value`(_ test: Case) throws {
        #expect(try ExpectationParser.parse(test.text[...]) == test.expected)
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let line: String
        let message: String
        var testDescription: String { line }
    }

    @Test(arguments: [
        Mistake(
            line: "expect",
            message: """
                error: what is expected should follow.
                  expect
                        ^

                """),
        Mistake(
            line: #"expect probability " Austin" 0.9"#,
            message: """
                error: " Austin" is not one of before, after.
                  expect probability " Austin" 0.9
                                     ^~~~~~~~~

                """),
        Mistake(
            line: #"expect probability after " Austin" 0.9"#,
            message: """
                error: +- and a tolerance should follow.
                  expect probability after " Austin" 0.9
                                                        ^

                """),
        Mistake(
            line: #"expect rank before " Austin" 0"#,
            message: """
                error: A rank must be at least 1.
                  expect rank before " Austin" 0
                                               ^

                """),
        Mistake(
            line: #"expect top after " Austin" 1"#,
            message: """
                error: The statement is complete before 1.
                  expect top after " Austin" 1
                                             ^

                """),
    ])
    func `mistakes say what should stand there`(_ test: Mistake) {
        let text = test.line.dropFirst("expect".count)
        #expect(diagnosis(of: test.line) { _ = try ExpectationParser.parse(text) } == test.message)
    }
}
