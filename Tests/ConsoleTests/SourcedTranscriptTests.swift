import TestSupport
import Testing

@testable import Console

/// `source` of a transcript runs its commands, and asks before those that a replay refuses or confines.
@Suite struct SourcedTranscriptTests {
    private func source(_ text: String, asks: ((TerminalText) throws -> Bool)?) async throws -> (status: ConsoleStatus, screen: Screen, path: String) {
        let screen = Screen()
        nonisolated(unsafe) let asks = asks
        var (status, path) = (ConsoleStatus.success, "")
        try await withTemporaryFolder { folder in
            path = folder + "/t"
            try Files.replace(folder + "/t", with: text)
            status = try await onThread { testConsole(screen: screen, asks: asks).execute(SourceLine("source \(folder)/t")) }
        }
        return (status, screen, path)
    }

    @Test func `its commands run, its outputs do not`() async throws {
        let (status, screen, _) = try await source("# story\n\n> echo a\nfail\n!exit 3\n\n# more\n> number 2\nx\n", asks: nil)
        #expect(status == .success)
        #expect(screen.data.hasPrefix("a\nnumber  2.0000\n"))
        let (failed, other, path) = try await source("> echo a\nx\n> fail\n", asks: nil)
        #expect(failed == .failure && other.messages == "\(path):3: error: it is broken.\n")
    }

    private static let effects = "> echo a\n> save a.graph\n> !touch x\n> export pt b.pt\n> source other\n> echo b\n"

    @Test func `a command that could write a file and is given none has no effect`() throws {
        let transcript = try TranscriptParser.parse("> circuit\n> circuit a.svg\n> save\n> export json\n> circuit > a.csv\n")
        #expect(transcript.commandsWithEffects(.standard) == ["circuit a.svg", "save", "export json", "circuit > a.csv"])
    }

    @Test func `where nobody can be asked it is refused before anything runs`() async throws {
        let (status, screen, path) = try await source(Self.effects, asks: nil)
        #expect(status == .failure && screen.data.isEmpty)
        #expect(
            screen.messages == """
                error: \(path) is a transcript, and its command "save a.graph" writes files or reaches beyond the model.
                  (`replay` runs it with a temporary folder for what it writes; to run it here, make a script of its commands)

                """)
    }

    @Test func `at a terminal it is asked once, with the commands`() async throws {
        let asked = Screen()
        let (status, screen, path) = try await source(
            Self.effects,
            asks: { question in
                asked.printer.message(question)
                return false
            })
        #expect(status == .failure && screen.data.isEmpty)
        #expect(screen.messages == "error: \(path) was not run.\n  (`replay` runs it with a temporary folder for what it writes)\n")
        #expect(
            asked.messages
                == "\(path) is a transcript with commands that write files or reach beyond the model:\n  save a.graph\n  !touch x\n  export pt b.pt\n  source other\nRun them here?"
        )
        let agreed = try await source("> echo a\n> !true\n> echo b\n", asks: { _ in true })
        #expect(agreed.status == .success && agreed.screen.data == "a\nb\n")
    }

    @Test func `one that comes through a pipe or a command is refused at its first line`() async throws {
        let screen = Screen()
        let status = try await onThread {
            var lines = ListedLines(text: "> echo a\n!touch never\n")
            return testConsole(screen: screen).loop(sourceName: "stdin", keepsGoing: true).run(&lines)
        }
        #expect(status == .failure && screen.data.isEmpty)
        #expect(screen.messages.hasPrefix("stdin:1: error: The lines of a transcript are not commands.\n"))
    }
}
