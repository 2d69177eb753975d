import Foundation
import TestSupport
import Testing

/// The console as somebody types into it.
@Suite(.ownThreads) struct TerminalTests {
    private func console(_ variables: [String: String] = [:]) throws -> PseudoTerminal {
        var environment = Program.environment.merging(["TERM": "xterm"]) { $1 }
        for name in ["LANG", "LC_ALL", "LC_CTYPE"] { environment[name] = nil }
        let terminal = try PseudoTerminal(Program.url, [], environment: environment.merging(variables) { $1 })
        try terminal.wait(for: "atlas> ")
        return terminal
    }

    @Test(arguments: [
        [:], ["LANG": "C"], ["LC_ALL": "POSIX"], ["LC_ALL": "", "LANG": "POSIX"], ["LC_ALL": "C.UTF-8"],
        // Brought along by ssh, and not installed.
        ["LANG": "xx_YY.UTF-8"], ["LC_CTYPE": "UTF-8"],
    ])
    func `Backspace takes a whole character, whatever the locale`(_ locale: [String: String]) throws {
        let terminal = try console(locale)
        terminal.type("format json\r")
        try terminal.wait(for: "atlas> ")
        terminal.type("prompt café\u{E9}\u{7F} 北京\u{7F}\r")
        try terminal.wait(for: "{\"command\":\"prompt\"")
        try terminal.wait(for: "atlas> ")
        terminal.type("status\r")
        try terminal.wait(for: "{\"command\":\"status\"")
        #expect(try terminal.wait(for: "atlas> ").contains(#""prompt":"<|begin_of_text|>café 北""#))
        terminal.type("\u{4}")
        #expect(try terminal.end().status == 0)
    }

    @Test func `a terminal says what is loaded, what to try, and what to type next, and draws`() throws {
        var environment = Program.environment.merging(["TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "CIRCUIT_TRACER_NOHISTORY": "1"]) { $1 }
        environment["NO_COLOR"] = nil
        // What a feature shows is longer than the screen.
        environment["PAGER"] = "cat"
        environment["XDG_DATA_HOME"] = "/dev/null"
        let terminal = try PseudoTerminal(Program.url, [], environment: environment)
        try terminal.wait(for: ". Loaded: atlas with atlas/plt, 6 layers of 1536 features each.\r\n")
        try terminal.wait(
            for: "`help` lists the commands, Tab completes, Ctrl-D leaves. Try:\r\n  prompt Fact: the capital of the state containing Dallas is\r\n")
        try terminal.wait(for: "> ")
        terminal.type("prompt Fact: the capital of the state containing Dallas is\r")
        try terminal.wait(for: "\u{1B}[36m███████████████████▉\u{1B}[0m  19.1")
        terminal.type("attribute\r")
        try terminal.wait(
            for: "Next: `features` ranks the graph's features, `edges 5/1098@10` shows what the strongest one is connected to, `serve` draws the graph.\r\n")
        terminal.type("feature 0/1292 1\r")
        try terminal.wait(for: "\u{1B}[38;5;16;48;5;202m Dallas\u{1B}[0m is\r\n\r\ntoken by token  ·········█·\r\n")
    }

    @Test(arguments: [["NO_COLOR": "1", "LC_ALL": "C.UTF-8"], ["TERM": "dumb", "LC_ALL": "C"]])
    func `without colours bars are plain, and of ASCII where the locale is not UTF-8`(_ variables: [String: String]) throws {
        let terminal = try PseudoTerminal(
            Program.url, ["-c", "prompt Fact: the capital of the state containing Dallas is"],
            environment: Program.environment.merging(["TERM": "xterm"].merging(variables) { $1 }) { $1 })
        let shown = try terminal.end().shown
        #expect(!shown.contains("\u{1B}") && !shown.contains("Next:"))
        #expect(shown.contains(variables["LC_ALL"] == "C" ? "   0.9939  ####################  19.1" : "   0.9939  ███████████████████▉  19.1"))
    }

    @Test(arguments: [("C.UTF-8", "·········█·"), ("C", ".........@."), ("", "·········█·")])
    func `a pipe has no bars and no colours, and a curve in the locale's characters`(_ locale: String, _ curve: String) throws {
        let program = try Program(
            "-c", "prompt Fact: the capital of the state containing Dallas is", "-c", "feature 0/1292 1",
            // Where no index can be made.
            variables: ["TERM": "dumb", "LC_ALL": locale, "LC_CTYPE": "", "LANG": "", "XDG_DATA_HOME": "/dev/null"])
        #expect(program.status == 0 && !program.output.contains("\u{1B}"))
        let lines = program.output.split(separator: "\n")
        #expect(lines.suffix(2) == ["<|begin_of_text|>Fact: the capital of the state containing Dallas is", "token by token  \(curve)"])
        #expect(lines.contains("   1  \" Austin\"          0.9939  19.129"))
    }

    @Test func `bytes that are not text are an error, not another prompt`() throws {
        let terminal = try console()
        terminal.type(Array("prompt caf".utf8) + [0xFF, 13])
        #expect(try terminal.wait(for: "error: The line is not UTF-8 text.").contains("probability") == false)
        try terminal.wait(for: "atlas> ")
        terminal.type("tokens\r")
        try terminal.wait(for: "There is no prompt yet.")
    }

    @Test func `Ctrl-C in a file says where it stopped and what stays`() throws {
        let folder = try TemporaryFolder()
        let (inner, outer) = (folder.url.appending(path: "inner.ct").path, folder.url.appending(path: "outer.ct").path)
        let said = folder.url.appending(path: "said").path
        try "ready\n".write(toFile: said, atomically: true, encoding: .utf8)
        // One program says that it is there and waits: a shell between two commands may take the signal and go on.
        try "# two lines\nprompt The capital\n\nzero 0/1@1\n!exec cat \(said) -\necho never\n"
            .write(toFile: inner, atomically: true, encoding: .utf8)
        try "echo first\nsource \(inner)\necho never\n".write(toFile: outer, atomically: true, encoding: .utf8)
        let terminal = try console()
        terminal.type("source \(outer)\r")
        try terminal.wait(for: "ready")
        terminal.type("\u{3}")
        try terminal.wait(for: "stopped at \(inner):5; the 3 commands before it have taken effect")
        try terminal.wait(for: "stopped at \(outer):2; the 3 commands before it have taken effect")
        #expect(try terminal.wait(for: "atlas [1]> ").contains("never") == false)
        terminal.type("clear\r")
        try terminal.wait(for: "note: 1 intervention was removed; `undo` restores it.")
        try terminal.wait(for: "atlas> ")
        terminal.type("undo\r")
        try terminal.wait(for: "atlas [1]> ")
        terminal.type("load\r")
        try terminal.wait(for: "note: What belonged to atlas was dropped: the prompt and 1 intervention.")
        try terminal.wait(for: "atlas> ")
    }

    @Test func `Tab offers no file whose name a terminal would act on`() throws {
        let folder = try TemporaryFolder()
        // A window's title, 8-bit control characters and a change of direction.
        for name in ["run-\u{1B}]0;x\u{7}.ct", "run-\u{9B}31m.ct", "run-\u{202E}tc.exe", "run-plain.ct"] {
            try Data().write(to: folder.url.appending(path: name))
        }
        let terminal = try console()
        terminal.type("source \(folder.url.path)/run-\t")
        let completed = try terminal.wait(for: "run-plain.ct")
        #expect(!completed.contains("\u{9B}") && !completed.contains("\u{202E}"))
        try Data().write(to: folder.url.appending(path: "run-plot.ct"))
        terminal.type("\u{15}source \(folder.url.path)/run-pl\t\t")
        try terminal.wait(for: "run-plain.ct")
        let listed = try terminal.wait(for: "run-plot.ct")
        #expect(!listed.contains("\u{9B}") && !listed.contains("\u{202E}") && !listed.contains("]0;"))
    }
}
