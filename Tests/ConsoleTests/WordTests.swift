import Graphs
import Testing

@testable import Console
@testable import Workbench

@Suite struct WordTests {
    struct Selector: Sendable, CustomTestStringConvertible {
        let text: String
        let positions: PositionSelector
        var testDescription: String { text }
    }

    @Test(arguments: [
        Selector(text: "20/15589@9", positions: .at(9)), Selector(text: "20/15589@-1", positions: .at(-1)),
        Selector(text: "20/15589@5:8", positions: .range(5, 8)), Selector(text: "20/15589@-3:-1", positions: .range(-3, -1)),
        Selector(text: "20/15589@1:-1", positions: .range(1, -1)), Selector(text: "20/15589@9:", positions: .from(9)),
        Selector(text: "20/15589@*", positions: .all),
    ])
    func `feature selectors name layer, index and positions`(_ test: Selector) throws {
        let expected = FeatureSelector(feature: FeatureID(layer: 20, index: 15589), positions: test.positions)
        #expect(try word(test.text).featureSelector() == expected)
        #expect("\(expected)" == test.text)
    }

    @Test func `a feature by itself has no position`() throws {
        #expect(try word("3/412").featureID() == FeatureID(layer: 3, index: 412))
        #expect(try word("3/412@-1").featureSite() == FeatureSite(layer: 3, position: -1, index: 412))
    }

    @Test(arguments: [
        "3", "3/", "/4", "3/4/5@1", "a/4@1", "3/b@1", "-3/4@1", "+3/4@1", "3/4", "3/4@", "3/4@x", "3/4@1:x", "3/4@x:1", "3/4@:5",
        "3/4@5:5", "3/4@1:2:3", "3/99999999999999999999@1", #""3/4@1""#, "３/4@1", "3/4@@1", "3/4@**",
    ])
    func `nothing else is a feature selector`(_ text: String) throws {
        let word = try word(text)
        #expect(throws: ConsoleError.self) { try word.featureSelector() }
    }

    @Test func `a missing position is suggested`() throws {
        let line = "set 3/412 5"
        let words = try Lexer.words(of: line)
        #expect(
            diagnosis(of: line) { _ = try words[1].featureSelector() } == """
                error: 3/412 is given without its position. Did you mean 3/412@-1?
                  set 3/412 5
                      ^~~~~
                  (positions: @4, @-1 the last, @5:8 from 5 up to 8, @9: from 9 on, @* all)

                """)
    }

    @Test func `tokens are JSON strings or numbers`() throws {
        #expect(try word(#"" Austin""#).token() == .text(" Austin"))
        #expect(try word("#42").token() == .id(42))
        for text in ["Austin", "#", "#-1", "#x", "42", #""""#] {
            let word = try word(text)
            #expect(throws: ConsoleError.self) { try word.token() }
        }
    }

    @Test func `a bare token is suggested with its quotes and space`() throws {
        let words = try Lexer.words(of: "probs Austin")
        #expect(
            diagnosis(of: "probs Austin") { _ = try words[1].token() } == """
                error: A token is written in double quotes or as #ID. Did you mean " Austin"?
                  probs Austin
                        ^~~~~~
                  (most tokens begin with a space; `tokens` and `top` show how they are spelled)

                """)
    }

    @Test func `numbers are finite and decimal`() throws {
        #expect(try word("-2.5e1").number("a value") == -25)
        for text in ["nan", "inf", "0x10", "1e99", "1,5", "", #""1""#, "--1"] where !text.isEmpty {
            let word = try word(text)
            #expect(throws: ConsoleError.self) { try word.number("a value") }
        }
    }

    @Test(arguments: [("99999999999999999999", "too large"), ("-99999999999999999999", "too small"), ("-", "not a whole number"), ("9e3", "not a whole number")])
    func `a number that does not fit says so`(_ text: String, _ what: String) throws {
        let word = try word(text)
        let error = #expect(throws: ConsoleError.self) { try word.integer("how many tokens") }
        #expect(error?.message.hasPrefix("\(text) is \(what)") == true)
    }

    @Test func `whole numbers have a least value`() throws {
        let words = try Lexer.words(of: "top 0")
        #expect(
            diagnosis(of: "top 0") { _ = try words[1].integer("how many tokens", atLeast: 1) } == """
                error: 0 is too small; how many tokens is at least 1.
                  top 0
                      ^

                """)
        #expect(try word("18446744073709551615").seed() == .max)
    }

    @Test func `layer ranges are half open`() throws {
        #expect(try word("0:6").layerRange() == 0..<6)
        for text in ["6", "6:", ":6", "6:6", "6:3", "-1:3", "a:b"] {
            let word = try word(text)
            #expect(throws: ConsoleError.self) { try word.layerRange() }
        }
    }

    @Test func `a choice may be shortened`() throws {
        #expect(try word("inf").choice(of: FeatureOrder.self) == .influence)
        #expect(try word("off").onOff() == false)
        let words = try Lexer.words(of: "features --by dirct")
        #expect(
            diagnosis(of: "features --by dirct") { _ = try words[2].choice(of: FeatureOrder.self) } == """
                error: dirct is none of influence, activation, direct. Did you mean direct?
                  features --by dirct
                                ^~~~~

                """)
    }
}
