import Foundation
import TestSupport
import Testing

/// What is not on the machine: fetched by itself where nobody can be asked, after a question where somebody can.
@Suite(.ownThreads) struct FetchingTests {
    private static let set = "tiny/llama3-plt-skip"
    private let folder: TemporaryFolder
    private let remote: LoopbackHub

    init() throws {
        folder = try TemporaryFolder()
        remote = try LoopbackHub([Self.set: try Fixtures.files(of: Self.set), "tiny/llama3": try Fixtures.files(of: "tiny/llama3")])
    }

    private var cache: String { folder.url.appending(path: "hub").path }
    private var graph: String { folder.url.appending(path: "graph.pt").path }
    private var attribute: [String] { ["attribute", "-t", Self.set, "-p", "The capital of", "-o", graph] }

    /// An empty cache, and a hub that can be reached.
    private var variables: [String: String] {
        ["HF_HUB_CACHE": cache, "HF_HUB_OFFLINE": "0", "HF_ENDPOINT": remote.hub.address, "HF_HOME": folder.url.path]
    }

    /// What is not here, and how much it is.
    private static let needs = "\(set) needs 10 files that are not on this machine, 818.5 kB"

    private func run(_ arguments: [String], input: String = "", _ more: [String: String] = [:]) throws -> Program {
        try Program(arguments, input: Array(input.utf8), variables: variables.merging(more) { $1 })
    }

    @Test func `attribute in a script fetches the set and its model, and says how much`() throws {
        let first = try run(attribute)
        #expect(first.status == 0, "\(first.errors)")
        let size = try [Self.set, "tiny/llama3"].flatMap { try Fixtures.files(of: $0).values }.reduce(0) { $0 + $1.count }
        #expect(size > 500_000)
        // How far it has come is said now and then.
        let said = first.errors.split(separator: "\n").filter { !$0.hasPrefix("fetching ") && !$0.hasPrefix("checking ") }
        #expect(said.dropLast() == ["\(Self.needs); fetching into \(cache)", "fetched 818.5 kB"])
        let summary = try #require(said.last)
        #expect(summary.hasPrefix("328 active features, 388 nodes, "))
        #expect(first.output.isEmpty, "standard output is for data")
        let fetched = try Data(contentsOf: URL(filePath: graph))
        #expect(try Program(attribute).status == 0)
        #expect(try fetched == Data(contentsOf: URL(filePath: graph)), "as from the files themselves")
        // What is here is not asked for again.
        let count = remote.hub.requests.count
        let second = try run(attribute)
        #expect(second.status == 0 && second.errors == summary + "\n" && remote.hub.requests.count == count)
    }

    @Test(
        arguments: [
            (["plan", "-t", set, "-p", "The capital"], "", needs), (["-t", set, "-c", "prompt The capital"], "", needs),
            (["-m", "tiny/llama3", "-c", "prompt The capital"], "", "tiny/llama3 needs 6 files that are not on this machine, 481.5 kB"),
            (["-c", "load \(set)", "-c", "prompt The capital"], "", needs),
            // The set first, then the model.
            (["-f", "-"], "load tiny/llama3 \(set)\nprompt The capital\n", "\(set) needs 4 files that are not on this machine, 337.0 kB"),
            ([], "load \(set)\nprompt The capital\n", needs),
        ] as [([String], String, String)])
    func `so does everything that loads a model`(_ arguments: [String], _ input: String, _ needs: String) throws {
        let program = try run(arguments, input: input)
        #expect(program.status == 0, "\(program.errors)")
        #expect(program.error == "\(needs); fetching into \(cache)")
        #expect(remote.fetched.contains("config.json"))
    }

    @Test func `what forbids it is obeyed, and named`() throws {
        func missing(_ name: String) -> String {
            "error: \(name) is not in the cache \(cache). Download it, or set HF_HUB_CACHE to the cache that has it."
        }
        let refusal = missing(Self.set) + " `circuit-tracer download \(Self.set)` fetches it.\n"
        let offline = " \(Self.set) was not downloaded, because HF_HUB_OFFLINE (or TRANSFORMERS_OFFLINE) is set. Unset it to use the network.\n"
        for (arguments, more, sentence) in [
            (attribute, ["HF_HUB_OFFLINE": "1"], missing(Self.set) + offline), (attribute + ["--no-download"], [:], refusal),
            (["plan", "-t", Self.set, "-p", "x", "--no_download"], [:], refusal), (["-t", Self.set, "--no-download", "-c", "top"], [:], refusal),
        ] {
            let program = try run(arguments, more)
            #expect(program.status == 2 && program.errors == sentence, "\(program.errors)")
        }
        let load = try run(["--no-download", "-c", "load \(Self.set)"])
        #expect(load.status == 1 && load.errors == "-c: " + refusal, "\(load.errors)")
        // One can look without gigabytes.
        let inspect = try run(["inspect", Self.set])
        #expect(inspect.status == 1 && inspect.errors == refusal, "\(inspect.errors)")
        let tokenize = try run(["tokenize", "tiny/llama3"], input: "a")
        let fetching = " `circuit-tracer download tiny/llama3` fetches it.\n"
        #expect(tokenize.status == 2 && tokenize.errors == missing("tiny/llama3") + fetching, "\(tokenize.errors)")
        #expect(remote.hub.requests.isEmpty)
    }

    @Test func `what the hub does not have is named with what was asked for`() throws {
        let typo = try run(["attribute", "-t", "tiny/lama", "-p", "x", "-o", graph])
        #expect(typo.status == 2)
        let unfetched = "is neither a folder here nor complete in the cache \(cache), and it cannot be fetched: "
        #expect(typo.errors == "error: tiny/lama \(unfetched)There is no repository tiny/lama on the hub. Check its name.\n")
        remote.change { $0.repositories["tiny/llama3"] = nil }
        let half = try run(attribute)
        #expect(half.status == 2)
        #expect(
            half.errors
                == "error: \(Self.set) \(unfetched)tiny/llama3, the model of \(Self.set), cannot be downloaded. There is no repository tiny/llama3 on the hub."
                + " Did you mean llama? `--no-model` downloads only the set.\n")
    }

    private func terminal(_ more: [String: String] = [:]) throws -> PseudoTerminal {
        try PseudoTerminal(
            Program.url, attribute, environment: Program.environment.merging(variables.merging(more) { $1 }) { $1 })
    }

    @Test func `what arrived before a Ctrl-C is kept`() throws {
        remote.change { $0.pause = 500 }
        let terminal = try terminal()
        try terminal.wait(for: "[y/N] ")
        terminal.type("y\r")
        try terminal.wait(for: "\rfetching ")
        terminal.type("\u{3}")
        let end = try terminal.end()
        #expect(end.status == 130)
        #expect(end.shown.hasSuffix("interrupted; what has arrived is kept, and the same command continues from there\r\n"))
        remote.change { $0.pause = nil }
        #expect(try run(attribute).status == 0)
    }

    @Test func `at a terminal somebody is asked, in a notebook nobody answers`() throws {
        for answer in ["n", ""] {
            let asked = try terminal()
            let question = try asked.wait(for: "[y/N] ")
            #expect(question == "\(Self.needs). Download to \(cache)? [y/N] ")
            asked.type(answer + "\r")
            let refused = try asked.end()
            #expect(refused.status == 2 && refused.shown == answer + "\r\n\(Self.set) was not downloaded\r\n", "\(refused.shown.debugDescription)")
        }
        let agreed = try terminal()
        try agreed.wait(for: "[y/N] ")
        agreed.type("y\r")
        #expect(try agreed.end().status == 0)
        #expect(FileManager.default.fileExists(atPath: graph))
        try FileManager.default.removeItem(atPath: cache)
        let notebook = try terminal(["JPY_PARENT_PID": "1"]).end()
        #expect(notebook.status == 0 && notebook.shown.hasPrefix("\(Self.needs); fetching into \(cache)\r\n"), "\(notebook.shown)")
    }
}
