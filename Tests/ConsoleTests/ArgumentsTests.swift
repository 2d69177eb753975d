import Testing

@testable import Console

@Suite struct ArgumentsTests {
    private static func parse(_ line: String) throws(ConsoleError) -> Arguments {
        let name = TypedLine.name(in: line)!
        let command = try CommandTable.standard.command(named: String(line[name]), at: name)
        return try Arguments(line, after: name.upperBound, for: command)
    }

    @Test(arguments: ["features 5 --layer 3 --by=direct", "features --layer=3 5 --by direct", "features --la 3 --b direct 5"])
    func `options may stand anywhere, be joined and be shortened`(_ line: String) throws {
        let arguments = try Self.parse(line)
        #expect(arguments.positionals.map(\.text) == ["5"])
        #expect(arguments.option("--layer")?.text == "3")
        #expect(arguments.option("--by")?.text == "direct")
        #expect(arguments.option("--position") == nil)
    }

    @Test func `an option may take many words`() throws {
        let arguments = try Self.parse(#"attribute --target " a" #5 " b" --batch-size 8"#)
        #expect(arguments.values(of: "--target").map(\.text) == [" a", "#5", " b"])
        #expect(arguments.option("--batch-size")?.text == "8")
    }

    @Test func `a negative number is a value, not an option`() throws {
        #expect(try Self.parse("features --position -1").option("--position")?.text == "-1")
    }

    @Test func `the raw line stays as it is`() throws {
        #expect(try Self.parse("prompt  a  \"b ").rawText == " a  \"b ")
        #expect(try Self.parse("echo").rawText == "")
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let line: String
        let message: String
        var testDescription: String { line }
    }

    @Test(arguments: [
        Mistake(
            line: "features --laier 3",
            message: """
                error: There is no option --laier here. Did you mean --layer?
                  features --laier 3
                           ^~~~~~~
                  (options: --layer, --position, --by)

                """),
        Mistake(
            line: "generate --top 3",
            message: """
                error: --top could be any of --top-k, --top-p.
                  generate --top 3
                           ^~~~~

                """),
        Mistake(
            line: "tokens --all",
            message: """
                error: There is no option --all here.
                  tokens --all
                         ^~~~~
                  (this command takes no options)

                """),
        Mistake(
            line: "features --layer",
            message: """
                error: --layer needs its value L.
                  features --layer
                           ^~~~~~~

                """),
        Mistake(
            line: "features --layer=",
            message: """
                error: --layer needs its value L.
                  features --layer=
                           ^~~~~~~

                """),
        Mistake(
            line: "features --layer 1 --layer 2",
            message: """
                error: --layer is given twice.
                  features --layer 1 --layer 2
                                     ^~~~~~~

                """),
        Mistake(
            line: "replay a.txt --update=yes",
            message: """
                error: --update takes no value.
                  replay a.txt --update=yes
                                        ^~~

                """),
        Mistake(
            line: "status 3",
            message: """
                error: status takes no arguments.
                  status 3
                         ^
                  (usage: status)

                """),
    ])
    func `mistakes say what is taken`(_ test: Mistake) {
        #expect(diagnosis(of: test.line) { _ = try Self.parse(test.line) } == test.message)
    }
}
