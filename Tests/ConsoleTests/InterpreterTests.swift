#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif
import TestSupport
import Testing

@testable import Console
@testable import Workbench

@Suite struct ConsoleTests {
    private func run(_ lines: [String], keepsGoing: Bool = false) async throws -> (status: ConsoleStatus, screen: Screen) {
        try await onThread {
            let screen = Screen()
            let console = testConsole(screen: screen)
            var source = ListedLines(text: lines.joined(separator: "\n"))
            return (console.loop(sourceName: "test.ct", keepsGoing: keepsGoing).run(&source), screen)
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let lines: [String]
        var keepsGoing = false
        let status: ConsoleStatus
        let data: String
        var testDescription: String { lines.joined(separator: "; ") }
    }

    @Test(arguments: [
        Case(lines: ["echo a", "", "  # a comment", "echo b"], status: .success, data: "a\nb\n"),
        Case(lines: ["echo a", "fail", "echo b"], status: .failure, data: "a\n"),
        Case(lines: ["fail", "doubt", "echo b"], keepsGoing: true, status: .failure, data: "FAILED  it is 2\nb\n"),
        Case(lines: ["doubt", "fail", "echo b"], keepsGoing: true, status: .expectation, data: "FAILED  it is 2\nb\n"),
        Case(lines: ["doubt", "echo b"], status: .expectation, data: "FAILED  it is 2\n"),
        Case(lines: ["stop", "echo b"], keepsGoing: true, status: .interrupted, data: ""),
        Case(lines: ["quit", "echo b"], status: .success, data: ""),
        Case(lines: ["nonsense"], status: .failure, data: ""),
    ])
    func `a script stops at what goes wrong, and its status says what`(_ test: Case) async throws {
        let (status, screen) = try await run(test.lines, keepsGoing: test.keepsGoing)
        #expect(status == test.status)
        #expect(screen.data == test.data)
    }

    @Test func `what to type next is for somebody who types`() async throws {
        func messages(givesHints: Bool, source: String?) async throws -> String {
            try await onThread {
                let screen = Screen()
                let console = testConsole(screen: screen)
                console.givesHints = givesHints
                _ = console.run(SourceLine("advise", source: source))
                #expect(screen.data == "done\n")
                return screen.messages
            }
        }
        #expect(try await messages(givesHints: true, source: nil) == "Next: `echo` prints a line.\n")
        #expect(try await messages(givesHints: true, source: "a.ct") == "", "a file that is sourced at a terminal")
        #expect(try await messages(givesHints: false, source: nil) == "")
    }

    @Test func `errors go the other way, with file, line and word`() async throws {
        let (_, screen) = try await run(["echo a", "number  x"])
        #expect(
            screen.messages == """
                test.ct:2: error: x is not a number; a number is needed here.
                  number  x
                          ^
                  (`help number` says how it is written)

                """)
    }

    @Test func `a session's error underlines its word`() async throws {
        #expect(
            try await run(["fail"]).screen.messages == """
                test.ct:1: error: it is broken.

                """)
        let line = SourceLine("edges 3/4@9 5")
        let error = SessionError("There is no node 3/4@9", word: "3/4@9", suggestion: "3/5@9")
        let converted = Interpreter.consoleError(from: error, in: line.text, command: nil)
        #expect(
            Diagnostic(error: converted, line: line).rendered() == """
                error: There is no node 3/4@9. Did you mean 3/5@9?
                  edges 3/4@9 5
                        ^~~~~

                """)
    }

    @Test func `a failed expectation is told on both`() async throws {
        let screen = try await run(["doubt"]).screen
        #expect(screen.data == "FAILED  it is 2\n")
        #expect(screen.messages == "test.ct:1: error: The expectation does not hold.\n")
    }

    @Test(arguments: [
        (
            Case(lines: ["interrupt", "echo b"], keepsGoing: true, status: .interrupted, data: "done\n"),
            "interrupted after test.ct:1; 1 command has taken effect\n"
        ),
        (
            Case(lines: ["echo a", "# c", "interrupt"], status: .interrupted, data: "a\ndone\n"),
            "interrupted after test.ct:3; 2 commands have taken effect\n"
        ),
        (Case(lines: ["stop"], status: .interrupted, data: ""), "interrupted at test.ct:1, which changed nothing\n"),
        (
            Case(lines: ["echo a", "", "stop", "echo b"], status: .interrupted, data: "a\n"),
            "interrupted at test.ct:3, which changed nothing; the command before it has taken effect\n"
        ),
    ])
    func `a Ctrl-C ends the script, and says where and what stays`(_ test: Case, _ message: String) async throws {
        let (status, screen) = try await run(test.lines, keepsGoing: test.keepsGoing)
        #expect(status == test.status)
        #expect(screen.data == test.data)
        #expect(screen.messages == message)
    }

    @Test func `a Ctrl-C ends the file that is sourced, and the one that sources it`() async throws {
        try await withTemporaryFolder { folder in
            try Files.replace(folder + "/a.ct", with: "interrupt\necho a\n")
            let (status, screen) = try await run(["source \(folder)/a.ct", "echo b"])
            #expect(status == .interrupted)
            #expect(screen.data == "done\n")
            #expect(
                screen.messages == """
                    interrupted after \(folder)/a.ct:1; 1 command has taken effect
                    stopped at test.ct:1; the command before it has taken effect

                    """)

            try Files.replace(folder + "/b.ct", with: "echo a\nstop\n")
            #expect(
                try await run(["echo a", "source \(folder)/b.ct"]).screen.messages == """
                    interrupted at \(folder)/b.ct:2, which changed nothing; the 2 commands before it have taken effect
                    stopped at test.ct:2; the 2 commands before it have taken effect

                    """)
        }
    }

    @Test func `a line that is no text is an error that names it`() async throws {
        let screen = Screen()
        let status = try await onThread {
            var source = ListedLines(bytes: Array("echo a\n".utf8) + [0xC3, 0x28, 10] + Array("echo b\n".utf8))
            return testConsole(screen: screen).loop(sourceName: "f", keepsGoing: true).run(&source)
        }
        #expect(status == .failure)
        #expect(screen.data == "a\nb\n")
        #expect(screen.messages == "f:2: error: The line is not UTF-8 text.\n")
    }

    @Test func `drawing needs a temperature`() async throws {
        let screen = Screen()
        _ = try await onThread { testConsole([.generate], screen: screen).execute(SourceLine("generate 5 --seed 3")) }
        #expect(
            screen.messages == """
                error: --seed needs --temperature above 0.
                  generate 5 --seed 3
                                    ^
                  (without it, the most likely token is taken each time)

                """)
    }

    @Test func `interruption says that nothing was changed`() async throws {
        let screen = Screen()
        _ = try await onThread { testConsole(screen: screen).execute(SourceLine("stop")) }
        #expect(screen.messages == "interrupted; nothing was changed\n")
    }

    @Test func `format holds for all commands and errors, whose text is shown, too`() async throws {
        let (_, screen) = try await run(["format json", "number 2", "echo x", "format", "fail"])
        #expect(
            screen.data == """
                {"command":"number","number":2.0,"seconds":1.5}
                {"command":"echo","text":"x"}
                {"command":"format","format":"json"}
                {"command":"fail","error":{"message":"it is broken","suggestion":null,"advice":null,"word":null,"place":"test.ct:5"}}

                """)
        #expect(screen.messages == "test.ct:5: error: it is broken.\n")
    }

    @Test func `an error's object has the word in question and what to do`() {
        let screen = Screen()
        let console = testConsole(screen: screen)
        for line in ["format json", "nubmer 3", "number x"] { _ = console.execute(SourceLine(line)) }
        #expect(
            screen.data == """
                {"command":null,"error":{"message":"There is no command \\"nubmer\\"","suggestion":"number","advice":"`help` lists the commands","word":"nubmer","place":null}}
                {"command":"number","error":{"message":"x is not a number; a number is needed here","suggestion":null,"advice":"`help number` says how it is written","word":"x","place":null}}

                """)
    }

    @Test(arguments: [(EPIPE, ConsoleStatus.success, ""), (ENOSPC, .failure, "error: The output cannot be written: No space left on device.\n")])
    func `a reader that went away is no error, a full disk is`(_ code: Int32, _ status: ConsoleStatus, _ message: String) {
        let screen = Screen()
        let printer = Printer(data: { _ in SystemFailure(code: code) }, message: screen.printer.message)
        let console = Interpreter(
            table: CommandTable(commands: testCommands), session: Session(), makeSession: { _ in .unavailable("") },
            printer: printer, waiter: Waiter(wakeupPipe: WakeupPipe()))
        #expect(console.execute(SourceLine("echo a")) == status)
        #expect(console.isFinished)
        #expect(screen.messages == message)
    }

    @Test func `timing prints a time after each command`() async throws {
        let (_, screen) = try await run(["timing on", "echo a", "timing off", "echo b"])
        #expect(screen.data == "a\nb\n")
        #expect(screen.messages.split(separator: "\n").count == 2)
        #expect(screen.messages.split(separator: "\n").allSatisfy { $0.hasPrefix("time: ") })
    }

    @Test func `source runs a file, and a file that sources itself ends`() async throws {
        try await withTemporaryFolder { folder in
            try Files.replace(folder + "/a.ct", with: "echo a\r\nfail\r\n")
            let (status, screen) = try await run(["source \(folder)/a.ct", "echo b"])
            #expect(status == .failure)
            #expect(screen.data == "a\n")
            #expect(screen.messages == "\(folder)/a.ct:2: error: it is broken.\n")

            try Files.replace(folder + "/b.ct", with: "source \(folder)/b.ct\n")
            #expect(try await run(["source \(folder)/b.ct"]).screen.messages.hasSuffix("error: \(folder)/b.ct would be read 16 files deep.\n"))
            #expect(
                try await run(["source \(folder)/none"]).screen.messages.hasPrefix(
                    "test.ct:1: error: \(folder)/none cannot be read: No such file or directory.\n"))
        }
    }

    @Test func `a recording goes into a new file only`() async throws {
        try await withTemporaryFolder { folder in
            try Files.replace(folder + "/t", with: "somebody's work\n")
            #expect(try await run(["record \(folder)/t"]).screen.messages.hasPrefix("test.ct:1: error: \(folder)/t already exists.\n"))
            #expect(
                try await run(["record \(folder)/none/t"]).screen.messages.hasPrefix(
                    "test.ct:1: error: \(folder)/none/t cannot be created: No such file or directory.\n"))
            #expect(try text(ofFile: folder + "/t") == "somebody's work\n")
        }
    }

    @Test func `three quotes take lines up to the next three`() {
        var source = ListedLines(text: "prompt \"\"\"\na\n b\"\"\"\nx")
        let (_, seen) = executed(&source)
        #expect(seen == [SourceLine("prompt \"\"\"\na\n b\"\"\"", source: "f", number: 1), SourceLine("x", source: "f", number: 4)])
    }

    @Test(arguments: [
        ("prompt a b", "a b"), ("prompt  a ", " a "), (#"prompt "a\n\"""#, "a\n\""), ("prompt \"\"\"\na\\n\nb\n\"\"\"", "a\\n\nb"),
        ("prompt \"\"\"a\"b\"\"\"", "a\"b"), ("prompt", ""), (#"prompt """#, ""),
    ])
    func `a prompt's text is taken as it stands, or as a JSON string`(_ line: String, _ text: String) throws {
        let name = TypedLine.name(in: line)!
        let arguments = try Arguments(line, after: name.upperBound, for: .prompt)
        #expect(try PromptText.read(arguments.rawText) == text)
    }

    @Test func `the prompt line shows model and interventions`() {
        #expect(Interpreter.prompt(model: "atlas", interventions: 0, palette: .plain) == "atlas> ")
        #expect(Interpreter.prompt(model: "atlas", interventions: 2, palette: .plain) == "atlas [2]> ")
        #expect(Interpreter.prompt(model: nil, interventions: 0, palette: .plain) == "no model> ")
        #expect(
            Interpreter.prompt(model: "atlas", interventions: 2, palette: .ansi)
                == "\u{1}\u{1B}[1m\u{2}atlas\u{1}\u{1B}[0m\u{2} \u{1}\u{1B}[33m\u{2}[2]\u{1}\u{1B}[0m\u{2}> ")
    }

    @Test func `people go on after errors and Ctrl-C`() {
        struct Typing: LineSource {
            var reads: [LineRead] = [.signal(2), .line("bad"), .line("good"), .end]
            mutating func next(prompt: String) -> LineRead { reads.removeFirst() }
        }
        var typing = Typing()
        var seen: [String] = []
        let loop = CommandLoop(
            sourceName: nil, isInteractive: true, prompt: { "> " },
            execute: { line in
                seen.append(line.text)
                return line.text == "bad" ? .failure : .success
            }, isFinished: { false })
        #expect(loop.run(&typing) == .success)
        #expect(seen == ["bad", "good"])
    }
}
