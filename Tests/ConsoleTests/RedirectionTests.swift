import Foundation
import TestSupport
import Testing

@testable import Console
@testable import Workbench

@Suite struct RedirectionTests {
    private static let table = Command(
        "table", summary: "Shows a table", detail: "", json: [Command.JSONKey("rows", "")],
        action: .console { _, _ in
            Output(
                [
                    .fact("count", "count", .integer(2)),
                    .table(Table("rows", [.left("token"), .right("value")], rows: [[.quoted(" a"), .integer(1)], [.quoted("b,"), .integer(2)]])),
                ], notices: ["two rows"])
        })

    private static let pair = Command(
        "pair", summary: "Shows a table alone", detail: "", json: [Command.JSONKey("pair", "")],
        action: .console { _, _ in Output([.table(Table("pair", [.left("a")], rows: [[.text("1")]]))]) })

    private static let commands = testCommands + [table, pair, .prompt, .foreach, .expect]

    @discardableResult private func run(_ lines: [String], isReplaying: Bool = false) async throws -> (screen: Screen, statuses: [ConsoleStatus]) {
        try await onThread {
            let screen = Screen()
            let console = testConsole(Self.commands, screen: screen, isReplaying: isReplaying)
            return (screen, lines.map { console.execute(SourceLine($0)) })
        }
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
        #expect(try split("table > a.csv") == Split("table", .file("a.csv", appends: false)))
        #expect(try split(#"table >> "a b.csv""#) == Split("table", .file("a b.csv", appends: true)))
        #expect(try split("table | sort -k 2 | head > x").target == .shell("sort -k 2 | head > x"))
        for line in ["table a>b", #"table ">" x"#, "echo a > b", "prompt 2 > 1 | x", "shell a > b | c", "!a > b", "! a | b", "expect top before \" >\" > 0.5"] {
            #expect(try split(line) == Split(line, nil))
        }
        #expect(try split(#"foreach "a" : table > rows.csv"#) == Split(#"foreach "a" : table"#, .file("rows.csv", appends: false)))
        #expect(try split("table > ~/x").target == .file(NSHomeDirectory() + "/x", appends: false))
    }

    @Test(arguments: [
        ("table >", "The name of a file should follow >."), ("table > a b", "Only one file can follow >."),
        ("table |", "A command for your shell should follow |."),
        ("table > /nowhere/a.csv", "/nowhere/a.csv cannot be written: No such file or directory."), ("table > /tmp", "/tmp cannot be written: it is a folder."),
        ("table > /dev/null", "/dev/null cannot be written: it is not a plain file."), ("timing on > a", "timing shows no data that could go elsewhere."),
        ("table | exit 3", "The shell's command ended with status 3."),
    ])
    func `what cannot be done is said`(_ line: String, _ sentence: String) async throws {
        let (screen, statuses) = try await run([line])
        #expect(statuses == [.failure] && screen.data.isEmpty)
        #expect(screen.messages.split(separator: "\n").first { $0.hasPrefix("error") } == "error: \(sentence)")
    }

    @Test func `a file has the format of its ending, one table in csv, and notices are shown`() async throws {
        try await withTemporaryFolder { folder async throws in
            let (screen, statuses) = try await run(
                ["csv", "json", "md", "txt", "other"].map { "table > \(folder)/x.\($0)" } + ["format csv", "table > \(folder)/y.other"])
            #expect(statuses.allSatisfy { $0 == .success } && screen.data.isEmpty)
            let csvOnly = "note: two rows\nnote: csv has one table, here `rows`; json has all that table shows.\n"
            #expect(screen.messages == csvOnly + String(repeating: "note: two rows\n", count: 4) + csvOnly)
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
            try await run(["table >> \(file)", "table >> \(file)", "fail > \(file)"])
            let rows = "\" a\",1\r\n\"b,\",2\r\n"
            #expect(try text(ofFile: file) == "token,value\r\n" + rows + rows)
            // Rows of another table are not mixed with these.
            let (screen, statuses) = try await run(["pair >> \(file)"])
            #expect(statuses == [.failure])
            #expect(screen.messages.hasPrefix("error: \(file) cannot be written: its columns are token,value, not those of this table.\n"))
            #expect(try text(ofFile: file) == "token,value\r\n" + rows + rows)
            // Somebody's editor has left out the last line feed.
            try Files.replace(file, with: "token,value\nx,1")
            try await run(["table >> \(file)"])
            #expect(try text(ofFile: file) == "token,value\nx,1\r\n" + rows)
        }
    }

    @Test func `a shell's line reads the output`() async throws {
        try await withTemporaryFolder { folder async throws in
            let (_, statuses) = try await run(["table | tail -n 1 >'\(folder)/x'", "table | cat >/dev/null; exit 0"])
            #expect(statuses == [.success, .success])
            #expect(try text(ofFile: folder + "/x") == "\"b,\"       2\n")
        }
    }

    @Test func `an expectation that does not hold counts, wherever its output goes`() async throws {
        try await withTemporaryFolder { folder async throws in
            #expect(try await run(["doubt > \(folder)/x.txt"]).statuses == [.expectation])
            #expect(try text(ofFile: folder + "/x.txt") == "FAILED  it is 2\n")
        }
    }

    @Test(arguments: [("table>x", "table>x"), ("table >x", ">x"), ("number 2 3|cat", "3|cat"), ("number 2 ; number 3", ";"), ("number 2;", "2;")])
    func `a sign that is not a word of its own, or separates commands, is said to be one`(_ line: String, _ word: String) async throws {
        let (screen, statuses) = try await run(["format json", line])
        #expect(statuses == [.success, .failure])
        let error = try #require(JSONSerialization.jsonObject(with: Data(screen.data.utf8)) as? [String: Any])["error"] as? [String: Any]
        #expect(error?["word"] as? String == word)
        #expect(
            error?["advice"] as? String
                == (word.hasSuffix(";")
                    ? "a line is one command; ; separates those after `foreach FILE :`"
                    : "> FILE, >> FILE and | LINE follow a command, with a space before and after the sign"))
    }

    @Test func `with format json a failure is an object, with what was shown where there is that`() async throws {
        let (screen, statuses) = try await run(["format json", "doubt", "fail", "nonsense", "table > /nowhere/a.json"])
        #expect(statuses == [.success, .expectation, .failure, .failure, .failure])
        func error(_ message: String, advice: String = "null", word: String = "null") -> String {
            #""error":{"message":\#(message),"suggestion":null,"advice":\#(advice),"word":\#(word),"place":null}}"#
        }
        #expect(
            screen.data.split(separator: "\n").map(String.init) == [
                #"{"command":"doubt","found":"it is 2",\#(error(#""The expectation does not hold""#))"#,
                #"{"command":"fail",\#(error(#""it is broken""#))"#,
                #"{"command":null,\#(error(#""There is no command \"nonsense\"""#, advice: #""`help` lists the commands""#, word: #""nonsense""#))"#,
                #"{"command":"table",\#(error(#""/nowhere/a.json cannot be written: No such file or directory""#, advice: #""`help table` says how it is written""#, word: #""> /nowhere/a.json""#))"#,
            ])
    }

    @Test func `a recording has the command without them, and what it shows`() async throws {
        try await withTemporaryFolder { folder async throws in
            try await run(["record \(folder)/t", "table > \(folder)/x.csv", "table | false", "table >", "record off"])
            let recorded = try text(ofFile: folder + "/t")
            let step = "> table\ncount  2\n\ntoken  value\n\" a\"       1\n\"b,\"       2\n\n"
            #expect(recorded.hasSuffix("absolute\n\n" + step + step + "> table >\nerror: The name of a file should follow >.\n\n"))
        }
    }

    @Test func `a transcript cannot hold them`() async throws {
        try await withTemporaryFolder { folder async throws in
            let (screen, statuses) = try await run(["table > \(folder)/x.csv", "table | touch \(folder)/y"], isReplaying: true)
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
