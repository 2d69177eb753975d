import Synchronization
import TestSupport
import Testing

@testable import Console
@testable import Workbench

@Suite struct ReplayTests {
    /// Replays in a console whose commands need no model.
    private func replay(_ text: String) throws -> TranscriptReplay {
        let console = testConsole(screen: Screen(), isReplaying: true)
        return TranscriptReplay(try TranscriptParser.parse(text), name: "t.txt", run: console.run)
    }

    /// The file after an update.
    private func updated(_ text: String) throws -> String {
        var file = TranscriptFile(bytes: Array(text.utf8))
        file.update(from: try TranscriptParser.parse(text), to: try replay(text).updated)
        return String(decoding: file.bytes, as: UTF8.self)
    }

    @Test func `what is within the tolerance passes and stays as it is`() throws {
        let text = "> number 2.0001\nnumber  2.0000\ntime    -\n\n> echo a\na\n"
        let replay = try replay(text)
        #expect(replay.mismatches.isEmpty)
        #expect(replay.commands == 2)
        #expect(try updated(text) == text)
    }

    @Test func `what differs is shown and updated, comments and layout kept`() throws {
        let text = "# c\n> number 3\nnumber  2.0000\ntime    -\n\n# d\n> echo a\nb\n\n> echo > x\n"
        let replay = try replay(text)
        #expect(
            replay.mismatches == [
                .init(line: 2, command: "number 3", difference: ["-number  2.0000", "+number  3.0000", " time    -"]),
                .init(line: 7, command: "echo a", difference: ["-b", "+a"]),
                .init(line: 10, command: "echo > x", difference: ["+> x"]),
            ])
        #expect(try updated(text) == "# c\n> number 3\nnumber  3.0000\ntime    -\n\n# d\n> echo a\na\n\n> echo > x\n\\> x\n")
    }

    @Test(arguments: [
        // Of what differs, the lines end as the command's does; all else stays, byte by byte.
        (
            "\u{FEFF}# c\r\n>  number 3\r\nnumber  2.0000\r\ntime    -\r\n\r\n> echo a\r\na\r\n",
            "\u{FEFF}# c\r\n>  number 3\r\nnumber  3.0000\r\ntime    -\r\n\r\n> echo a\r\na\r\n"
        ),
        ("> echo a\r\na\n> echo b\nc\r\n\n> echo d\ne", "> echo a\r\na\n> echo b\nb\n\n> echo d\nd\n"),
        ("# c\r\n> echo a", "# c\r\n> echo a\r\na\r\n"), ("> echo a", "> echo a\na\n"),
        ("> echo a\r\nb\r\nc\r\n\r\n\r\n# d", "> echo a\r\na\r\n\r\n\r\n# d"),
    ]) func `an update keeps line ends and what else does not differ`(_ text: String, _ expected: String) throws {
        #expect(try Array(updated(text).utf8) == Array(expected.utf8))
        #expect(try Array(updated(expected).utf8) == Array(expected.utf8))
    }

    @Test func `an update goes through a link and keeps permissions`() async throws {
        try await withTemporaryFolder { folder in
            try Files.replace(folder + "/real", with: "> echo a\nb\n", mode: 0o640)
            #expect(makeLink(folder + "/link", to: "real"))
            let status = try await onThread {
                var run = Self.run(Screen(), updates: true)
                return run.replay(["\(folder)/link"])
            }
            #expect(status == .success)
            #expect(try text(ofFile: folder + "/real") == "> echo a\na\n" && mode(of: folder + "/real") == 0o640)
            #expect(isLink(folder + "/link"))
        }
    }

    @Test func `a transcript without commands has not passed`() async throws {
        try await withTemporaryFolder { folder in
            for (name, text) in [("empty", ""), ("comments", "# needs gemma\n\n# a story\n"), ("mark", "\u{FEFF}")] {
                try Files.replace("\(folder)/\(name)", with: text)
                let screen = Screen()
                let status = try await onThread {
                    var run = Self.run(screen)
                    return run.replay(["\(folder)/\(name)"])
                }
                #expect(status == .usage)
                #expect(
                    screen.data
                        == "FAIL  \(folder)/\(name): it holds no commands, whose lines begin with \"> \"; was it cut off?\n0 passed, 1 failed, 0 skipped\n")
            }
        }
    }

    @Test func `an error is output, and an expectation that fails always counts`() throws {
        #expect(try replay("> fail\nerror: it is broken.\n").mismatches.isEmpty)
        #expect(try replay("> doubt\nFAILED  it is 2\n").mismatches.map(\.line) == [1])
    }

    @Test func `what nobody has run yet is only compared where there is an output, and an update records the rest`() throws {
        let text = "# unverified\n> number 3\n\n> echo a\nb\n\n> fail\n\n> doubt\n\n> echo c\nc\n"
        let replay = try replay(text)
        #expect(replay.mismatches.map(\.command) == ["echo a", "fail", "doubt"] && replay.commands == 5 && replay.uncompared == 1)
        #expect(
            try updated(text)
                == "# unverified\n> number 3\nnumber  3.0000\ntime    -\n\n> echo a\na\n\n> fail\nerror: it is broken.\n\n> doubt\nFAILED  it is 2\n\n> echo c\nc\n"
        )
        #expect(try self.replay("> number 3\n").mismatches.map(\.command) == ["number 3"])
    }

    @Test(arguments: [(false, "1 command, 1 not compared"), (true, "1 command, 1 recorded")])
    func `a replay says how much of it nobody has run yet`(_ updates: Bool, _ detail: String) async throws {
        try await withTemporaryFolder { folder in
            try Files.replace(folder + "/t.txt", with: "# unverified\n> echo a\n")
            let screen = Screen()
            _ = try await onThread {
                var run = Self.run(screen, updates: updates)
                return run.replay([folder + "/t.txt"])
            }
            #expect(screen.data.hasPrefix("ok    \(folder)/t.txt: \(detail)\n"))
        }
    }

    @Test func `a transcript cannot run a shell or other transcripts`() throws {
        #expect(try replay("> source x\nerror: A transcript cannot hold the command source.\n").mismatches.isEmpty)
    }

    @Test func `recording and replaying agree`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/t.txt"
            let console = testConsole(screen: Screen())
            console.recorder = try TranscriptRecorder(path: path, needs: "atlas")
            for line in ["# a story", "echo > a", "", "number 2", "fail", "prompt \"\"\"\nx\"\"\"", "source nothing", "quit"] {
                _ = console.execute(SourceLine(line))
            }
            let text = try text(ofFile: path)
            #expect(
                text == """
                    # A session of circuit-tracer.
                    # needs atlas
                    # tolerance 0.001 relative, 0.0001 absolute

                    # a story
                    > echo > a
                    \\> a

                    > number 2
                    number  2.0000
                    time    -

                    > fail
                    error: it is broken.

                    > prompt \"""
                    ... x\"""
                    error: There is no command "prompt".


                    """)
            #expect(try replay(text).mismatches.isEmpty)
            #expect(throws: SystemFailure.self) { try TranscriptRecorder(path: path, needs: nil) }
        }
    }

    @Test func `an update keeps a good output where the command went wrong`() throws {
        let text = "> fail\nok\n\n> doubt\nok  it is 1\n\n> number 3\nnumber  2.0000\ntime    -\n\n> fail\nerror: other.\n"
        let replay = try replay(text)
        #expect(replay.mismatches.map(\.isBeyondUpdate) == [true, true, false, false])
        #expect(
            try updated(text)
                == text.replacing("number  2.0000", with: "number  3.0000").replacing("error: other.", with: "error: it is broken."))
    }

    @Test func `what a transcript loads is what it needs, except where loading is to fail`() throws {
        let transcript = try TranscriptParser.parse("> load a b\n> loa c --transcoders d\n> load e\nerror: no.\n> echo load f\n> load\n")
        #expect(transcript.loadedNames == ["a", "b", "c", "d"])
    }

    @Test func `a transcript that loads what is not here is skipped`() async throws {
        try await withTemporaryFolder { folder in
            try Files.replace(folder + "/t", with: "> echo a\na\n> load \(folder)/none\nmodel  x\n")
            let screen = Screen()
            let status = try await onThread {
                var run = Self.run(screen)
                return run.replay(["\(folder)/t"])
            }
            #expect(status == .success)
            #expect(
                screen.data
                    == "skip  \(folder)/t: needs \(folder)/none, which is not on this machine\n0 passed, 0 failed, 1 skipped\n")
        }
    }

    @Test func `a Ctrl-C between files ends the replay`() async throws {
        try await withTemporaryFolder { folder in
            try Files.replace(folder + "/t", with: "> echo a\na\n")
            let screen = Screen()
            let wakeupPipe = WakeupPipe()
            wakeupPipe.postSignal(CommandLoop.interrupt)
            let status = try await onThread {
                var run = Self.run(screen, wakeupPipe: wakeupPipe)
                return run.replay(["\(folder)/t", "\(folder)/t"])
            }
            #expect(status == .interrupted)
            #expect(screen.data == "0 passed, 0 failed, 0 skipped\n")
            #expect(screen.messages == "interrupted\n")
        }
    }

    @Test func `patterns stand for the files that match`() async throws {
        try await withTemporaryFolder { folder in
            for name in ["b.txt", "a.txt", "c.md"] { try Files.replace("\(folder)/\(name)", with: "") }
            #expect(Files.matching("\(folder)/*.txt") == ["\(folder)/a.txt", "\(folder)/b.txt"])
            #expect(Files.matching("\(folder)/none*") == ["\(folder)/none*"])
        }
    }

    /// A replay whose sessions are empty.
    private static func run(_ screen: Screen, updates: Bool = false, wakeupPipe: WakeupPipe = WakeupPipe()) -> ReplayRun {
        ReplayRun(updates: updates, printer: screen.printer, waiter: Waiter(wakeupPipe: wakeupPipe)) { _ in .ready(Session()) }
    }

    @Test func `files pass, fail or are skipped, and the summary counts them`() async throws {
        try await withTemporaryFolder { folder in
            try Files.replace(folder + "/good", with: "> echo a\na\n")
            try Files.replace(folder + "/bad", with: "> echo a\nb\n")
            try Files.replace(folder + "/other", with: "# needs gemma\n> echo a\na\n")
            let screen = Screen()
            let factory: SessionFactory = { needs in needs == nil ? .ready(Session()) : .unavailable(needs!) }
            @Sendable func replay(_ names: [String], updates: Bool, to screen: Screen) -> ConsoleStatus {
                var run = ReplayRun(
                    updates: updates, printer: screen.printer, waiter: Waiter(wakeupPipe: WakeupPipe()), makeSession: factory)
                return run.replay(names.map { "\(folder)/\($0)" })
            }
            let status = try await onThread { replay(["good", "bad", "other", "none"], updates: false, to: screen) }
            #expect(status == .expectation)
            #expect(
                screen.data == """
                    ok    \(folder)/good: 1 command
                    FAIL  \(folder)/bad: 1 of 1 command differs
                    --- \(folder)/bad
                    +++ this run
                    @@ line 1 @@ echo a
                    -b
                    +a
                    skip  \(folder)/other: needs gemma, which is not on this machine
                    FAIL  \(folder)/none: it cannot be read: No such file or directory
                    1 passed, 2 failed, 1 skipped

                    """)

            #expect(try await onThread { replay(["bad"], updates: true, to: Screen()) } == .success)
            #expect(try text(ofFile: folder + "/bad") == "> echo a\na\n")
        }
    }
}
