import TestSupport
import Testing

@testable import Console

@Suite struct ListTests {
    private func rows(_ text: String, _ name: String) throws -> [PromptFile.Row] { try PromptFile(Array(text.utf8), name: name).rows }

    private func sentence(_ text: String, _ name: String) -> String? {
        do { _ = try rows(text, name) } catch { return "\(error)" }
        return nil
    }

    @Test func `a text has a prompt a line`() throws {
        #expect(try rows("\u{FEFF}Hello\r\n\n  \n\"a\\nb\"\n# no comment\n", "p.txt").map(\.prompt) == ["Hello", "a\nb", "# no comment"])
    }

    @Test func `a table has prompts in their column, and other columns`() throws {
        let csv = "prompt,answer\r\n\"The capital, of \"\"X\"\"\",\" Austin\"\nTwo\nlines,x\n".replacing("Two\nlines", with: "\"Two\nlines\"")
        #expect(
            try rows(csv, "p.CSV") == [
                PromptFile.Row(number: 1, prompt: "The capital, of \"X\"", columns: ["prompt": "The capital, of \"X\"", "answer": " Austin"]),
                PromptFile.Row(number: 2, prompt: "Two\nlines", columns: ["prompt": "Two\nlines", "answer": "x"]),
            ])
        #expect(
            try rows(#"{"prompt": "a", "n": 3, "x": true}"# + "\n\n" + #"{"text": "b"}"#, "p.jsonl").map(\.columns) == [
                ["prompt": "a", "n": "3", "x": "true"], ["text": "b"],
            ])
        #expect(try rows("question\nWhy?\n", "p.csv").map(\.prompt) == ["Why?"], "the only column has the prompts")
    }

    @Test(arguments: [
        ("", "p.txt", "p.txt holds no prompts."), ("a,b\n1,2\n", "p.csv", "p.csv, line 2: there is no column called prompt; the columns are a, b."),
        ("prompt,b\n1\n", "p.csv", "p.csv, line 2: there are 1 fields, and the first line names 2."),
        ("prompt\n\"x\n", "p.csv", "p.csv, line 2: a quote is not closed."),
        ("prompt\n\"x\"y\n", "p.csv", "p.csv, line 2: a comma is missing after a closing quote."),
        ("{\"prompt\": \"\"}", "p.jsonl", "p.jsonl, line 1: the prompt is empty."), ("[1]", "p.jsonl", "p.jsonl, line 1: each line must be a JSON object."),
        ("\"x", "p.txt", "p.txt, line 1: a line that begins with a double quote must be a JSON string."),
    ])
    func `what is wrong with a list is said with its line`(_ text: String, _ name: String, _ expected: String) {
        #expect(sentence(text, name) == expected)
    }

    @Test func `columns stand in commands as tokens, numbers or text in quotes`() throws {
        let columns = ["answer": " Austin", "k": "5", "said": "a \"b\""]
        #expect(try ListTemplate(#"probs $answer ; zero top($k) "x $said""#).filled(from: columns) == #"probs " Austin" ; zero top(5) "x a \"b\"""#)
        #expect(try ListTemplate(#"echo $5 and "\$answer" $"#).filled(from: columns) == #"echo $5 and "\$answer" $"#)
        let error = #expect(throws: ConsoleError.self) { try ListTemplate("probs $anwser").filled(from: columns) }
        #expect(error?.message == "There is no column anwser" && error?.suggestion == "$answer" && error?.advice == "columns: answer, k, said")
    }

    @Test func `a curve is drawn from 0 to 1`() {
        let plot = Plot(
            curves: [Plot.Curve(name: "\" a\"", values: [0, 0.5, 1]), Plot.Curve(name: "\" b\"", values: [0, 0.25, 0])], labels: ["0", "1", "10"])
        #expect(
            plot.text(width: 80) == """
                1.00 |        o
                     |
                0.75 |
                     |
                0.50 |     o
                     |
                0.25 |     x
                     |
                0.00 |  o     x
                     +---------
                        0  1 10
                      o " a"   x " b"
                """)
    }

    @Test func `a curve of many points leaves some out where there is no room`() {
        let plot = Plot(curves: [Plot.Curve(name: "\" a\"", values: Array(repeating: 0, count: 11))], labels: (0...10).map(String.init))
        #expect(
            plot.text(width: 24).split(separator: "\n").suffix(4) == [
                "0.00 |  o  o  o  o  o  o", "     +------------------", "        0  2  4  6  8 10", "      o \" a\"",
            ])
    }

    @Test func `a list is run row by row, and a failure is its row's`() throws {
        let screen = Screen()
        let number = testCommands.first { $0.name == "number" }!
        let console = testConsole([.foreach, .quit, number], screen: screen)
        #expect(console.execute(SourceLine("foreach : number 1")) == .failure)
        #expect(console.execute(SourceLine(#"foreach "a" "b""#)) == .failure)
        #expect(console.execute(SourceLine(#"foreach "a" :"#)) == .failure)
        #expect(console.execute(SourceLine(#"foreach "a" : quit"#)) == .failure)
        #expect(
            screen.messages.split(separator: "\n").filter { $0.hasPrefix("error") } == [
                "error: A file of prompts, or prompts in double quotes, should come before the colon.",
                "error: A colon separates the prompts from the commands.", "error: A command should follow the colon.",
                "error: foreach cannot run quit: it is not about a prompt.",
            ])
    }
}
