import Foundation
import TestSupport
import Testing

@testable import Console
@testable import Workbench

@Suite struct RedirectionTests {
    private static let table = Command(
        "table", summary: "Shows a table", detail: "",
        action: .console { _, _ in
            Output(
                [
                    .fact("count", "count", .integer(2)),
                    .table(Table("rows", [.left("token"), .right("value")], rows: [[.quoted(" a"), .integer(1)], [.quoted("b,"), .integer(2)]])),
                ], notices: ["two rows"])
        })

    private static let commands = testCommands + [table, .prompt, .foreach]

    private func run(_ lines: [String], isReplaying: Bool = false) -> (screen: Screen, statuses: [ConsoleStatus]) {
        let screen = Screen()
        let console = testConsole(Self.commands, screen: screen, isReplaying: isReplaying)
        return (screen, lines.map { console.execute(SourceLine($0)) })
    }

    private struct Split: Equatable {
        let line: String
        let target: Redirection.Target?

        init(_ line: String, _ target: Redirection.Target?) {
            (self.line, self.target) = (line, target)
        }
    }

    private func split(_ line: String) throws -> Split {
        let name = try #require(TypedLine.name(in: line))
        let command = try CommandTable(commands: Self.commands).command(named: String(line[name]), at: name)
        let (text, redirection) = try Redirection.split(line, of: command, after: name.upperBound)
        return Split(text, redirection?.target)
    }

    @Test func `signs count as words of their own outside quotes`() throws {
        #expect(try split("table > a.csv") == Split("table ", .file("a.csv", appends: false)))
        #expect(try split(#"table >> "a b.csv""#) == Split("table ", .file("a b.csv", appends: true)))
        #expect(try split("table | sort -k 2 | head > x").target == .shell("sort -k 2 | head > x"))
        for line in ["table a>b", #"table ">" x"#, "echo a > b", "prompt 2 > 1 | x"] { #expect(try split(line) == Split(line, nil)) }
        #expect(try split(#"foreach "a" : table > rows.csv"#) == Split(#"foreach "a" : table "#, .file("rows.csv", appends: false)))
        #expect(try split("table > ~/x").target == .file(NSHomeDirectory() + "/x", appends: false))
    }

    @Test(arguments: [
        ("table >", "The name of a file should follow >."), ("table > a b", "Only one file can follow >."),
        ("table |", "A command for your shell should follow |."),
        ("table > /nowhere/a.csv", "/nowhere/a.csv cannot be written: No such file or directory."), ("table > /tmp", "/tmp cannot be written: Is a directory."),
        ("table | exit 3", "The shell's command ended with status 3."),
    ])
    func `what cannot be done is said`(_ line: String, _ sentence: String) {
        let (screen, statuses) = run([line])
        #expect(statuses == [.failure] && screen.data.isEmpty)
        #expect(screen.messages.split(separator: "\n").first { $0.hasPrefix("error") } == "error: \(sentence)")
    }

    @Test func `a file has the format of its ending, one table in csv, and notices are shown`() async throws {
        try await withTemporaryFolder { folder async throws in
            let (screen, statuses) = run(
                ["csv", "json", "md", "txt", "other"].map { "table > \(folder)/x.\($0)" } + ["format csv", "table > \(folder)/y.other"])
            #expect(statuses.allSatisfy { $0 == .success } && screen.data.isEmpty)
            #expect(screen.messages == String(repeating: "note: two rows\n", count: 6))
            let csv = "token,value\r\n\" a\",1\r\n\"b,\",2\r\n"
            for file in ["x.csv", "y.other"] { #expect(try text(ofFile: "\(folder)/\(file)") == csv) }
            #expect(
                try text(ofFile: folder + "/x.json")
                    == #"{"command":"table","count":2,"rows":[{"token":" a","value":1},{"token":"b,","value":2}]}"# + "\n")
            let table = "count  2\n\ntoken  value\n\" a\"       1\n\"b,\"       2\n"
            for file in ["x.txt", "x.other"] { #expect(try text(ofFile: "\(folder)/\(file)") == table) }
            #expect(try text(ofFile: folder + "/x.md").contains("| token | value |\n"))
        }
    }

    @Test func `what is added to a csv file has no second header, and a failure leaves the file`() async throws {
        try await withTemporaryFolder { folder async throws in
            let file = folder + "/x.csv"
            _ = run(["table >> \(file)", "table >> \(file)", "fail > \(file)"])
            #expect(try text(ofFile: file) == "token,value\r\n\" a\",1\r\n\"b,\",2\r\n\" a\",1\r\n\"b,\",2\r\n")
        }
    }

    @Test func `a shell's line reads the output`() async throws {
        try await withTemporaryFolder { folder async throws in
            let (_, statuses) = run(["table | tail -n 1 >'\(folder)/x'", "table | cat >/dev/null; exit 0"])
            #expect(statuses == [.success, .success])
            #expect(try text(ofFile: folder + "/x") == "\"b,\"       2\n")
        }
    }

    @Test func `an expectation that does not hold counts, wherever its output goes`() async throws {
        try await withTemporaryFolder { folder async throws in
            #expect(run(["doubt > \(folder)/x.txt"]).statuses == [.expectation])
            #expect(try text(ofFile: folder + "/x.txt") == "FAILED  it is 2\n")
        }
    }

    @Test func `a transcript cannot hold them`() async throws {
        try await withTemporaryFolder { folder async throws in
            let (screen, statuses) = run(["table > \(folder)/x.csv", "table | touch \(folder)/y"], isReplaying: true)
            #expect(statuses == [.failure, .failure])
            let errors = screen.messages.split(separator: "\n").filter { $0.hasPrefix("error") }
            #expect(errors == Array(repeating: "error: A transcript cannot write files or run programs.", count: 2))
            let files = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(files.isEmpty)
        }
        let transcript = try TranscriptParser.parse(bytes: Array("> table > x\n> table\n> table | y\n".utf8))
        #expect(transcript.commandsWithEffects(CommandTable(commands: Self.commands)) == ["table > x", "table | y"])
    }
}
