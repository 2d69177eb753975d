import Foundation
import TestSupport
import Testing

/// `~/.config/circuit-tracer/rc`.
@Suite(.ownThreads) struct StartFileTests {
    /// A folder of settings with a start-up file in it.
    private func settings(_ lines: String, mode: Int = 0o644) throws -> (folder: TemporaryFolder, file: URL) {
        let folder = try TemporaryFolder()
        let file = try folder.write(lines, to: "circuit-tracer/rc")
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
        return (folder, file)
    }

    private func console(_ arguments: [String] = [], settings: TemporaryFolder) throws -> PseudoTerminal {
        let variables = ["TERM": "dumb", "XDG_CONFIG_HOME": settings.url.path]
        return try PseudoTerminal(Program.url, ["-m", "tiny/llama3"] + arguments, environment: Program.environment.merging(variables) { $1 })
    }

    /// What is shown before the first prompt.
    private func beginning(_ terminal: PseudoTerminal) throws -> String {
        let shown = try terminal.wait(for: "tiny/llama3> ")
        terminal.type("\u{4}")
        #expect(try terminal.end().status == 0)
        return shown.replacing("\r\n", with: "\n")
    }

    private static let welcome = """
        circuit-tracer 0.1.0. Loaded: tiny/llama3 without transcoders, 4 layers.
        `help` lists the commands, Tab completes, Ctrl-D leaves. Try:
          prompt Fact: The capital of the state containing Dallas is
        tiny/llama3> 
        """

    @Test func `its commands are run before the first prompt, and show what they show`() throws {
        let (folder, _) = try settings("# mine\nformat json\ntiming off\n\necho hello\n")
        #expect(try beginning(console(settings: folder)) == #"{"command":"echo","text":"hello"}"# + "\n" + Self.welcome)
        let quiet = try settings("format json\n").folder
        #expect(try beginning(console(settings: quiet)) == Self.welcome)
    }

    @Test func `what is wrong with a line is said with its place, and the console starts`() throws {
        let (folder, file) = try settings("format xml\necho after\n")
        #expect(
            try beginning(console(settings: folder)) == """
                \(file.path):1: error: xml is not one of table, json, csv, md.
                  format xml
                         ^~~
                  (`help format` says how it is written)
                after

                """ + Self.welcome)
    }

    @Test(arguments: [0o664, 0o646])
    func `a file that others can write to is not run`(_ mode: Int) throws {
        let (folder, file) = try settings("echo stranger\n", mode: mode)
        #expect(
            try beginning(console(settings: folder)) == """
                error: \(file.path) is not run: other users can write to it.
                  (`chmod go-w \(file.path)` lets it be run)

                """ + Self.welcome)
    }

    @Test func `what is not a plain file is not run, and none is needed`() throws {
        let folder = try TemporaryFolder()
        #expect(try beginning(console(settings: folder)) == Self.welcome)
        let path = folder.url.path + "/circuit-tracer"
        try FileManager.default.createDirectory(atPath: path + "/rc", withIntermediateDirectories: true)
        #expect(try beginning(console(settings: folder)) == "error: \(path)/rc cannot be read: it is a folder.\n" + Self.welcome)
        rmdir(path + "/rc")
        mkfifo(path + "/rc", 0o600)
        #expect(try beginning(console(settings: folder)) == "error: \(path)/rc is not run: it is not a plain file.\n" + Self.welcome)
    }

    @Test func `the option --no-rc leaves it out, and quit in it ends the console`() throws {
        let (folder, _) = try settings("echo hello\nquit\necho never\n")
        #expect(try beginning(console(["--no-rc"], settings: folder)) == Self.welcome)
        let (status, shown) = try console(settings: folder).end()
        #expect(status == 0 && shown == "hello\r\n")
    }

    @Test func `no script knows it`() throws {
        let (folder, file) = try settings("echo start-up\nformat json\n")
        let script = try folder.write("echo script\n", to: "script.ct").path
        let variables = ["XDG_CONFIG_HOME": folder.url.path]
        let model = ["-m", "tiny/llama3"]
        #expect(try Program(model + ["-c", "echo script"], variables: variables).output == "script\n")
        #expect(try Program(model + ["-f", script], variables: variables).output == "script\n")
        #expect(try Program(model, input: Array("echo script\n".utf8), variables: variables).output == "script\n")
        let request = try Program(["--json-lines"] + model, input: Array(#"{"command":"echo script"}"#.utf8), variables: variables)
        #expect(request.output == #"{"id":null,"command":"echo","text":"script","notices":[]}"# + "\n" && request.errors.isEmpty)
        // A terminal, too.
        let terminal = try console(["-c", "echo script"], settings: folder)
        #expect(try terminal.end().shown == "script\r\n")
        let transcript = try folder.write("# needs tiny/llama3\n\n> echo script\nscript\n", to: "transcript.txt").path
        #expect(try Program("replay", transcript, variables: variables).output == "ok    \(transcript): 1 command\n1 passed, 0 failed, 0 skipped\n")
        #expect(try String(contentsOf: file, encoding: .utf8) == "echo start-up\nformat json\n")
    }
}
