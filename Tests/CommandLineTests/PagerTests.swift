import Foundation
import TestSupport
import Testing

/// Long outputs at a terminal of 50 rows.
@Suite(.ownThreads) struct PagerTests {
    /// A pager that marks each line that goes through it.
    private static let marking = "sed 's/^/| /'"

    private func console(_ variables: [String: String?], _ arguments: [String] = []) throws -> PseudoTerminal {
        var environment = Program.environment.merging(["TERM": "xterm", "LC_ALL": "C.UTF-8"]) { $1 }
        for name in ["PAGER", "LESS"] { environment[name] = nil }
        for (name, value) in variables { environment[name] = value }
        return try PseudoTerminal(Program.url, ["-m", "tiny/llama3", "--no-rc"] + arguments, environment: environment)
    }

    private func started(_ variables: [String: String?]) throws -> PseudoTerminal {
        let terminal = try console(variables)
        try terminal.wait(for: "tiny/llama3> ")
        return terminal
    }

    /// The lines that a command shows, after its own.
    private func lines(of command: String, _ terminal: PseudoTerminal) throws -> [String] {
        terminal.type("\(command)\r")
        try terminal.wait(for: "\(command)\r\n")
        return try terminal.wait(for: "tiny/llama3> ").split(separator: "\r\n").dropLast().map { String($0).replacing(/\u{1B}\[[?0-9;]*[a-zA-Z]\r?/, with: "") }
    }

    private func expected() throws -> [String] { try Program("-m", "tiny/llama3", "-c", "help").output.split(separator: "\n").map(String.init) }

    private func words(_ lines: [String]) -> [Substring] { lines.flatMap { $0.split(separator: " ") } }

    @Test func `what does not fit the screen goes through the pager, once, and nothing else does`() throws {
        let terminal = try started(["PAGER": Self.marking])
        let shown = try lines(of: "help", terminal)
        #expect(shown.count > 49 && shown.allSatisfy { $0.hasPrefix("| ") })
        #expect(words(shown.map { String($0.dropFirst(2)) }) == words(try expected()))
        #expect(try lines(of: "echo short", terminal) == ["short"])
        // Neither what a file says, nor what goes to a program or a file.
        let folder = try TemporaryFolder()
        let script = try folder.write("help\n", to: "script").path
        #expect(try lines(of: "source \(script)", terminal).allSatisfy { !$0.hasPrefix("| ") })
        #expect(try lines(of: "help | tail -n 1", terminal).allSatisfy { !$0.hasPrefix("| ") })
        #expect(try console(["PAGER": Self.marking], ["-c", "help"]).end().shown.contains("| load") == false)
    }

    @Test(arguments: [["PAGER": ""], ["PAGER": "cat"], ["PAGER": marking, "TERM": "dumb"]])
    func `there is none for who wants none, and on a terminal that cannot move its cursor`(_ variables: [String: String]) throws {
        let terminal = try started(variables)
        #expect(words(try lines(of: "help", terminal)) == words(try expected()))
    }

    @Test func `where it cannot be started the text is shown all the same, and it is not tried again`() throws {
        let terminal = try started(["PAGER": "no-such-pager -x"])
        let first = try lines(of: "help", terminal)
        #expect(first.first?.contains("no-such-pager") == true && first.first?.hasSuffix("not found") == true)
        #expect(words(Array(first.dropFirst())) == words(try expected()))
        #expect(words(try lines(of: "help", terminal)) == words(try expected()))
    }

    @Test func `Ctrl-C ends a pager that it ends, and not the console`() throws {
        // What says that it is ready is also what waits. A shell that is about to start another program would let Ctrl-C pass.
        let folder = try TemporaryFolder()
        let ready = try folder.write("ready\n", to: "ready").path
        let terminal = try started(["PAGER": "sed 's/^/| /'; exec tail -f \(ready)"])
        terminal.type("help\r")
        let shown = try terminal.wait(for: "ready\r\n")
        #expect(shown.contains("| "))
        terminal.type("\u{3}")
        let rest = try terminal.wait(for: "tiny/llama3> ")
        #expect(!rest.contains("interrupted") && !rest.contains("apropos"))
        #expect(try lines(of: "echo still here", terminal) == ["still here"])
        terminal.type("\u{4}")
        #expect(try terminal.end().status == 0)
    }

    @Test func `less is the usual one`() throws {
        guard ["/usr/bin/less", "/bin/less"].contains(where: FileManager.default.isExecutableFile) else { return }
        let terminal = try started([:])
        terminal.type("help\r")
        // It waits after the first page.
        try terminal.wait(for: "\n:")
        terminal.type("G")
        try terminal.wait(for: "(END)")
        terminal.type("q")
        try terminal.wait(for: "tiny/llama3> ")
        #expect(try lines(of: "echo still here", terminal) == ["still here"])
    }
}
