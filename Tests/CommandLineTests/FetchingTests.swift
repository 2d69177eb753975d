import Foundation
import TestSupport
import Testing

/// What is not on the machine: fetched by itself where nobody can be asked, after a question where somebody can.
@Suite struct FetchingTests {
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

    private func run(_ arguments: [String], input: String = "", _ more: [String: String] = [:]) throws -> Program {
        try Program(arguments, input: Array(input.utf8), variables: variables.merging(more) { $1 })
    }

    @Test func `attribute in a script fetches the set and its model, and says how much`() throws {
        let first = try run(attribute)
        #expect(first.status == 0, "\(first.errors)")
        let size = try [Self.set, "tiny/llama3"].flatMap { try Fixtures.files(of: $0).values }.reduce(0) { $0 + $1.count }
        #expect(first.errors.hasPrefix("\(Self.set) needs "))
        #expect(first.errors.contains(" files that are not on this machine, ") && first.errors.contains("; fetching into \(cache)\n"))
        #expect(first.errors.contains("\nfetched ") && size > 500_000)
        #expect(first.output.isEmpty, "standard output is for data")
        let fetched = try Data(contentsOf: URL(filePath: graph))
        #expect(try Program(attribute).status == 0)
        #expect(try fetched == Data(contentsOf: URL(filePath: graph)), "as from the files themselves")
        // What is here is not asked for again.
        let count = remote.hub.requests.count
        let second = try run(attribute)
        #expect(second.status == 0 && !second.errors.contains("fetch") && remote.hub.requests.count == count)
    }

    @Test(arguments: [
        (["plan", "-t", set, "-p", "The capital"], ""), (["-t", set, "-c", "prompt The capital"], ""),
        (["-m", "tiny/llama3", "-c", "prompt The capital"], ""), (["-c", "load \(set)", "-c", "prompt The capital"], ""),
        (["-f", "-"], "load tiny/llama3 \(set)\nprompt The capital\n"), ([], "load \(set)\nprompt The capital\n"),
    ] as [([String], String)])
    func `so does everything that loads a model`(_ arguments: [String], _ input: String) throws {
        let program = try run(arguments, input: input)
        #expect(program.status == 0, "\(program.errors)")
        #expect(program.errors.contains("fetching into \(cache)") && remote.fetched.contains("config.json"))
    }

    @Test func `what forbids it is obeyed, and named`() throws {
        for (arguments, more, sentence) in [
            (attribute, ["HF_HUB_OFFLINE": "1"], "HF_HUB_OFFLINE (or TRANSFORMERS_OFFLINE) is set. Unset it"),
            (attribute + ["--no-download"], [:], "`circuit-tracer download \(Self.set)` fetches it."),
            (["plan", "-t", Self.set, "-p", "x", "--no_download"], [:], "`circuit-tracer download \(Self.set)` fetches it."),
            (["-t", Self.set, "--no-download", "-c", "top"], [:], "`circuit-tracer download \(Self.set)` fetches it."),
        ] {
            let program = try run(arguments, more)
            #expect(program.status == 2 && program.errors.contains(sentence), "\(program.errors)")
        }
        let load = try run(["--no-download", "-c", "load \(Self.set)"])
        #expect(load.status == 1 && load.errors.hasPrefix("-c: error: ") && load.errors.contains("`circuit-tracer download"))
        // One can look without gigabytes.
        let inspect = try run(["inspect", Self.set])
        #expect(inspect.status == 1 && inspect.errors.contains("`circuit-tracer download \(Self.set)` fetches it."))
        let tokenize = try run(["tokenize", "tiny/llama3"], input: "a")
        #expect(tokenize.status == 2 && tokenize.errors.contains("`circuit-tracer download tiny/llama3` fetches it."))
        #expect(remote.hub.requests.isEmpty)
    }

    @Test func `what the hub does not have is named with what was asked for`() throws {
        let typo = try run(["attribute", "-t", "tiny/lama", "-p", "x", "-o", graph])
        #expect(typo.status == 2)
        #expect(typo.errors.contains("tiny/lama is neither a folder here nor complete in the cache \(cache), and it cannot be fetched: there is no repository tiny/lama on the hub."))
        remote.change { $0.repositories["tiny/llama3"] = nil }
        let half = try run(attribute)
        #expect(half.status == 2 && half.errors.contains("the model of \(Self.set), tiny/llama3: there is no repository"), "\(half.errors)")
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
        #expect(end.status == 130 && end.shown.contains("interrupted; what has arrived is kept, and the same command goes on from there"))
        remote.change { $0.pause = nil }
        #expect(try run(attribute).status == 0)
    }

    @Test func `at a terminal somebody is asked, in a notebook nobody answers`() throws {
        for answer in ["n", ""] {
            let asked = try terminal()
            let question = try asked.wait(for: "[y/N] ")
            #expect(question.contains("\(Self.set) needs ") && question.contains(". Fetch into \(cache)? "))
            asked.type(answer + "\r")
            let refused = try asked.end()
            #expect(refused.status == 2 && refused.shown.contains("\(Self.set) was not fetched"))
        }
        let agreed = try terminal()
        try agreed.wait(for: "[y/N] ")
        agreed.type("y\r")
        #expect(try agreed.end().status == 0)
        #expect(FileManager.default.fileExists(atPath: graph))
        try FileManager.default.removeItem(atPath: cache)
        let notebook = try terminal(["JPY_PARENT_PID": "1"]).end()
        #expect(notebook.status == 0 && notebook.shown.contains("fetching into") && !notebook.shown.contains("[y/N]"))
    }
}
