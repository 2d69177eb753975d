import TestSupport
import Testing

@testable import Console
@testable import Workbench

/// `foreach` as it is typed, on a small model.
@Suite struct ForEachTests {
    private static let commands: [Command] = [
        .load, .format, .foreach,
        Command(
            "named", summary: "Shows what lists have, too", detail: "",
            action: .session { _, _ in
                Output([.fact("prompt", "prompt", .text("p")), .fact("number", "number", .integer(7)), .fact("error", "error", .integer(8))])
            }),
        Command(
            "shown", summary: "Shows a number", detail: "", parameters: [.required("X", .count)],
            action: .session { arguments, _ in
                Output([.fact("x", "x", .integer(try arguments.positionals[0].integer("a number", atLeast: 1)))])
            }),
        Command(
            "unmet", summary: "Expects what does not hold", detail: "",
            action: .session { _, _ in
                var output = Output([.fact("found", "found", .integer(1))])
                output.isFailedExpectation = true
                return output
            }),
        Command("fails", summary: "Fails", detail: "", action: .session { _, _ in throw ConsoleError("It fails") }),
    ]

    /// What is printed for a line, and said about it.
    private func run(_ line: String) async throws -> (status: ConsoleStatus, data: String, messages: String) {
        try await onThread {
            let screen = Screen()
            let environment = SessionEnvironment(hub: Fixtures.hub, bundled: nil, cache: nil, home: "/nowhere")
            let console = Interpreter(
                table: CommandTable(commands: Self.commands), session: Session(environment: environment),
                makeSession: { _ in .unavailable("no model here") }, printer: screen.printer, waiter: Waiter(wakeupPipe: WakeupPipe()))
            for line in ["load tiny/llama3-plt-skip", "format json"] { try #require(console.execute(SourceLine(line)) == .success) }
            let start = (screen.data, screen.messages)
            let status = console.execute(SourceLine(line))
            return (status, String(screen.data.dropFirst(start.0.count)), String(screen.messages.dropFirst(start.1.count)))
        }
    }

    @Test func `a row keeps what was shown before a failure, under keys that are not the list's own`() async throws {
        let (status, data, messages) = try await run(#"foreach "a" : named ; fails"#)
        #expect(status == .failure && messages == "error: The prompt failed.\n")
        #expect(
            data == #"{"command":"foreach","rows":[{"number":1,"prompt":"a","prompt_2":"p","number_2":7,"error_2":8,"error":"It fails."}],"#
                + #""error":{"message":"The prompt failed","suggestion":null,"advice":null,"word":null,"place":null}}"# + "\n")
    }

    @Test func `an expectation that does not hold is its row's`() async throws {
        let (status, data, messages) = try await run(#"foreach "a" "b" : unmet"#)
        #expect(status == .expectation && messages == "error: 2 of 2 prompts failed.\n")
        #expect(
            data == #"{"command":"foreach","rows":[{"number":1,"prompt":"a","found":1,"error":"The expectation does not hold."},"#
                + #"{"number":2,"prompt":"b","found":1,"error":"The expectation does not hold."}],"#
                + #""error":{"message":"2 of 2 prompts failed","suggestion":null,"advice":null,"word":null,"place":null}}"# + "\n")
    }

    @Test func `a column that no row has is said before anything runs`() async throws {
        let (status, data, messages) = try await run(#"foreach "a" : shown $x"#)
        #expect(status == .failure && data.hasPrefix(#"{"command":"foreach","error":{"message":"There is no column x","#))
        #expect(messages == "error: There is no column x.\n  (columns come from a .csv or .jsonl file)\n")
    }

    @Test(arguments: [#"foreach "a" "b" : shown 1 ; shown 2"#, #"foreach "a" "b": shown 1; shown 2"#, #"foreach "a" "b": shown 1 ; shown 2;"#])
    func `colons and semicolons may stand at the end of a word`(_ line: String) async throws {
        let (status, data, messages) = try await run(line)
        #expect(status == .success && messages.isEmpty)
        #expect(
            data == #"{"command":"foreach","rows":[{"number":1,"prompt":"a","x":1,"x_2":2,"error":null},{"number":2,"prompt":"b","x":1,"x_2":2,"error":null}]}"#
                + "\n")
    }
}
