#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif
import Synchronization
import TestSupport
import Testing

@testable import Console
@testable import Workbench

/// Programs that send requests.
@Suite struct RequestTests {
    private func message(_ line: String) throws(RequestFault) -> RequestMessage { try RequestMessage(Array(line.utf8)) }

    private func line(_ request: String) throws -> String? {
        guard case .request(let request) = try message(request) else { return nil }
        return request.line
    }

    @Test func `a request has a command, and may have an id, arguments, progress and limits`() throws {
        #expect(try message(#"{"command": "top 3"}"#) == .request(Request(id: .none, line: "top 3")))
        #expect(
            try message(#" {"id":"a\u0062","command":"attribute","progress":true,"limits":{"seconds":1.5,"nodes":20}} "#)
                == .request(
                    Request(id: .text("ab"), line: "attribute", wantsProgress: true, limits: Request.Limits(seconds: 1.5, nodes: 20))))
        #expect(try message(#"{"cancel": 7}"#) == .cancel(.number(7)))
    }

    @Test func `an argument has quotes where it needs them`() throws {
        #expect(
            try line(#"{"command":"x","arguments":["a b"," Austin","Austin","top(3)","*@\" Dallas\"","--watch","say \"hi\"","\"","",">","|",3,0.5]}"#)
                == #"x "a b" " Austin" Austin top(3) *@" Dallas" --watch "say \"hi\"" "\"" "" ">" "|" 3 0.5"#)
        #expect(try line(#"{"command":"prompt","arguments":["line one\nline two"]}"#) == #"prompt "line one\nline two""#)
        #expect(
            try line(#"{"command":"chat","arguments":["user","What > is","assistant","It","--no-thinking"]}"#)
                == #"chat user "What > is" assistant It --no-thinking"#)
    }

    @Test(
        arguments: [
            ("top 3", "The line is not JSON: it is not valid at byte 0.", nil), ("{", "The line is not JSON: it ends too early.", nil),
            (#"{"id":1,"id":2}"#, #"The line is not JSON: the key "id" appears twice."#, nil),
            ("[1]", "A request is an object, not a list.", nil), (#"{"id":4}"#, "The request has no command.", "4"),
            (#"{"id":4,"comand":"top"}"#, #"There is no member "comand" of a request. Did you mean command?"#, "4"),
            (#"{"id":[4],"command":"top"}"#, "id is a text, a whole number or null, not a list.", nil),
            (#"{"id":1.5,"command":"top"}"#, "id is a text, a whole number or null, not a number.", nil),
            (#"{"id":"q","command":["top"]}"#, "command is a text, not a list.", #""q""#),
            (#"{"id":1,"command":"top","arguments":"x"}"#, "arguments is a list of texts and numbers, not a string.", "1"),
            (#"{"id":1,"command":"top","arguments":[[]]}"#, "arguments is a list of texts and numbers, not a list.", "1"),
            (#"{"id":1,"command":"top","progress":1}"#, "progress is true or false, not 1.", "1"),
            (#"{"id":1,"command":"top","limits":3}"#, "limits is an object, not 3.", "1"),
            (#"{"id":1,"command":"top","limits":{"second":3}}"#, #"There is no member "second" of limits. Did you mean seconds?"#, "1"),
            (#"{"id":1,"command":"top","limits":{"seconds":0}}"#, "limits.seconds is a number above 0, not 0.", "1"),
            (#"{"id":1,"command":"top","limits":{"nodes":2.5}}"#, "limits.nodes is a whole number above 0, not 2.5.", "1"),
            (#"{"id":1,"cancel":1}"#, "cancel is the only member of its line.", "1"),
        ] as [(String, String, String?)])
    func `what is not a request is said, with the id if it can be read`(_ line: String, _ sentence: String, _ id: String?) throws {
        let fault = try #require(throws: RequestFault.self) { try message(line) }
        #expect(Diagnostic(error: fault.error, line: SourceLine("")).sentence == sentence && fault.id.json == id ?? "null")
    }
}

/// What a program reads while it sends.
private final class Conversation: Sendable {
    private let ends: [Int32]
    /// Called with each line that comes.
    private let onLine: @Sendable (String, Conversation) -> Void

    init(onLine: @escaping @Sendable (String, Conversation) -> Void = { _, _ in }) {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0)
        (self.ends, self.onLine) = (ends, onLine)
    }

    func send(_ line: String, ending: String = "\n") { try? Files.write(Array((line + ending).utf8), to: ends[1]) }

    func end() { close(ends[1]) }

    /// All lines that came, and the status.
    func run(
        _ commands: [Command], interrupting: Bool = false,
        after: @escaping @Sendable (Double, @escaping @Sendable () -> Void) -> () -> Void = { _, _ in {} }
    ) async throws -> (lines: [String], status: ConsoleStatus) {
        let (read, written, onLine) = (ends[0], Screen(), onLine)
        let status = try await onThread {
            let console = testConsole(commands, screen: Screen())
            if interrupting { console.waiter.wakeupPipe.postSignal(SIGINT) }
            let channel = RequestChannel { text in
                _ = written.printer.data(text)
                onLine(text.raw, self)
                return nil
            }
            return RequestLoop(console: console, inbox: RequestInbox(input: read, output: -1), channel: channel, after: after).run(notices: [])
        }
        close(read)
        return (written.data.split(separator: "\n").map(String.init), status)
    }
}

@Suite struct RequestLoopTests {
    /// Ends only if it is stopped.
    private static let hold = Command(
        "hold", summary: "Holds until it is stopped", detail: "",
        action: .session { _, context in
            context.progress(WorkProgress(phase: "holding", done: 0, total: 40, unit: "steps"))
            while !Task.isCancelled { await Task.yield() }
            throw CancellationError()
        })

    /// Keeps what it has when it is stopped.
    private static let keep = Command(
        "keep", summary: "Keeps what is done", detail: "",
        action: .session { _, context in
            context.progress(WorkProgress(phase: "keeping", done: 0, total: 40, unit: "steps"))
            while !Task.isCancelled { await Task.yield() }
            return Output([.fact("done", "done", .integer(3))], notices: ["Interrupted after 3 of 40 steps."])
        })

    private static let count = Command(
        "count", summary: "Counts", detail: "",
        action: .session { _, context in
            for phase in ["counting", "checking", "counting"] {
                for done in 0...100 { context.progress(WorkProgress(phase: phase, done: done, total: 100, unit: "steps")) }
            }
            return Output()
        })

    private static let commands = testCommands + [hold, keep, count]

    private func answers(to lines: [String]) async throws -> (lines: [String], status: ConsoleStatus) {
        let conversation = Conversation()
        for line in lines { conversation.send(line) }
        conversation.end()
        return try await conversation.run(Self.commands)
    }

    private static func error(_ kind: String, _ message: String, advice: String? = nil, word: String? = nil) -> String {
        func text(_ value: String?) -> String { value.map(JSONText.quoted) ?? "null" }
        return
            #""error":{"kind":"\#(kind)","message":\#(text(message)),"suggestion":null,"advice":\#(text(advice)),"word":\#(text(word)),"place":null}"#
    }

    @Test func `each request has one answer, in order, and the session goes on after an error`() async throws {
        let (lines, status) = try await answers(to: [
            #"{"id":1,"command":"number 2"}"#, "", "nonsense", #"{"id":"two","command":"fail"}"#, #"{"command":"doubt"}"#, #"{"id":5,"command":"numb 3"}"#,
            #"{"id":6,"command":" # nothing"}"#,
        ])
        #expect(status == .success)
        #expect(
            lines == [
                #"{"id":1,"command":"number","number":2.0,"seconds":1.5,"notices":[]}"#,
                #"{"id":null,"command":null,"notices":[],\#(Self.error("request", "The line is not JSON: it is not valid at byte 0"))}"#,
                #"{"id":"two","command":"fail","notices":[],\#(Self.error("command", "it is broken"))}"#,
                #"{"id":null,"command":"doubt","found":"it is 2","notices":[],\#(Self.error("expectation", "The expectation does not hold"))}"#,
                #"{"id":5,"command":"number","number":3.0,"seconds":1.5,"notices":[]}"#,
                #"{"id":6,"command":null,"notices":[],\#(Self.error("command", "The request has no command", advice: RequestMessage.example))}"#,
            ])
    }

    @Test func `quit ends, and so does the end of the requests`() async throws {
        let (lines, status) = try await answers(to: [#"{"id":1,"command":"quit"}"#, #"{"id":2,"command":"number 2"}"#])
        #expect(lines == [#"{"id":1,"command":"quit","notices":[]}"#] && status == .success)
        #expect(try await answers(to: []).lines.isEmpty)
        // A last line need not end.
        let conversation = Conversation()
        conversation.send(#"{"id":1,"command":"echo a"}"#, ending: "")
        conversation.end()
        #expect(try await conversation.run(Self.commands).lines == [#"{"id":1,"command":"echo","text":"a","notices":[]}"#])
    }

    @Test func `commands about a terminal or other files of lines say what to do instead`() async throws {
        for (name, way) in Interpreter.otherWays {
            let command = try CommandTable.standard.command(named: name, at: nil)
            #expect(command.name == name)
            let conversation = Conversation()
            conversation.send(#"{"id":1,"command":"\#(name) x"}"#)
            conversation.end()
            let lines = try await conversation.run(CommandTable.standard.commands).lines
            #expect(
                lines == [
                    #"{"id":1,"command":"\#(name)","notices":[],\#(Self.error("command", "A request cannot run \(name)", advice: way, word: name))}"#
                ])
        }
        let (lines, _) = try await answers(to: [#"{"id":1,"command":"number 2 | cat"}"#])
        let error = Self.error("command", "A request cannot run programs", advice: "give the answer to the program yourself", word: "| cat")
        #expect(lines == [#"{"id":1,"command":"number","notices":[],\#(error)}"#])
    }

    @Test func `a file is written where the command names one`() async throws {
        try await withTemporaryFolder { folder in
            let (lines, _) = try await answers(to: [#"{"id":1,"command":"number 2 > \#(folder)/x.csv"}"#])
            #expect(lines == [#"{"id":1,"command":"number","notices":[]}"#])
            #expect(try text(ofFile: folder + "/x.csv") == "key,value\r\nnumber,2.0\r\nseconds,1.5\r\n")
        }
    }

    @Test func `progress comes at the beginning of a phase and at each twentieth, once`() async throws {
        let (lines, _) = try await answers(to: [#"{"id":1,"command":"count","progress":true}"#, #"{"id":2,"command":"count"}"#])
        let events = ["counting", "checking"].flatMap { phase in
            (0...20).map { #"{"id":1,"progress":{"phase":"\#(phase)","done":\#($0 * 5),"total":100,"unit":"steps"}}"# }
        }
        #expect(lines == events + [#"{"id":1,"command":"count","notices":[]}"#, #"{"id":2,"command":"count","notices":[]}"#])
    }

    @Test func `a request that runs can be cancelled, one that waits too, and the next is answered`() async throws {
        let conversation = Conversation { line, conversation in
            guard line.contains("progress") else { return }
            conversation.send(#"{"id":2,"command":"number 2"}"#)
            conversation.send(#"{"id":3,"command":"number 3"}"#)
            conversation.send(#"{"cancel":2}"#)
            conversation.send(#"{"cancel":1}"#)
            // Nothing has this id.
            conversation.send(#"{"cancel":9}"#)
            conversation.end()
        }
        conversation.send(#"{"id":1,"command":"hold","progress":true}"#)
        let (lines, status) = try await conversation.run(Self.commands)
        #expect(status == .success)
        #expect(
            lines == [
                #"{"id":1,"progress":{"phase":"holding","done":0,"total":40,"unit":"steps"}}"#,
                #"{"id":1,"command":"hold","notices":[],\#(Self.error("cancelled", "Cancelled; nothing was changed"))}"#,
                #"{"id":2,"command":null,"notices":[],\#(Self.error("cancelled", "Cancelled; nothing was changed"))}"#,
                #"{"id":3,"command":"number","number":3.0,"seconds":1.5,"notices":[]}"#,
            ])
    }

    @Test func `what was done before a cancellation is in the answer`() async throws {
        let conversation = Conversation { line, conversation in
            guard line.contains("progress") else { return }
            conversation.send(#"{"cancel":"k"}"#)
            conversation.end()
        }
        conversation.send(#"{"id":"k","command":"keep","progress":true}"#)
        let error = Self.error("cancelled", "Cancelled; what was done before is in the answer and in effect")
        #expect(
            try await conversation.run(Self.commands).lines.last
                == #"{"id":"k","command":"keep","done":3,"notices":["Interrupted after 3 of 40 steps."],\#(error)}"#)
    }

    @Test func `a limit of time stops a request, and no later one`() async throws {
        let conversation = Conversation()
        conversation.send(#"{"id":1,"command":"hold","limits":{"seconds":2}}"#)
        conversation.send(#"{"id":2,"command":"number 2","limits":{"seconds":0.25}}"#)
        conversation.end()
        let asked = Mutex<[Double]>([])
        let late = Mutex<[@Sendable () -> Void]>([])
        let lines = try await conversation.run(Self.commands) { seconds, body in
            asked.withLock { $0.append(seconds) }
            // The first one's time is over at once; it is said again when it no longer runs.
            if seconds == 2 { body() }
            late.withLock { late in
                late.forEach { $0() }
                late.append(body)
            }
            return {}
        }.lines
        #expect(asked.withLock { $0 } == [2, 0.25])
        #expect(
            lines == [
                #"{"id":1,"command":"hold","notices":[],\#(Self.error("limit", "The limit of 2 seconds was reached; nothing was changed"))}"#,
                #"{"id":2,"command":"number","number":2.0,"seconds":1.5,"notices":[]}"#,
            ])
    }

    @Test func `a signal while nothing runs ends with status 130`() async throws {
        let (lines, status) = try await Conversation().run(Self.commands, interrupting: true)
        #expect(lines.isEmpty && status == .interrupted)
    }

    @Test func `a line that is too long is answered, and the next is read`() async throws {
        // The end of the line comes with what is too much of it, or long after.
        for excess in [0, 1_000_000] {
            let conversation = Conversation()
            async let sending: Void = onThread {
                conversation.send(#"{"id":1,"command":"echo "# + String(repeating: "x", count: PipedLines.longestLine + excess) + #""}"#)
                conversation.send(#"{"id":2,"command":"echo a"}"#)
                conversation.end()
            }
            let lines = try await conversation.run(Self.commands).lines.map { $0.prefix(1000) }
            try await sending
            #expect(
                lines == [
                    #"{"id":null,"command":null,"notices":[],\#(Self.error("request", "The line is longer than 16 MB"))}"#,
                    #"{"id":2,"command":"echo","text":"a","notices":[]}"#,
                ])
        }
    }

    @Test func `no command has a key that answers have`() {
        for command in CommandTable.standard.commands {
            #expect(Set(command.json.map(\.key)).isDisjoint(with: ["id", "command", "notices", "error", "progress"]), "\(command.name)")
        }
    }
}
