import Foundation
import TestSupport
import Testing

/// `--json-lines`, as programs use it.
@Suite(.ownThreads) struct RequestTests {
    private func answers(_ lines: [String], _ arguments: String...) throws -> Program {
        try Program(["--json-lines"] + arguments, input: Array(lines.map { $0 + "\n" }.joined().utf8))
    }

    @Test func `answers have the keys of the console's json, and what changes stays`() throws {
        let commands = [
            "prompt The", "zero 0/7@1", "interventions", "top 2", "status", "sweep 0/7@1 --values 0,1", "help zero", "models", "expect top before \" x\"",
        ]
        let run = try answers(commands.enumerated().map { #"{"id":\#($0),"command":\#(quoted($1))}"# }, "-t", "tiny/llama3-plt-skip")
        #expect(run.status == 0 && run.errors.isEmpty)
        let console = try Program(
            ["-t", "tiny/llama3-plt-skip", "--keep-going", "-c", "format json"] + commands.flatMap { ["-c", $0] })
        let objects = try run.output.split(separator: "\n").map { try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
        let same = try console.output.split(separator: "\n").map { try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
        #expect(objects.count == commands.count && same.count == commands.count)
        for ((number, answer), object) in zip(objects.enumerated(), same) {
            #expect(answer["id"] as? Int == number && answer["notices"] is [String])
            let own = answer.filter { !["id", "notices", "error"].contains($0.key) }
            // How much memory is in use differs, and what is in the store by now.
            func lasting(_ object: [String: Any]) -> NSDictionary { object.filter { !["error", "from_store"].contains($0.key) } as NSDictionary }
            if commands[number] != "status" { #expect(lasting(own) == lasting(object), "\(commands[number])") }
            #expect(own.keys.sorted() == object.keys.filter { $0 != "error" }.sorted())
            var error = answer["error"] as? [String: Any]
            let kind = error?.removeValue(forKey: "kind") as? String
            #expect(kind == (number == commands.count - 1 ? "command" : nil))
            var expected = object["error"] as? [String: Any]
            // Which line of the command line it was.
            if expected != nil { expected?["place"] = NSNull() }
            #expect(error as NSDictionary? == expected as NSDictionary?)
        }
    }

    private func quoted(_ text: String) -> String { "\"" + text.replacing("\"", with: "\\\"") + "\"" }

    @Test func `the documented requests have the documented answers`() throws {
        let page = try String(contentsOf: Fixtures.root.appending(path: "docs/agents.md"), encoding: .utf8)
        func block(_ name: String) -> [Substring] { page.split(separator: "<!-- \(name) -->\n```\n")[1].split(separator: "```")[0].split(separator: "\n") }
        let run = try answers(block("requests").map(String.init))
        let lines = run.output.split(separator: "\n")
        #expect(run.status == 0 && run.errors.isEmpty && lines.count == 4)
        for (line, shown) in zip(lines, block("answers")) {
            var rest = line
            for piece in shown.split(separator: "…") {
                guard let range = rest.firstRange(of: piece) else {
                    Issue.record("\(piece) is not in \(line)")
                    continue
                }
                rest = rest[range.upperBound...]
            }
            #expect(rest.isEmpty)
        }
    }

    @Test func `a limit of nodes keeps those that matter most`() throws {
        let run = try answers([
            #"{"id":1,"command":"prompt The capital of Texas is"}"#,
            #"{"id":2,"command":"attribute --max-feature-nodes 50","limits":{"nodes":5}}"#,
            #"{"id":3,"command":"attribute --max-feature-nodes 4","limits":{"nodes":5}}"#,
        ])
        #expect(run.status == 0 && run.errors.isEmpty)
        struct Graph: Decodable {
            let selected_features: Int
            let active_features: Int
            let notices: [String]
        }
        let graphs = try run.output.split(separator: "\n").dropFirst().map { try JSONDecoder().decode(Graph.self, from: Data($0.utf8)) }
        #expect(graphs.map(\.selected_features) == [5, 4])
        #expect(
            graphs.map(\.notices) == [
                ["The 5 features that matter most are nodes, as many as are allowed here; \(graphs[0].active_features) are active."], [],
            ])
    }

    @Test func `what does not start says why on standard error`() throws {
        let model = try answers([#"{"command":"status"}"#], "-t", "none")
        #expect(model.status == 2 && model.output.isEmpty)
        #expect(
            model.errors
                == "error: none is neither a folder, nor a bundled model, nor a hub name such as meta-llama/Llama-3.2-1B. `models` lists what is here.\n")
        let usage = try answers([], "-c", "status")
        #expect(usage.status == 2 && usage.output.isEmpty)
        #expect(usage.error == "Error: --json-lines takes its commands from standard input; -f, -c, --prompts and --keep-going are for scripts.")
        let device = try Program(shell: "$CT --json-lines </dev/zero")
        #expect(
            device.status == 2 && device.errors == "error: Standard input cannot be read: it is a device, which may never end.\n")
    }

    @Test func `answers that cannot be written end it`() throws {
        #expect(
            try Program(shell: "yes '{\"command\":\"status\"}' | $CT --json-lines | head -n 1 | cut -c 1-29; true").output == #"{"id":null,"command":"status""#
                + "\n")
        // Tests of sockets make the whole process ignore SIGPIPE, and `yes` complains then.
        let gone = try Program(shell: "{ yes '{\"command\":\"help\"}' 2>/dev/null | $CT --json-lines; echo \"status $?\" >&2; } | true")
        #expect(gone.errors == "status 0\n")
        if FileManager.default.fileExists(atPath: "/dev/full") {
            let full = try Program(shell: "echo '{\"command\":\"help\"}' | $CT --json-lines >/dev/full")
            #expect(full.status == 1 && full.errors == "error: The output cannot be written: No space left on device.\n")
        }
    }

    /// A sweep of so many values that it does not end by itself while the test runs.
    private static let endless = #"{"id":2,"command":"sweep *@-1 --values \#((0..<100_000).map(String.init).joined(separator: ","))","progress":true}"#

    @Test func `a program that goes away stops its request`() throws {
        let folder = try TemporaryFolder()
        try (#"{"id":1,"command":"prompt The"}"# + "\n" + Self.endless + "\n").write(
            to: folder.url.appending(path: "requests"), atomically: true, encoding: .utf8)
        let run = try Program(shell: "{ cat requests | $CT --json-lines; echo \"status $?\" >&2; } | head -n 1 >/dev/null", in: folder.url)
        #expect(run.errors == "status 0\n")
        withExtendedLifetime(folder) {}
    }

    @Test func `the client in Python runs a swap, a sweep and a graph, and cancels`() throws {
        guard let python = ["/usr/bin/python3", "/usr/local/bin/python3"].first(where: FileManager.default.isExecutableFile) else { return }
        let folder = Fixtures.root.appending(path: "examples/python")
        let dallas = try Program(shell: "PYTHONDONTWRITEBYTECODE=1 \(python) dallas.py \"$CT\"", in: folder)
        #expect(dallas.status == 0 && dallas.errors.isEmpty)
        #expect(
            dallas.output == """
                swap: 81 features as for Oakland: ' Austin' becomes ' Sacramento'
                graph: 278 nodes, 12463 edges, replacement score 0.92
                  0/1292@9 with influence 0.077
                  0/1072@9 with influence 0.071
                  0/1042@9 with influence 0.060
                sweep: without the first 0 features, Austin has probability 0.99
                sweep: without the first 10 features, Austin has probability 0.71
                sweep: without the first 20 features, Austin has probability 0.01

                """)
        let script = """
            import sys; from circuit_tracer import *
            with CircuitTracer(program=sys.argv[1]) as tracer:
                tracer("prompt", "The capital of \\"Texas\\" is")
                try: tracer("sweep", "*@-1", "--values", ",".join(map(str, range(100000))), progress=lambda event: tracer.cancel())
                except CircuitTracerError as error: print(error.kind, error, len(error.answer["points"]) > 0)
                try: tracer("zero", "top(")
                except CircuitTracerError as error: print(error.kind, error)
                tracer("quit")
                try: tracer("top")
                except (EOFError, BrokenPipeError): print("ended")
            """
        let cancelled = try Program(shell: "PYTHONDONTWRITEBYTECODE=1 \(python) - \"$CT\" <<'END'\n\(script)\nEND", in: folder)
        #expect(cancelled.status == 0 && cancelled.errors.isEmpty, "\(cancelled.errors)")
        #expect(
            cancelled.output == """
                cancelled Cancelled; what was done before is in the answer and in effect True
                command top( is not closed with a parenthesis. a call is one word, without spaces outside quotes: top([N][,ORDER][,@P][,A:B])
                ended

                """)
    }
}
