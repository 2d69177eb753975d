import Foundation
import TestSupport
import Testing

/// The reference's `attribute` command line, and what goes beyond it.
@Suite(.ownThreads) struct AttributeTests {
    private static let set = "tiny/llama3-plt-skip"
    private static let prompt = "The capital of the state"
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func path(_ name: String) -> String { folder.url.appending(path: name).path }

    private func attribute(_ arguments: String...) throws -> Program {
        try Program(["attribute", "-t", Self.set] + arguments)
    }

    @Test func `somewhere to write to is required`() throws {
        let run = try attribute("-p", "x")
        #expect(run.status == 2 && run.error == "Error: --graph_output_path is required when not creating graph files (--slug and --graph_file_dir).")
        let half = try attribute("-p", "x", "--slug", "a")
        #expect(
            half.status == 2
                && half.error
                    == "Error: --graph_output_path is required when not creating graph files (--slug and --graph_file_dir). --graph_file_dir is missing."
        )
        let server = try attribute("-p", "x", "-o", path("g.pt"), "--server")
        #expect(server.status == 2 && server.error == "Error: Both --slug and --graph_file_dir are required when using --server.")
    }

    @Test func `every flag of the reference is taken, in both spellings`() throws {
        let common = ["-p", Self.prompt, "-m", "tiny/llama3", "--dtype", "bf16", "--offload", "disk", "--verbose", "--backend", "nnsight", "--port", "9"]
        let underscored =
            common + [
                "--transcoder_set", Self.set, "--graph_output_path", path("a.pt"), "--slug", "a", "--graph_file_dir", folder.url.path,
                "--max_n_logits", "3", "--desired_logit_prob", "0.5", "--batch_size", "8", "--max_feature_nodes", "50",
                "--update_interval", "2", "--lazy-encoder", "--lazy-decoder", "--node_threshold", "0.7", "--edge_threshold", "0.9",
            ]
        let hyphened = underscored.map { $0.hasPrefix("--") ? $0.replacing("_", with: "-") : $0 }.map {
            $0 == "a" ? "b" : $0 == path("a.pt") ? path("b.pt") : $0
        }
        for arguments in [underscored, hyphened] {
            let run = try Program(["attribute"] + arguments)
            #expect(run.status == 0, "\(run.errors)")
            #expect(
                run.errors.hasPrefix(
                    """
                    note: --dtype bf16 changes nothing: weights are read as they are stored and computed with in float32
                    note: --offload disk changes nothing: weights are mapped files, which the system drops when memory is short
                    note: --lazy-encoder changes nothing: weights are mapped files, read as they are needed
                    note: --lazy-decoder changes nothing: weights are mapped files, read as they are needed
                    note: --backend nnsight changes nothing: there is one engine for all models
                    loaded tiny/llama3 with \(Self.set)

                    """))
        }
        #expect(try Data(contentsOf: URL(filePath: path("a.pt"))) == Data(contentsOf: URL(filePath: path("b.pt"))))
        let metadata = try #require(json(path("a.json"))["metadata"] as? [String: Any])
        #expect(metadata["slug"] as? String == "a" && metadata["node_threshold"] as? Double == 0.7)
    }

    @Test func `scores and targets can be read by programs`() throws {
        let scores = try attribute("-p", Self.prompt, "-o", path("g.graph"), "--scores")
        #expect(scores.output.firstMatch(of: /^replacement_score 0\.4411\d*\ncompleteness_score 0\.7321\d*\n$/) != nil, "\(scores.output)")
        let run = try attribute("-p", Self.prompt, "-o", path("g.graph"), "--json", "--target-diff", "#454", "#430")
        let object = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        #expect(object["prompt"] as? String == Self.prompt && object["graph_output_path"] as? String == path("g.graph"))
        let targets = try #require(object["targets"] as? [[String: Any]])
        #expect(targets.count == 1 && (targets[0]["target"] as? String)?.hasPrefix("logit(") == true)
        #expect(run.output.split(separator: "\n").count == 1)
    }

    @Test func `an earlier prediction is explained, and done once`() throws {
        let run = try attribute("-p", Self.prompt, "-o", path("g.graph"), "--json", "--position", "-6")
        let object = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        #expect(object["position"] as? Int == 7 && object["prompt"] as? String == Self.prompt)
        let list = ["-p", Self.prompt, "-p", "of the terms", "-o", path("l.graph"), "--position", "2"]
        #expect(try Program(["attribute", "-t", Self.set] + list).status == 0)
        let again = try Program(["attribute", "-t", Self.set] + list)
        #expect(again.errors == "1/2: already there; remove it to compute it again\n2/2: already there; remove it to compute it again\n")
        let beyond = try attribute("-p", Self.prompt, "-o", path("x.graph"), "--position", "13")
        #expect(beyond.status == 1 && beyond.errors == "error: There is no position 13: the prompt has positions 0 to 12.\n")
    }

    @Test func `targets that are none are refused before anything is computed`() throws {
        for (arguments, sentence) in [
            (["--target", "no such token"], #"error: "no such token" is 6 tokens: "n" "o" " such" " to" "k" "en". Name one of them, for example the first."#),
            (["--target-diff", "#1"], "Error: --target-diff takes two tokens, not 1."),
            (
                ["--target-concept", "#1,#2 / #3"],
                "Error: --target-concept: A concept has as many tokens before the slash as after it; these are 2 and 1."
            ),
            (["--target", "#1", "--target-diff", "#1", "#2"], "Error: Only one of --target, --target-diff and --target-concept can be given."),
            (
                ["--target-concept", "#1"],
                #"Error: --target-concept: A concept has tokens on both sides of one slash, for example " Austin, Sacramento /  Texas, California"."#
            ),
            (["--target", "#99999"], "error: There is no token #99999: ids go from 0 to 599."),
        ] {
            let run = try Program(["attribute", "-t", Self.set, "-p", "The", "-o", path("x.pt")] + arguments)
            #expect(run.status != 0 && run.error == sentence, "\(arguments): \(run.errors)")
            #expect(!FileManager.default.fileExists(atPath: path("x.pt")))
        }
    }

    @Test func `a list of prompts is divided among machines, and done once`() throws {
        let list = path("prompts.txt")
        try "The capital\n\n\"two\\nlines\"\n of the terms\n".write(toFile: list, atomically: true, encoding: .utf8)
        func run(_ more: String...) throws -> Program {
            try Program(["attribute", "-t", Self.set, "--prompts", list, "-o", path("g.pt"), "--slug", "s", "--graph_file_dir", folder.url.path] + more)
        }
        func files() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder.url.path).filter { $0.hasPrefix("g-") || $0.hasPrefix("s-") }.sorted()
        }
        #expect(try run("--shard", "2/2").status == 0)
        #expect(try files() == ["g-2.pt", "s-2.json"])
        #expect((try json(path("s-2.json"))["metadata"] as? [String: Any])?["prompt"] as? String == "<|begin_of_text|>two\nlines")
        #expect(try run().status == 0)
        #expect(try files() == ["g-1.pt", "g-2.pt", "g-3.pt", "s-1.json", "s-2.json", "s-3.json"])
        let again = try run()
        #expect(again.status == 0 && again.errors == (1...3).map { "\($0)/3: already there; remove it to compute it again\n" }.joined())
        // What was written and not listed is listed; what explains something else is nobody's to skip or to replace.
        try FileManager.default.removeItem(atPath: path("graph-metadata.json"))
        #expect(try run().status == 0)
        #expect(try (json(path("graph-metadata.json"))["graphs"] as? [Any])?.count == 3)
        let targeted = try run("--target", "#3")
        #expect(
            targeted.status == 1
                && targeted.error == "error: \(path("g-1.pt")) is a graph that explains other tokens of this prompt. Remove it, or choose another name.")
        // A file of another prompt is nobody's to replace.
        try "Something else\n".write(toFile: list, atomically: true, encoding: .utf8)
        let other = try Program("attribute", "-t", Self.set, "-p", "Something else", "-p", "of it", "-o", path("g.pt"))
        #expect(
            other.status == 1
                && other.error
                    == #"error: \#(path("g-1.pt")) is the graph of another prompt, "<|begin_of_text|>The capital". Remove it, or choose another name."#
        )
    }

    @Test func `prompts that are wrong are named by their line`() throws {
        let list = path("prompts.txt")
        try "fine\n\"no end\n".write(toFile: list, atomically: true, encoding: .utf8)
        let run = try attribute("--prompts", list, "-o", path("g.pt"))
        #expect(run.status == 2 && run.error == "error: \(list), line 2: a line that begins with a double quote must be a JSON string.")
        let none = try attribute("--prompts", path("none.txt"), "-o", path("g.pt"))
        #expect(none.status == 2 && none.error == "error: \(path("none.txt")) cannot be read: No such file or directory. Check the path and the permissions.")
        #expect(try attribute("-o", path("g.pt")).error == "Error: There is no prompt: give --prompt TEXT or --prompts FILE.")
        #expect(try attribute("-p", "a", "-p", "b", "-o", path("g.pt"), "--shard", "3/2").status == 2)
    }

    @Test func `a port in use is known before the work`() throws {
        let (listener, port) = try listenOnLoopback()
        defer { close(listener) }
        let run = try attribute("-p", "a", "--slug", "a", "--graph_file_dir", folder.url.path, "--server", "--port", "\(port)")
        #expect(run.status == 2 && run.errors.firstMatch(of: /^error: Port (\d+) is in use\. `--port \d+` is free\.\n$/)?.1 == "\(port)", "\(run.errors)")
        #expect(!FileManager.default.fileExists(atPath: path("a.json")))
    }

    @Test func `graphs are converted there and back`() throws {
        _ = try attribute("-p", Self.prompt, "-o", path("g.pt"))
        #expect(try Program("convert", path("g.pt"), path("g.graph")).status == 0)
        #expect(try Program("convert", path("g.graph"), path("again.pt")).status == 0)
        #expect(try Data(contentsOf: URL(filePath: path("g.pt"))) == Data(contentsOf: URL(filePath: path("again.pt"))))
        #expect(try Program("convert", path("g.graph"), path("g.json")).status == 0)
        let nodes = try #require(json(path("g.json"))["nodes"] as? [Any])
        #expect(nodes.count == 35)
        let small = try Program("convert", path("g.json"), path("small.pt"))
        let pruned = "note: The file is a graph that was pruned before: its scores and shares are of what is left.\n"
        func written() throws -> String { "\(path("small.pt")): \(try Data(contentsOf: URL(filePath: path("small.pt"))).count) bytes\n" }
        #expect(try small.status == 0 && small.errors == pruned + written())
        let pinned = try String(contentsOfFile: path("g.json"), encoding: .utf8).replacing("\"pinnedIds\": []", with: "\"pinnedIds\": [\"x\"]")
        try Data(pinned.utf8).write(to: URL(filePath: path("pinned.json")))
        let unpinned = try Program("convert", path("pinned.json"), path("small.pt"))
        #expect(try unpinned.errors == pruned + "note: A .pt file has no pins, supernodes and labels; .safetensors and .json files do.\n" + written())
        // What is said of a pruned graph is what is written of it.
        let file = try Program("prune", path("g.json"), "--json", "--node_threshold", "0.5", "--slug", "half", "--graph_file_dir", folder.url.path)
        let half = try json(path("half.json"))
        #expect((half["metadata"] as? [String: Any])?["node_threshold"] as? Double == 0.5)
        let rows = try kept(file)
        #expect(rows.filter { $0.kind != "edges" }.reduce(0) { $0 + $1.kept } == (half["nodes"] as? [Any])?.count)
        #expect(rows.first { $0.kind == "edges" }?.kept == (half["links"] as? [Any])?.count)
        #expect(try kept(Program("prune", path("g.pt"), "--json")).first { $0.kind == "edges" }?.kept == 188)
        let missing = try Program("convert", path("none.pt"), path("x.json"))
        #expect(missing.status == 1 && missing.errors == "error: Cannot read \(path("none.pt")): No such file or directory. Check the path.\n")
    }

    @Test func `a plan counts before it computes`() throws {
        let run = try Program("plan", "-t", Self.set, "-p", Self.prompt, "--json")
        let object = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        #expect(run.status == 0 && object["active_features"] as? Int == 389 && object["fits"] as? Bool == true)
    }

    private struct Pruned: Decodable {
        struct Row: Decodable { let kind: String, kept: Int }
        let kept: [Row]
    }

    /// What `prune --json` says is kept.
    private func kept(_ program: Program) throws -> [Pruned.Row] { try JSONDecoder().decode(Pruned.self, from: Data(program.output.utf8)).kept }

    private func json(_ path: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path))) as? [String: Any])
    }
}
