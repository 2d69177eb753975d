import Foundation
import TestSupport
import Testing

/// What the program's own command line says.
@Suite struct UsageTests {
    @Test func `help lists what can be written without a subcommand`() throws {
        for arguments in [["--help"], ["-h"], ["help"]] {
            let help = try Program(arguments)
            #expect(help.status == 0)
            for option in ["-m, --model ", "-t, --transcoder-set", "-f, --file ", "-c, --command ", "--keep-going ", "--no-download", "--version ", "attribute "] {
                #expect(help.output.contains("\n  \(option)"), "\(option)")
            }
        }
        #expect(try Program("attribute", "--help").output.contains("\nOVERVIEW") == false)
    }

    @Test func `an error of one of several commands names which`() throws {
        let two = try Program("-c", "echo a", "-f", "-", "-c", "top x", input: "echo b\n")
        #expect(two.status == 1 && two.output == "a\nb\n")
        #expect(
            two.errors == """
                -c 2: error: x is not a whole number; how many tokens is needed here.
                  top x
                      ^
                  (`help top` says how it is written)

                """)
        #expect(try Program("-c", "top x").errors.hasPrefix("-c: error: x is not"))
        #expect(try Program("-c", "echo a", "-c", "echo b\n\ntop x").errors.hasPrefix("-c 2:3: error: x is not"))
        #expect(try Program(["-f", "-"], input: Array("echo a\ntop x\n".utf8)).errors.hasPrefix("stdin:2: error: x is not"))
        // What stands for a subcommand was not written by anybody.
        #expect(try Program("inspect", "/no/such").errors.hasPrefix("error: There is no folder /no/such."))
    }

    @Test func `a damaged file is named and its status is 1`() throws {
        let folder = try TemporaryFolder()
        let (whole, damaged) = (folder.url.appending(path: "a.json").path, folder.url.appending(path: "b.json").path)
        try Data("{}".utf8).write(to: URL(filePath: whole))
        try Data("{".utf8).write(to: URL(filePath: damaged))
        let good = try Program("check", whole)
        #expect(good.status == 0 && good.output.contains(whole) && good.errors.isEmpty)
        let both = try Program("check", whole, damaged)
        #expect(both.status == 1 && both.errors.contains("error: \(damaged) is not JSON: it ends early."))
        #expect(both.output.contains("damaged"))
        let json = try Program("check", "--json", folder.url.path)
        #expect(json.status == 1 && json.output.contains("\"state\""))
        #expect(try Program("check", "/no/such").status == 1)
    }

    @Test(arguments: ["attribute", "convert"]) func `a name that no graph is saved under is refused before the work`(_ subcommand: String) throws {
        let folder = try TemporaryFolder()
        func path(_ name: String) -> String { folder.url.appending(path: name).path }
        for name in ["x.csv", "x.graph.txt", "x.pth"] {
            let program = try subcommand == "convert"
                ? Program("convert", path("none.pt"), path(name)) : Program("attribute", "-t", "tiny/llama3-plt-skip", "-p", "The", "-o", path(name))
            #expect(program.status == 2 && program.errors.contains("\(name) is not the name of a graph's file: one ends in .pt"), "\(program.errors)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }

    @Test func `a name without an ending gives the reference's file, as there`() throws {
        let folder = try TemporaryFolder()
        for name in ["graph", "graph.pt"] {
            let path = folder.url.appending(path: name).path
            #expect(try Program("attribute", "-t", "tiny/llama3-plt-skip", "-p", "The", "-o", path).status == 0)
        }
        #expect(try Data(contentsOf: folder.url.appending(path: "graph")) == Data(contentsOf: folder.url.appending(path: "graph.pt")))
    }

    @Test func `a mark and line ends of another system belong to no text`() throws {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let plain = try Program("tokenize", "tiny/llama3", input: "The capital\n\nof\n")
        #expect(plain.status == 0 && plain.output.split(separator: "\n").count == 2)
        #expect(try Program(["tokenize", "tiny/llama3"], input: mark + Array("The capital\r\n\r\nof\r\n".utf8)).output == plain.output)
        let json = try Program(["tokenize", "--json", "tiny/llama3"], input: mark + Array("\"The capital\"\r\n".utf8))
        #expect(json.status == 0 && json.output.contains("The capital"), "\(json.errors)")
        let script = mark + Array("echo a\r\n# b\r\necho c\r\n".utf8)
        #expect(try Program([], input: script).output == "a\nc\n")
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "a.ct")
        try Data(script).write(to: file)
        #expect(try Program("-f", file.path, "-c", "source \(file.path)").output == "a\nc\na\nc\n")
        let prompts = folder.url.appending(path: "prompts.txt")
        try Data(mark + Array("The capital\r\n\r\n\"of\"\r\n".utf8)).write(to: prompts)
        let run = try Program("attribute", "-t", "tiny/llama3-plt-skip", "--prompts", prompts.path, "-o", folder.url.appending(path: "g.pt").path, "--json")
        #expect(run.output.split(separator: "\n").map { $0.contains(#""prompt":"The capital""#) || $0.contains(#""prompt":"of""#) } == [true, true])
    }

    @Test(arguments: [
        (["attrbute", "-p", "x"], "There is no subcommand attrbute. Did you mean attribute?"),
        (["top", "3"], "There is no subcommand top. It is a command of the console: `circuit-tracer -c 'top 3'` runs it."),
        (["prompt", "it's"], #"`circuit-tracer -c 'prompt it'\''s'` runs it."#),
        (["gemma"], "There is no subcommand gemma. `circuit-tracer --help` lists them; -t names a transcoder set and -m a model."),
    ])
    func `a word that is not a subcommand is answered with what was meant`(_ arguments: [String], _ sentence: String) throws {
        let program = try Program(arguments)
        #expect(program.status == 2 && program.errors.contains(sentence), "\(program.errors)")
    }

    @Test func `an argument that is not text is refused`() throws {
        // A Swift string cannot hold it; the shell can.
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", #"exec "$0" -c "$(printf 'prompt caf\303')""#, Program.url.path]
        process.environment = Program.environment
        let errors = Pipe()
        (process.standardError, process.standardOutput) = (errors, FileHandle.nullDevice)
        try process.run()
        process.waitUntilExit()
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(process.terminationStatus == 2 && text.contains("Argument 2 is not UTF-8 text"))
    }

    @Test func `a token that is none is refused, and not repeated`() throws {
        let folder = try TemporaryFolder()
        let serving = ["start-server", "--graph_file_dir", folder.url.path, "--port", "0"]
        let word = try Program(serving + ["--token", "my word"])
        #expect(word.status == 64 || word.status == 2)
        #expect(word.errors.contains("letters, digits and the characters - . _ ~"))
        let variable = try Program(serving, variables: ["CIRCUIT_TRACER_TOKEN": "my word"])
        #expect(variable.status == 1 && variable.errors.contains("CIRCUIT_TRACER_TOKEN") && !variable.errors.contains("my word"))
        let both = try Program(serving + ["--token", "word", "--no-token"])
        #expect(both.errors.contains("--token and --no-token exclude each other."))
    }
}
