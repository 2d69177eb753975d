import Foundation
import TestSupport
import Testing

/// What the program's own command line says.
@Suite(.ownThreads) struct UsageTests {
    @Test func `help lists what can be written without a subcommand`() throws {
        for arguments in [["--help"], ["-h"], ["help"]] {
            let help = try Program(arguments)
            #expect(help.status == 0)
            for option in [
                "-m, --model ", "-t, --transcoder-set", "-f, --file ", "-c, --command ", "--keep-going ", "--no-download", "--version ", "attribute ",
            ] {
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
                -c 2: error: x is not a whole number; the number of tokens is needed here.
                  top x
                      ^
                  (`help top` says how it is written)

                """)
        #expect(try Program("-c", "top x").errors.hasPrefix("-c: error: x is not"))
        #expect(try Program("-c", "echo a", "-c", "echo b\n\ntop x").errors.hasPrefix("-c 2:3: error: x is not"))
        #expect(try Program(["-f", "-"], input: Array("echo a\ntop x\n".utf8)).errors.hasPrefix("stdin:2: error: x is not"))
        // What stands for a subcommand was not written by anybody.
        #expect(try Program("inspect", "/no/such").errors == "error: There is no folder /no/such.\n")
    }

    @Test func `a damaged file is named and its status is 1`() throws {
        let folder = try TemporaryFolder()
        let (whole, damaged) = (folder.url.appending(path: "a.json").path, folder.url.appending(path: "b.json").path)
        try Data("{}".utf8).write(to: URL(filePath: whole))
        try Data("{".utf8).write(to: URL(filePath: damaged))
        let good = try Program("check", whole)
        #expect(good.status == 0 && good.errors.isEmpty)
        #expect(good.output.split(separator: "\n")[1] == "\(whole)  JSON  whole  that it is JSON; it has no checksum")
        let both = try Program("check", whole, damaged)
        #expect(both.status == 1 && both.errors == "error: \(damaged) is not JSON: it ends too early.\n")
        #expect(both.output.split(separator: "\n")[2] == "\(damaged)  JSON  damaged  -")
        let json = try Program("check", "--json", folder.url.path)
        #expect(json.status == 1 && json.errors == both.errors)
        #expect(
            json.output == """
                {"command":"check","files":[\
                {"file":"\(whole)","kind":"JSON","state":"whole","compared":"that it is JSON; it has no checksum","problem":null},\
                {"file":"\(damaged)","kind":"JSON","state":"damaged","compared":null,"problem":"\(damaged) is not JSON: it ends too early."}],\
                "whole":1,"damaged":1,"unknown":0}

                """)
        let none = try Program("check", "/no/such")
        #expect(none.status == 1 && none.errors == "error: Cannot read /no/such: No such file or directory. Check the path.\n")
    }

    @Test(arguments: ["attribute", "convert"]) func `a name that no graph is saved under is refused before the work`(_ subcommand: String) throws {
        let folder = try TemporaryFolder()
        func path(_ name: String) -> String { folder.url.appending(path: name).path }
        for name in ["x.csv", "x.graph.txt", "x.pth"] {
            let program =
                try subcommand == "convert"
                ? Program("convert", path("none.pt"), path(name)) : Program("attribute", "-t", "tiny/llama3-plt-skip", "-p", "The", "-o", path(name))
            #expect(
                program.status == 2
                    && program.error == "Error: \(path(name)) is not the name of a graph's file: one ends in .pt (the Python library's),"
                        + " .json (pruned, for viewers), .safetensors or .graph.",
                "\(program.errors)")
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
        #expect(json.status == 0 && json.output.hasSuffix(#""decoded": "The capital"}"# + "\n"), "\(json.errors)")
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
        (["prompt", "it's"], #"There is no subcommand prompt. It is a command of the console: `circuit-tracer -c 'prompt it'\''s'` runs it."#),
        (["gemma"], "There is no subcommand gemma. `circuit-tracer --help` lists them; -t names a transcoder set and -m a model."),
    ])
    func `a word that is not a subcommand is answered with what was meant`(_ arguments: [String], _ sentence: String) throws {
        let program = try Program(arguments)
        #expect(program.status == 2 && program.error == "Error: " + sentence, "\(program.errors)")
    }

    @Test func `a layer is one of examples`() throws {
        let program = try Program("download", "gemma", "--layer", "3")
        #expect(program.status == 2 && program.error == "Error: --layer chooses examples; --features fetches them.", "\(program.errors)")
    }

    @Test func `an argument that is not text is refused`() throws {
        // A Swift string cannot hold it; the shell can.
        let program = try Program(shell: #"exec "$CT" -c "$(printf 'prompt caf\303')""#)
        #expect(program.status == 2 && program.error == "Error: Argument 2 is not UTF-8 text: prompt caf\u{FFFD}")
    }

    @Test func `a token that is none is refused, and not repeated`() throws {
        let folder = try TemporaryFolder()
        let serving = ["start-server", "--graph_file_dir", folder.url.path, "--port", "0"]
        let word = try Program(serving + ["--token", "my word"])
        #expect(word.status == 64 || word.status == 2)
        let sentence =
            "The token is not valid. `--token`, or the variable CIRCUIT_TRACER_TOKEN, must have 1 to 128 letters, digits and the"
            + " characters - . _ ~; use at least 16, so that it cannot be guessed. Without one, a random token is made."
        #expect(word.error == "Error: " + sentence)
        let variable = try Program(serving, variables: ["CIRCUIT_TRACER_TOKEN": "my word"])
        #expect(variable.status == 1 && variable.errors == "error: \(sentence)\n")
        let both = try Program(serving + ["--token", "word", "--no-token"])
        #expect(both.error == "Error: --token and --no-token exclude each other.")
    }
}
