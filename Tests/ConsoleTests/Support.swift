import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Console
@testable import Workbench

/// The error that a body throws, as the console would show it for that line.
func diagnosis(of line: String, source: String? = nil, number: Int = 1, _ body: () throws -> Void) -> String {
    do { try body() } catch let error as ConsoleError {
        return Diagnostic(error: error, line: SourceLine(line, source: source, number: number)).rendered().raw
    } catch { return "another error: \(error)" }
    return "no error"
}

/// The words of a line as they were read.
func words(_ line: String) throws(ConsoleError) -> [String] { try Lexer.words(of: line).map(\.text) }

/// The only word of a line.
func word(_ line: String) throws -> Word {
    let words = try Lexer.words(of: line)
    return try #require(words.count == 1 ? words.first : nil)
}

/// What a console printed.
final class Screen: Sendable {
    private let texts = Mutex((data: "", messages: ""))

    var data: String { texts.withLock { $0.data } }
    var messages: String { texts.withLock { $0.messages } }

    var printer: Printer {
        Printer(
            data: { text in
                self.texts.withLock { $0.data += text.raw }
                return nil
            },
            message: { text in self.texts.withLock { $0.messages += text.raw } })
    }
}

/// A console whose commands need no model.
func testConsole(
    _ commands: [Command] = testCommands, screen: Screen, isReplaying: Bool = false, asks: ((TerminalText) throws -> Bool)? = nil
) -> Interpreter {
    Interpreter(
        table: CommandTable(commands: commands), session: Session(), makeSession: { _ in .unavailable("no model here") },
        printer: screen.printer, waiter: Waiter(wakeupPipe: WakeupPipe()), isReplaying: isReplaying, asks: asks)
}

/// Commands that stand for all that can happen.
let testCommands: [Command] = [
    .echo, .format, .timing, .quit, .source, .help, .record, .shell, .save, .export,
    Command(
        "number", summary: "Shows a number", detail: "", parameters: [.required("X", .number)], json: [Command.JSONKey("number", "")],
        action: .console { arguments, _ in
            let value = try arguments.positionals[0].number("a number")
            return Output([.fact("number", "number", .number(Double(value), .decimals(4))), .volatile("seconds", "time", .seconds(1.5))])
        }),
    Command(
        "advise", summary: "Says what to type next", detail: "",
        action: .console { _, _ in
            var output = Output([.prose(key: "text", "done")])
            output.hint = "Next: `echo` prints a line."
            return output
        }),
    Command("fail", summary: "Fails", detail: "", action: .console { _, _ in throw SessionError("it is broken", word: "fail") }),
    Command(
        "doubt", summary: "Does not hold", detail: "", json: [Command.JSONKey("found", "")],
        action: .console { _, _ in
            var output = Output([.fact("found", "FAILED", .text("it is 2"))])
            output.isFailedExpectation = true
            return output
        }),
    Command(
        "interrupt", summary: "Ends well while Ctrl-C is pressed", detail: "",
        action: .console { _, console in
            console.waiter.wakeupPipe.postSignal(CommandLoop.interrupt)
            return Output([.prose(key: "text", "done")])
        }),
    Command("stop", summary: "Is interrupted", detail: "", action: .session { _, _ in throw CancellationError() }),
]

/// What a file holds.
func text(ofFile path: String) throws -> String { String(decoding: try InputFile.bytes(of: path), as: UTF8.self) }

/// A folder that is gone after the test.
func withTemporaryFolder(_ body: (String) async throws -> Void) async throws {
    let folder = try TemporaryFolder()
    try await body(folder.url.path)
    withExtendedLifetime(folder) {}
}
