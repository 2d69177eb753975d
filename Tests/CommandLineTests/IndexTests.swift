@testable import FeatureIndex
import Foundation
import TestSupport
import Testing

@Suite struct IndexTests {
    private let folder: TemporaryFolder
    private let data: [String: String]

    init() throws {
        folder = try TemporaryFolder()
        data = ["XDG_DATA_HOME": folder.url.path]
    }

    private static let text = (0..<200).map { number in "Fact \(number): the capital of the state containing Dallas is Austin" }.joined(separator: "\n")

    private static let set = ["-t", "tiny/llama3-plt-skip", "--context", "16", "--batch", "4"]

    private func index(_ arguments: String..., input: String = "", variables: [String: String] = [:]) throws -> Program {
        try Program(["index"] + arguments + Self.set, input: Array(input.utf8), variables: data.merging(variables) { $1 })
    }

    /// The answer of `--json`, without what differs between runs.
    private func facts(_ program: Program) throws -> [String: Int] {
        #expect(program.errors.split(separator: "\n").allSatisfy { $0.hasPrefix("memory: ") || $0.hasPrefix("indexing ") })
        let values = try #require(try JSONSerialization.jsonObject(with: Data(program.output.utf8)) as? [String: Any])
        let keys = ["tokens", "live_features", "features", "new_tokens"]
        return Dictionary(uniqueKeysWithValues: keys.compactMap { key in (values[key] as? Int).map { (key, $0) } })
    }

    @Test func `a file, standard input and shards of it make the same index`() throws {
        let corpus = try folder.write(Self.text, to: "corpus.txt").path
        let whole = try index(corpus, "--json")
        #expect(whole.status == 0)
        let facts = try facts(whole)
        #expect(try #require(facts["live_features"]) > 100)
        #expect(facts["new_tokens"] == facts["tokens"])
        let again = try self.facts(index(corpus, "--json"))
        #expect(again["new_tokens"] == 0)
        #expect(again["tokens"] == facts["tokens"])

        let piped = try self.facts(index("-", "--json", "--index", folder.url.path + "/piped.sqlite", input: Self.text))
        #expect(piped == facts)
        let objects = Self.text.split(separator: "\n").map { "{\"body\": \"\($0)\"}" }.joined(separator: "\n")
        let field = try self.facts(index("-", "--jsonl", "--field", "body", "--json", "--index", folder.url.path + "/field.sqlite", input: objects))
        #expect(field == facts)

        for shard in ["1/2", "2/2"] { #expect(try index(corpus, "--shard", shard).status == 0) }
        let indexes = folder.url.appending(path: "circuit-tracer/indexes")
        let parts = try FileManager.default.contentsOfDirectory(atPath: indexes.path).filter { $0.contains("-of-2") && $0.hasSuffix("sqlite") }.sorted()
        #expect(parts.count == 2)
        let merged = try Program(
            ["index", "merge"] + parts.map { indexes.path + "/" + $0 } + ["-o", folder.url.path + "/merged.sqlite", "--json"], variables: data)
        let sum = try self.facts(merged)
        #expect(sum["tokens"] == facts["tokens"] && sum["live_features"] == facts["live_features"])
        let status = try Program("index", "status", folder.url.path + "/merged.sqlite", "--json", variables: data)
        #expect(try self.facts(status) == sum)
    }

    @Test func `what is wrong is said in a sentence`() throws {
        let corpus = try folder.write("{\"text\": \"a\"}\n{\"body\": \"b\"}\n", to: "corpus.jsonl").path
        let missing = try index(corpus)
        #expect(missing.status == 1)
        #expect(missing.errors.hasSuffix("error: \(corpus), line 2: there is no field \"text\"; the fields are body. --field names another.\n"))
        let context = try Program(["index", corpus, "-t", "tiny/llama3-plt-skip", "--context", "1"], variables: data)
        #expect(context.errors.hasSuffix("error: --context is 1 and must be larger than 1, the tokens at the start that have no features.\n"))
        let none = try index(folder.url.path + "/none.txt")
        #expect(none.errors.hasSuffix("error: \(folder.url.path)/none.txt cannot be read: No such file or directory.\n"))
        let number = try Program("index", corpus, "-t", "tiny/llama3-plt-skip", "--batch", "0", variables: data)
        #expect(number.status == 2)
        #expect(number.error == "Error: --batch is 0 and must be at least 1.")
    }

    @Test func `Ctrl-C keeps what is done, and the same command continues`() throws {
        let corpus = try folder.write(Array(repeating: Self.text, count: 200).enumerated().map { "\($0) \($1)" }.joined(separator: "\n"), to: "corpus.txt")
        let file = folder.url.path + "/index.sqlite"
        let arguments = ["index", corpus.path, "--index", file, "--commit", "1"] + Self.set
        let terminal = try PseudoTerminal(Program.url, arguments, environment: Program.environment.merging(data) { $1 })
        // Until something is done.
        while (try? IndexReader(URL(filePath: file)).summary().tokens) ?? 0 == 0 { usleep(1000) }
        terminal.type([3])
        let (status, shown) = try terminal.end()
        #expect(status == 130)
        #expect(shown.contains("note: Interrupted. What is done is kept; the same command continues from here.\r\n"))
        let kept = try IndexReader(URL(filePath: file)).summary()
        #expect(kept.tokens > 0 && !kept.isComplete)
    }

    /// The program is killed at times that are spread over a whole run.
    @Test func `kill -9 at any moment loses and doubles nothing`() throws {
        let corpus = try folder.write(Self.text, to: "corpus.txt").path
        #expect(try index(corpus, "--index", folder.url.path + "/whole.sqlite").status == 0)
        let arguments = ["index", corpus, "--index", folder.url.path + "/killed.sqlite", "--commit", "1"] + Self.set
        var (kills, isDone) = (0, false)
        while kills < 20, !isDone {
            let process = Process()
            process.executableURL = Program.url
            process.arguments = arguments
            process.environment = Program.environment.merging(data) { $1 }
            (process.standardInput, process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice, FileHandle.nullDevice)
            try process.run()
            usleep(UInt32(60_000 + kills * 15_000))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            kills += 1
            isDone = process.terminationReason == .exit
        }
        #expect(kills > 3)
        #expect(try Program(arguments, variables: data).status == 0)
        let (whole, killed) = (try Contents(folder.url.path + "/whole.sqlite"), try Contents(folder.url.path + "/killed.sqlite"))
        #expect(whole == killed)
        #expect(whole.tallies.count > 100 && whole.blocks.count > 10)
    }

    /// All that is in an index of one corpus.
    private struct Contents: Equatable {
        let tallies: [FeatureTally]
        let blocks: [IndexStore.Block]

        init(_ file: String) throws {
            let reader = try IndexReader(URL(filePath: file))
            tallies = try reader.tallies(0..<reader.identity.layers * reader.identity.featuresPerLayer).map(\.tally)
            blocks = try reader.summary().corpora.flatMap { try reader.blocks(of: $0.key, 0...Int(Int32.max)) }
        }
    }
}
