import Downloads
import ShownText
import Testing

@testable import Console

@Suite struct RenderingTests {
    @Test func `what a stranger's file says can neither steer the terminal nor fill it`() {
        let diagnostic = Diagnostic(error: ConsoleError("The model tiny/\u{1B}[31mred\u{7}\n is not here"), line: SourceLine("load"))
        #expect(diagnostic.rendered() == "error: The model tiny/\\u001b[31mred\\u0007\\n is not here.\n")
        #expect(shownMessage(String(repeating: "x", count: 100_000)).count < 2010)
    }

    /// Everything that an output can hold.
    private let output = Output([
        .fact("model", "model", .text("atlas")), .fact("target", "target", .quoted(" Austin")),
        .data("layers", .list([.integer(1), .integer(2)])), .volatile("seconds", "time", .seconds(0.5)),
        .table(
            Table(
                "rows", title: "rows",
                [.left("token"), .data("id"), .text("see"), .right("logit")],
                rows: [
                    [.quoted(" 大"), .integer(1), .text("a|b"), .number(1.23456, .decimals(3))],
                    [.quoted("a\n\"b\""), .integer(2), .none, .number(.nan, .decimals(3))],
                ])),
    ])

    @Test func `table aligns columns by what they take on a terminal`() {
        #expect(
            output.rendered(as: .table, command: "test") == #"""
                model   atlas
                target  " Austin"
                time    0.5 s

                rows
                token       see  logit
                " 大"       a|b  1.235
                "a\n\"b\""  -      nan

                """#)
    }

    @Test func `json is one object on one line, the command first`() {
        #expect(
            output.rendered(as: .json, command: "test") == #"""
                {"command":"test","model":"atlas","target":" Austin","layers":[1,2],"seconds":0.5,"rows":[{"token":" 大","id":1,"logit":1.23456},{"token":"a\n\"b\"","id":2,"logit":null}]}

                """#)
    }

    @Test func `csv quotes as RFC 4180 has it`() {
        #expect(
            output.rendered(as: .csv, command: "test")
                == "key,value\r\nmodel,atlas\r\ntarget,\" Austin\"\r\nseconds,0.5\r\n\r\ntoken,id,logit\r\n\" 大\",1,1.23456\r\n\"a\n\"\"b\"\"\",2,\r\n")
    }

    @Test func `md escapes what Markdown would act on`() {
        #expect(
            output.rendered(as: .md, command: "test") == #"""
                |  |  |
                | --- | --- |
                | model | atlas |
                | target | " Austin" |
                | time | 0.5 s |

                **rows**

                | token | see | logit |
                | --- | --- | ---: |
                | " 大" | a\|b | 1.235 |
                | "a\\n\\"b\\"" | - | nan |


                """#)
    }

    @Test func `each of several tables names its rows in csv`() {
        let output = Output([
            .fact("node", "node", .text("3/4@5")), .table(Table("inputs", [.left("node")], rows: [[.text("a")]])),
            .table(Table("outputs", [.left("node")], rows: [])),
        ])
        #expect(
            output.rendered(as: .csv, command: "test")
                == "key,value\r\nnode,3/4@5\r\n\r\ntable,node\r\ninputs,a\r\n\r\ntable,node\r\n")
    }

    @Test func `a transcript leaves out what differs from run to run`() {
        let output = Output([.volatile("seconds", "time", .seconds(0.5)), .fact("nodes", "nodes", .integer(5))])
        #expect(output.rendered(as: .table, command: "test", style: .transcript) == "time   -\nnodes  5\n")
        #expect(output.rendered(as: .json, command: "test", style: .transcript) == "{\"command\":\"test\",\"seconds\":null,\"nodes\":5}\n")
    }

    @Test func `a narrow terminal cuts text and no number, and wraps what still does not fit`() {
        let table = Table(
            "t", [.name("feature"), .left("token"), .right("weight"), .left("raises")],
            rows: [[.text("3/412@9"), .quoted(" Austin"), .number(0.123456, .decimals(4)), .text("abcdefghijkl")]])
        func rendered(_ width: Int) -> String {
            Output([.table(table)]).rendered(as: .table, command: "test", style: RenderingStyle(width: width)).raw
        }
        #expect(rendered(37) == "feature  token      weight  raises\n3/412@9  \" Austin\"  0.1235  abcdefgh…\n")
        #expect(rendered(33) == "feature  token     weight  raises\n3/412@9  \" Austi…  0.1235  abcde…\n", "tokens last")
        #expect(
            rendered(20)
                == "feature  token\n    weight\n    raises\n3/412@9  \" Austin\"\n    0.1235\n    abcdefghijkl\n")
    }

    @Test func `a small probability has an exponent, and stands at the right edge`() {
        let table = Table(
            "t", [.probability("p"), .right("change")],
            rows: ([(0.99385, 0.9938), (0.00312, -0.00312), (0.000996, 0.000996), (0.00099, -0.00099), (1.04e-5, 2e-9), (0, 0)] as [(Float, Float)])
                .map { [.probability($0), .probabilityChange($1)] })
        let output = Output([.table(table)])
        #expect(
            output.rendered(as: .table, command: "test") == """
                      p    change
                 0.9938   +0.9938
                 0.0031   -0.0031
                 0.0010   +0.0010
                9.9e-04  -9.9e-04
                1.0e-05  +2.0e-09
                      0         0

                """)
        #expect(
            output.rendered(as: .md, command: "test").raw.hasPrefix(
                "| p | change |\n| ---: | ---: |\n| 0.9938 | +0.9938 |\n| 0.0031 | -0.0031 |\n| 0.0010 | +0.0010 |\n| 9.9e-04 | -9.9e-04 |\n"))
        #expect(output.rendered(as: .csv, command: "test").raw.hasPrefix("p,change\r\n0.99385,0.9938\r\n0.00312,-0.00312\r\n0.000996,0.000996\r\n"))
    }

    /// Of a table with a probability and a change.
    private func bars(_ style: RenderingStyle) -> String {
        let table = Table(
            "t", [.left("token"), .probability("p"), .change("change")],
            rows: [
                [.quoted(" Austin"), .probability(1), .logitChange(-4)], [.quoted(" Texas"), .probability(0.33), .logitChange(2)],
                [.quoted(" CA"), .probability(1e-5), .none],
            ])
        return Output([.table(table)]).rendered(as: .table, command: "test", style: style).raw
    }

    @Test func `bars fill what room numbers and names leave, and go first`() {
        #expect(
            bars(RenderingStyle(width: 50)) == """
                token            p              change
                " Austin"   1.0000  ██████████  -4.000  ████│
                " Texas"    0.3300  ███▎        +2.000      │██
                " CA"      1.0e-05                   -

                """)
        #expect(
            bars(RenderingStyle(width: 40)) == """
                token            p         change
                " Austin"   1.0000  █████  -4.000  ██│
                " Texas"    0.3300  █▋     +2.000    │█
                " CA"      1.0e-05              -

                """)
        let bare = """
            token            p  change
            " Austin"   1.0000  -4.000
            " Texas"    0.3300  +2.000
            " CA"      1.0e-05       -

            """
        #expect(bars(RenderingStyle(width: 39)) == bare, "no bar is shorter than five columns")
        #expect(bars(.plain) == bare)
        #expect(bars(.transcript) == bare)
    }

    @Test func `bars are of ASCII where the terminal is, and coloured by their sign`() {
        #expect(
            bars(RenderingStyle(width: 50, glyphs: .ascii)) == """
                token            p              change
                " Austin"   1.0000  ##########  -4.000  ####|
                " Texas"    0.3300  ###         +2.000      |##
                " CA"      1.0e-05                   -

                """)
        #expect(
            bars(RenderingStyle(width: 40, palette: .ansi)) == """
                \u{1B}[2mtoken            p         change\u{1B}[0m
                " Austin"   1.0000  \u{1B}[36m█████\u{1B}[0m  -4.000  \u{1B}[31m██│\u{1B}[0m
                " Texas"    0.3300  \u{1B}[36m█▋   \u{1B}[0m  +2.000  \u{1B}[32m  │█\u{1B}[0m
                " CA"      1.0e-05  \u{1B}[36m     \u{1B}[0m       -

                """)
    }

    private let shaded = ShadedText(["<s>", "Fact", ":", " the", " capital", " of", " Dallas", "\n"], values: [0, 0, 0, 0.5, 0, -1, 4, 2])

    @Test func `tokens are shaded by their strength, and drawn as a curve`() {
        let output = Output([.shaded(shaded)])
        #expect(output.rendered(as: .table, command: "feature") == "<s>Fact: the capital of Dallas\\n\n\ntoken by token  ···▁·▂█▄\n")
        #expect(
            output.rendered(as: .table, command: "feature", style: RenderingStyle(palette: .manyColours, glyphs: .ascii))
                == "<s>Fact:\u{1B}[38;5;16;48;5;230m the\u{1B}[0m capital\u{1B}[38;5;16;48;5;223m of\u{1B}[0m\u{1B}[38;5;16;48;5;202m Dallas\u{1B}[0m\u{1B}[38;5;16;48;5;216m\\n\u{1B}[0m\n\ntoken by token  ...:.-@+\n"
        )
        #expect(
            output.rendered(as: .table, command: "feature", style: RenderingStyle(palette: .ansi)).raw.hasPrefix(
                "<s>Fact:\u{1B}[4m the\u{1B}[0m capital\u{1B}[4m of\u{1B}[0m\u{1B}[1;4m Dallas\u{1B}[0m\u{1B}[1;4m\\n\u{1B}[0m\n"))
    }

    @Test func `on a narrow terminal the text has lines, and several tokens share a character of the curve`() {
        #expect(
            Output([.shaded(shaded)]).rendered(as: .table, command: "feature", style: RenderingStyle(width: 18)) == """
                <s>Fact: the
                capital of
                Dallas\\n

                by 2 tokens  ·▁▂█

                """)
    }

    @Test func `what is drawn for people is in no other format and in no transcript`() {
        let output = Output([.fact("feature", "feature", .text("0/1")), .shaded(shaded)])
        #expect(output.rendered(as: .json, command: "feature") == "{\"command\":\"feature\",\"feature\":\"0/1\"}\n")
        #expect(output.rendered(as: .csv, command: "feature") == "key,value\r\nfeature,0/1\r\n")
        #expect(output.rendered(as: .md, command: "feature") == "|  |  |\n| --- | --- |\n| feature | 0/1 |\n\n")
        #expect(output.rendered(as: .table, command: "feature", style: .transcript) == "feature  0/1\n")
    }

    @Test func `a page is of eighty columns where no terminal is`() {
        let words = Array(repeating: "word", count: 20).joined(separator: " ")
        let output = Output([.page(key: "text", Page([.paragraph(words)]))])
        let lines = Array(repeating: "word", count: 16).joined(separator: " ") + "\nword word word word"
        #expect(output.rendered(as: .table, command: "help") == TerminalText(lines: lines + "\n"))
        #expect(output.rendered(as: .table, command: "help", style: RenderingStyle(width: 120)) == TerminalText(lines: words + "\n"))
        #expect(output.rendered(as: .md, command: "help") == TerminalText(lines: lines + "\n\n"))
        #expect(output.rendered(as: .json, command: "help").raw == "{\"command\":\"help\",\"text\":\(JSONText.quoted(lines))}\n")
    }

    @Test(arguments: [
        ("a bb ccc", 4, ["a bb", "  ccc"]), ("  indented words", 10, ["  indented", "  words"]), ("abcdefgh ij", 4, ["abcdefgh", "  ij"]),
        (#"say " Austin" twice"#, 8, [#"say"#, #"  " Austin""#, "  twice"]), ("a [b c] d", 4, ["a", "  [b c]", "  d"]),
        ("[ is not closed in this array of many words", 20, ["[ is not closed in this array of", "  many words"]), ("two  spaces", 40, ["two  spaces"]),
        ("", 4, [""]), ("大大 大", 5, ["大大", "  大"]),
    ])
    func `words flow into lines`(_ text: String, _ width: Int, _ lines: [String]) { #expect(text.wrapped(toWidth: width, indentation: "  ") == lines) }

    @Test func `errors flow into a terminal's width, and the part in question stays in sight`() {
        let line = "probs " + String(repeating: "x", count: 60) + " Austin " + String(repeating: "y", count: 60)
        let start = line.index(line.startIndex, offsetBy: 67)
        let error = ConsoleError(
            "A token is written in double quotes or as #ID", at: start..<line.index(start, offsetBy: 6), suggestion: #"" Austin""#,
            advice: "most tokens begin with a space; `tokens` and `top` show how they are spelled")
        let diagnostic = Diagnostic(error: error, line: SourceLine(line))
        #expect(
            diagnostic.rendered(width: 40) == #"""
                error: A token is written in double
                  quotes or as #ID. Did you mean
                  " Austin"?
                  …xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx Austin
                                                  ^~~~~~
                  (most tokens begin with a space;
                   `tokens` and `top` show how they are
                   spelled)

                """#)
        #expect(
            diagnostic.rendered(palette: .ansi, width: 400).raw.hasPrefix(
                "\u{1B}[1;31merror:\u{1B}[0m A token is written in double quotes or as #ID. Did you mean \" Austin\"?\n"))
        #expect(diagnostic.rendered().raw.hasPrefix("error: A token is written in double quotes or as #ID. Did you mean \" Austin\"?\n"))
    }

    @Test func `md and csv have no bars`() {
        let table = Output([.table(Table("t", [.probability("p")], rows: [[.probability(1)]]))])
        #expect(table.rendered(as: .md, command: "test", style: RenderingStyle(width: 80)) == "| p |\n| ---: |\n| 1.0000 |\n\n")
        #expect(table.rendered(as: .csv, command: "test", style: RenderingStyle(width: 80)) == "p\r\n1.0\r\n")
        #expect(table.rendered(as: .json, command: "test", style: RenderingStyle(width: 80)) == "{\"command\":\"test\",\"t\":[{\"p\":1.0}]}\n")
    }

    @Test func `what a fact says goes on below, and no name is cut`() {
        let output = Output([
            .fact("kind", "kind", .text("per-layer transcoders")), .fact("folder", "folder", .text("/a/folder/with/a/long/name")),
            .fact("prompt", "prompt", .quoted("a text of several words")), .fact("nodes", "nodes", .integer(123_456_789)),
        ])
        #expect(
            output.rendered(as: .table, command: "status", style: RenderingStyle(width: 20)) == """
                kind    per-layer
                        transcoders
                folder  /a/folder/with/a/long/name
                prompt  "a text of several words"
                nodes   123456789

                """)
    }

    @Test func `lines are cut only to a terminal's width`() {
        let table = Output([.table(Table("t", [.left("name")], rows: [[.text(String(repeating: "x", count: 40))]]))])
        #expect(table.rendered(as: .table, command: "test", style: RenderingStyle(width: 10)) == "name\nxxxxxxxxx…\n")
        #expect(table.rendered(as: .table, command: "test") == "name\n\(String(repeating: "x", count: 40))\n")
    }

    @Test func `what a terminal would act on is escaped`() {
        #expect(Value.text("a\u{1B}[31mb\u{202E}\"").text == #"a\u001b[31mb\u202e""#)
        #expect(Value.quoted("a\u{1B}\"").text == #""a\u001b\"""#)
    }

    @Test func `the changed end of a text is marked`() {
        let value = Value.marked(shared: " the", changed: " capital")
        #expect(value.text == #"" the[ capital]""#)
        #expect(value.json == #"" the capital""#)
    }

    @Test func `an empty table says so`() {
        #expect(Output([.table(Table("t", title: "rows", [.left("a")], rows: []))]).rendered(as: .table, command: "x") == "rows\n(none)\n")
    }

    @Test(arguments: [
        (0.04, "40 ms"), (0.5, "0.5 s"), (59.94, "59.9 s"), (125, "2 min 05 s"), (3600, "1 h 00 min"), (7500, "2 h 05 min"), (93_784, "1 d 2 h"),
    ])
    func `times read well`(_ seconds: Double, _ text: String) { #expect(timeText(seconds) == text) }

    @Test(arguments: [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (24_100_000, "24.1 MB"), (.max, "9223372.0 TB")])
    func `bytes read well`(_ count: Int, _ text: String) { #expect(byteText(count) == text) }

    @Test func `folders and paths stay out of transcripts`() {
        func output(_ name: String) -> Output {
            Output([
                .loaded("model", "model", name), .table(Table("t", [.left("name"), .volatile("folder")], rows: [[.text("a"), .text("/b")]])),
            ])
        }
        #expect(
            output("/home/me/model").rendered(as: .table, command: "test", style: .transcript)
                == "model  -\n\nname  folder\na     -\n")
        #expect(output("org/model").rendered(as: .csv, command: "test", style: .transcript).raw.hasPrefix("key,value\r\nmodel,org/model\r\n"))
    }

    @Test func `minus zero is zero`() {
        #expect(NumberStyle.significant(4).text(-0.0) == "0")
        #expect(NumberStyle.significant(4).text(-1e-20) == "-1e-20")
        #expect(Value.activation(-0.0).json == "0.0")
        #expect(NumberStyle.decimals(2).text(-0.001) == "0.00")
        #expect(NumberStyle.signedDecimals(2).text(-0.001) == "0.00")
        #expect(NumberStyle.signedDecimals(2).text(1) == "+1.00")
    }

    @Test(arguments: [("abc", 3), ("大", 2), ("e\u{301}", 1), ("👩‍👩‍👧", 2), ("❤️", 2), ("ｱ", 1), ("", 0), ("한", 2)])
    func `width counts columns`(_ text: String, _ width: Int) { #expect(text.displayWidth == width) }
}
