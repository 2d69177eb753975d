import Graphs
import Testing

@testable import Console
@testable import Workbench

@Suite struct WordTests {
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

    @Test(arguments: [
        ("99999999999999999999", "too large"), ("-99999999999999999999", "too small"), ("-", "not a whole number"), ("9e3", "not a whole number"),
    ])
    func `a number that does not fit says so`(_ text: String, _ what: String) throws {
        let word = try word(text)
        let error = #expect(throws: ConsoleError.self) { try word.integer("the number of tokens") }
        #expect(error?.message.hasPrefix("\(text) is \(what)") == true)
    }

    @Test func `whole numbers have a least value`() throws {
        let words = try Lexer.words(of: "top 0")
        #expect(
            diagnosis(of: "top 0") { _ = try words[1].integer("the number of tokens", atLeast: 1) } == """
                error: The number of tokens must be at least 1.
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
                error: dirct is not one of influence, activation, direct. Did you mean direct?
                  features --by dirct
                                ^~~~~

                """)
    }
}
