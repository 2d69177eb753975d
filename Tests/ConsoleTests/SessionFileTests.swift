import Foundation
import TestSupport
import Testing

@testable import Console
@testable import GraphFiles
@testable import Workbench

/// `session save` and `session open`, on a small model.
@Suite struct SessionFileTests {
    /// A console of its own, with what it printed for the last line.
    private final class Typist {
        let screen = Screen()
        private let console: Interpreter

        init(_ session: Session = SessionFileTests.session()) {
            console = Interpreter(
                session: session, makeSession: { _ in .unavailable("no model here") }, printer: screen.printer, waiter: Waiter(wakeupPipe: WakeupPipe()))
        }

        @discardableResult func type(_ line: String) -> (status: ConsoleStatus, data: String, messages: String) {
            let before = (screen.data.count, screen.messages.count)
            let status = console.execute(SourceLine(line))
            return (status, String(screen.data.dropFirst(before.0)), String(screen.messages.dropFirst(before.1)))
        }

        func type(_ lines: [String]) throws {
            for line in lines { try #require(type(line).status == .success, "\(line): \(screen.messages)") }
        }

        /// What a session shows of itself, times left out.
        func account() throws -> [String] {
            try type(["format json"])
            return ["tokens", "interventions", "target", "let", "top 20", "diff", "generate 6", "features 20"].map { line in
                let (_, data, messages) = type(line)
                return "\(line): \(data)\(messages)".replacing(/"(seconds|from_store)":[^,}]*/, with: "")
            }
        }
    }

    private static func session() -> Session {
        Session(environment: SessionEnvironment(hub: Fixtures.hub, bundled: nil, cache: nil, home: "/nowhere"))
    }

    private static let begun = ["load tiny/llama3-plt-skip", "prompt The cat sat on the mat"]
    private static let worked =
        begun + [
            "attribute", "let best = top(4)", "let a = best - 0/1@2", "target difference #5 #6", "scale top(2) -2x", "set 1/3@\" c\" 0.1",
            "set 0/2@-1 from \"The dog\" 3x", "add 1/5@9:12 1.1", "zero 0/7@2:4", "run --freeze-attention off --constrain 0:1",
        ]

    @Test func `a session that is opened again is the same session`() async throws {
        try await withTemporaryFolder { folder in
            let (before, after) = try await onThread {
                let first = Typist()
                try first.type(Self.worked + ["session save \(folder)/a.session"])
                let second = Typist()
                try second.type(["session open \(folder)/a.session"])
                let accounts = (try first.account(), try second.account())
                try second.type(["session save \(folder)/b.session"])
                return accounts
            }
            #expect(before == after)
            let (a, b) = (try text(ofFile: folder + "/a.session"), try text(ofFile: folder + "/b.session"))
            #expect(a.replacing("open a.graph", with: "open b.graph") == b)
            let graphs = try ["a", "b"].map { try Data(contentsOf: URL(filePath: "\(folder)/\($0).graph.safetensors")) }
            #expect(graphs[0] == graphs[1])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 4)
        }
    }

    @Test func `the file is commands, with exact numbers`() async throws {
        try await withTemporaryFolder { folder in
            try await onThread {
                let typist = Typist()
                try typist.type(
                    Self.begun + [
                        "target concept #5 / #6", "let x = 0/1@-1 + raises(#5,2)", "set 0/2@-1 0.1 1/3@4: -1e-20", "scale 0/3@* 0.33333334", "add 0/4@2:4 -0",
                        "zero 0/5@1", "run 3 --constrain 0:2", "session save \(folder)/a.session",
                    ])
            }
            #expect(
                try text(ofFile: folder + "/a.session") == """
                    # circuit-tracer session 1
                    # `session open FILE` opens it.

                    load tiny/llama3 tiny/llama3-plt-skip

                    prompt The cat sat on the mat

                    target concept #5 / #6

                    let x = 0/1@-1 + raises(#5,2)

                    set 0/2@-1 0.1
                    set 1/3@4: -1e-20
                    scale 0/3@* 0.33333334x
                    add 0/4@2:4 -0
                    zero 0/5@1

                    run --freeze-attention on --constrain 0:2

                    """)
        }
    }

    @Test func `labels of the features that it is about come with it, and give way to the user's`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.url.path
        @Sendable func session(_ labels: String) -> Session {
            Session(environment: SessionEnvironment(hub: Fixtures.hub, bundled: nil, cache: nil, labels: folder[labels], home: "/nowhere"))
        }
        try await onThread {
            let first = Typist(session("first"))
            try first.type(
                Self.begun + [
                    "zero 0/5@1", "super cats = 0/1@2 + 0/2@2", #"label 0/1 "say \"cat\" # here""#, #"label 0/2 "two""#, #"label 0/5 "five""#,
                    #"label 0/9 "elsewhere""#,
                ])
            try folder.write("0/2\ttwo\tsuggested\n", to: "s.tsv")
            try first.type(["label delete 0/2", "labels import \(path)/s.tsv", "session save \(path)/a.session"])
            #expect(
                try text(ofFile: path + "/a.session").hasSuffix(
                    #"""

                    label 0/1 "say \"cat\" # here"
                    label 0/2 "two" suggested
                    label 0/5 "five"

                    """#))
            let second = Typist(session("second"))
            try second.type(Self.begun + [#"label 0/5 "mine""#])
            #expect(second.type("session open \(path)/a.session").messages.hasSuffix("\nnote: 2 labels came with the session; 1 kept yours.\n"))
            #expect(second.type("labels").data == "feature  label\n0/1      say \"cat\" # here\n0/2      (two)\n0/5      mine\n")
            // Nothing of a stranger's is written.
            #expect(try text(ofFile: path + "/second/labels.json").contains("cat") == false)
            try second.type(["session save \(path)/b.session"])
            #expect(try text(ofFile: path + "/b.session").contains(#"label 0/1 "say \"cat\" # here""#))
            // They go with it.
            try second.type(["load tiny/llama3-plt-skip"])
            #expect(second.type("labels").data == "feature  label\n0/5      mine\n")
        }
    }

    // MARK: - Prompts

    @Test(arguments: [
        ("plain text: é 日本 👨‍👩‍👧", "plain text: é 日本 👨‍👩‍👧"), (#"He said "hi" \n C:\dir"#, #"He said "hi" \n C:\dir"#), ("a > b | c ; d", "a > b | c ; d"),
        ("#1 #2", "#1 #2"), ("  two", #""  two""#), ("end ", #""end ""#), ("\"\"\"", #""\"\"\"""#), ("a\nb\tc", #""a\nb\tc""#),
        ("\u{1B}[31m", #""\u001b[31m""#),
        ("\u{301}x", "\"\u{301}x\""), ("zero\u{200B}width", #""zero\u200bwidth""#), ("\r", #""\r""#), ("", #""""#),
    ])
    func `a prompt is typed as it is where it is read so, else as a string`(_ text: String, _ typed: String) throws {
        #expect(PromptText.typed(text) == typed)
        let line = "prompt \(typed)"
        #expect(try Array(PromptText.read(Arguments(line, after: TypedLine.name(in: line)!.upperBound, for: .prompt).rawText).utf8) == Array(text.utf8))
        guard case .line(line) = LineRead(bytes: Array(line.utf8)[...]) else { return #expect(Bool(false), "it is another line") }
    }

    @Test func `a prompt that no text has is kept as its tokens`() async throws {
        try await withTemporaryFolder { folder in
            let tokens = try await onThread {
                let typist = Typist()
                // The text of these would be one token.
                try typist.type(["load tiny/llama3-plt-skip", "tokens #1 \" c\" #66 #85", "session save \(folder)/a.session"])
                let other = Typist()
                try other.type(["session open \(folder)/a.session"])
                return (typist.type("tokens").data, other.type("tokens").data)
            }
            #expect(tokens.0 == tokens.1)
            #expect(try text(ofFile: folder + "/a.session").contains("\ntokens #1 #266 #66 #85\n"))
        }
    }

    /// A folder with the small Llama that has this chat template, and the line that loads it.
    private func chatModel(_ template: String) throws -> (folder: TemporaryFolder, load: String) {
        let folder = try TemporaryFolder()
        try FileManager.default.copyItem(at: Fixtures.snapshot("tiny/llama3"), to: folder["model"])
        try folder.write(template, to: "model/chat_template.jinja")
        return (folder, "load \(folder["model"].path) tiny/llama3-plt-skip")
    }

    @Test func `a conversation is kept as its turns, with what was appended to it`() async throws {
        let (folder, load) = try chatModel(#"<|start_header_id|> <|eot_id|> Cutting Knowledge Date: December 2023\nToday Date: $"#)
        let file = folder["a.session"].path
        let accounts = try await onThread {
            let typist = Typist()
            try typist.type([
                load, #"chat system "Be \"brief\".\n" user "The cat" assistant " sat" user "> x" --date 2025-01-02"#, "zero 0/5@30", "session save \(file)",
            ])
            let other = Typist()
            try other.type(["session open \(file)"])
            return (try typist.account(), try other.account())
        }
        #expect(accounts.0 == accounts.1 && accounts.0[0].contains(#""turn":"system""#))
        let line = #"chat system "Be \"brief\".\n" user "The cat" assistant " sat" user "> x" --date 2025-01-02"#
        #expect(
            try text(ofFile: file)
                == "# circuit-tracer session 1\n# `session open FILE` opens it.\n\n\(load)\n\n\(line)\n\nzero 0/5@30\n")
        // What the model appends continues the assistant's turn, or begins one.
        for conversation in [#"chat user "The cat""#, #"chat user "The cat" assistant "It sat""#] {
            let (before, after, saved) = try await onThread {
                let typist = Typist()
                try typist.type([load, conversation, "extend 2", "session save \(file)"])
                let other = Typist()
                try other.type(["session open \(file)"])
                return (typist.type("tokens").data, other.type("tokens").data, try text(ofFile: file))
            }
            #expect(before == after && before.contains("assistant"), "\(conversation)")
            #expect(saved.contains("\nchat user \"The cat\" assistant \""), "\(saved)")
        }
    }

    @Test func `a conversation that was continued as no turn is written is kept as its tokens, and that is said`() async throws {
        // The format puts empty thoughts before a last answer that is given.
        let (folder, load) = try chatModel("<|im_start|> ns.last_query_index loop.last or (not loop.last and reasoning_content) enable_thinking is false")
        let file = folder["a.session"].path
        let (first, second, tokens) = try await onThread {
            let typist = Typist()
            try typist.type([load, #"chat user "The" --no-thinking"#])
            let first = typist.type("session save \(file)").messages
            let saved = try text(ofFile: file)
            try typist.type([#"chat user "The""#, "extend 1", "format csv"])
            let second = typist.type("session save \(file)").messages
            let other = Typist()
            try other.type(["format csv", "session open \(file)"])
            func ids(_ typist: Typist) -> [Substring] { typist.type("tokens").data.split(separator: "\r\n").map { $0.split(separator: ",")[1] } }
            return ((first, saved), second, (ids(typist), ids(other)))
        }
        #expect(first.0.isEmpty && first.1.contains("\nchat user \"The\" --no-thinking\n"))
        #expect(
            second == "note: The conversation was continued as no turn is written; it is saved as a text, which does not say whose each token is.\n")
        #expect(tokens.0 == tokens.1 && tokens.0.count > 5)
    }

    @Test func `interventions that the prompt does not reach, and the graph of an earlier position, are kept`() async throws {
        try await withTemporaryFolder { folder in
            let accounts = try await onThread {
                let typist = Typist()
                try typist.type(
                    Self.begun + ["set 0/2@-11 1 0/3@8:11 2 0/4@-10: 3", "prompt The cat", "attribute --position 2", "session save \(folder)/a.session"])
                let other = Typist()
                try other.type(["session open \(folder)/a.session"])
                return (try typist.account(), try other.account())
            }
            #expect(accounts.0 == accounts.1)
        }
    }

    // MARK: - What cannot be opened

    /// Opens a file in a session that has a prompt and an intervention, and finds that it has changed nothing.
    private func refusal(_ lines: String) async throws -> String {
        let folder = try TemporaryFolder()
        try folder.write("# circuit-tracer session 1\n" + lines, to: "a.session")
        mkfifo(folder["pipe"].path, 0o600)
        try FileManager.default.createSymbolicLink(atPath: folder["link"].path, withDestinationPath: "/etc/passwd")
        let before = try folder.names
        return try await onThread {
            let typist = Typist()
            try typist.type(Self.begun + ["zero 0/5@3", "let x = 0/1@2"])
            let account = ["interventions", "tokens", "let"].map { typist.type($0).data }
            let (status, data, messages) = typist.type("session open \(folder.url.path)/a.session")
            #expect(status == .failure && data.isEmpty)
            #expect(["interventions", "tokens", "let"].map { typist.type($0).data } == account)
            #expect(try folder.names == before)
            return messages.replacing(folder.url.path, with: "DIR")
        }
    }

    struct Hostile: Sendable, CustomTestStringConvertible {
        let lines: String
        let sentence: String
        var testDescription: String { lines }

        init(_ lines: String, _ sentence: String) { (self.lines, self.sentence) = (lines, sentence) }
    }

    private static let start = "load tiny/llama3-plt-skip\nprompt hi\n"

    @Test(arguments: [
        Hostile("!touch x\n", #"2: error: A session cannot hold the command "!"."#),
        Hostile("shell touch x\n", #"2: error: A session cannot hold the command "shell"."#),
        Hostile(start + "attribute\n", #"4: error: A session cannot hold the command "attribute"."#),
        Hostile(start + "save x.graph\n", #"4: error: A session cannot hold the command "save"."#),
        Hostile(start + "session open a.session\n", #"4: error: A session cannot hold the command "session"."#),
        Hostile(start + "pro more\n", #"4: error: A session cannot hold the command "pro"."#),
        Hostile(start + "let y = 0/1@1 > x\n", "4: error: A session cannot write files or run programs."),
        Hostile(start + "let y = 0/1@1 | touch x\n", "4: error: A session cannot write files or run programs."),
        Hostile(start + "zero 0/1@1 ; zero 0/2@1\n", "4: error: ; is not a set of features."),
        Hostile(start + "set 0/1@1 from mean /dev/zero\n", "4: error: A session has the values of features as numbers."),
        Hostile(start + "set 0/1@1 from \"other\"\n", "4: error: A session has the values of features as numbers."),
        Hostile("load tiny/llama3-plt-skip\nchat user \"hi\" assistant\n", "3: error: The assistant's text is missing."),
        Hostile(start + "set 0/1@1 inf\n", "4: error: inf is not a finite number that fits 32 bits."),
        Hostile("load tiny/llama3-plt-skip --transcoders tiny/llama3-clt\n", "2: error: A session cannot hold the option --transcoders of load."),
        Hostile("load\n", "2: error: A session names its model."),
        Hostile("load nobody/nothing-here\n", "2: error: nobody/nothing-here is not in the cache"),
        Hostile("prompt hi\n", "2: error: No model is loaded."),
        Hostile("# a comment\n\nload tiny/llama3-plt-skip\nprompt \"\"\"\nhi\"\"\"\n", "5: error: A session has its prompt on one line."),
        Hostile(start + "target #99999\n", "4: error: There is no token #99999:"),
        Hostile(start + "let y = z\n", "4: error: There is no set or supernode called z."),
        Hostile(
            start + "label top(3) \"x\"\n", #"4: error: A session's label is a feature, a text in quotes, and nothing or `suggested`: label 3/412 "Texas""#),
        Hostile(start + "label 0/1 x\n", "4: error: A session's label is a feature,"),
        Hostile(start + "label delete 0/1\n", "4: error: A session's label is a feature,"),
        Hostile(start + "label 0/1 \"x\" y\n", "4: error: A session's label is a feature,"),
        Hostile(start + "label 9/1 \"x\"\n", "4: error: There is no layer 9:"), Hostile(start + "label 0/1 \" \"\n", "4: error: A label needs a text."),
        Hostile(start + "label 0/1 \"a\\u001b[31m\"\n", "4: error: A label is one line,"),
        Hostile(start + "zero 9/1@1\n", "4: error: There is no layer 9:"), Hostile(start + "run --constrain 0:99\n", "4: error: 0:99 is outside the model"),
        Hostile(start + "open /etc/passwd\n", "4: error: The graph of a session is a file beside it; /etc/passwd is not a plain name."),
        Hostile(start + "open ../a.session\n", "4: error: The graph of a session is a file beside it; ../a.session is not a plain name."),
        Hostile(start + "open ..\n", "4: error: The graph of a session is a file beside it; .. is not a plain name."),
        Hostile(start + "open pipe\n", "4: error: The session's graph, DIR/pipe, is not a plain file."),
        Hostile(start + "open link\n", "4: error: The session's graph, DIR/link, is not a plain file."),
        Hostile(start + "open gone\n", "4: error: The session's graph, DIR/gone, is not there."),
        Hostile(start + "open a.session\n", "4: error: DIR/a.session is not a graph:"),
    ])
    func `what a session does not hold is refused, and nothing is changed or written`(_ test: Hostile) async throws {
        let message = try await refusal(test.lines)
        #expect(message.hasPrefix("DIR/a.session:" + test.sentence), "\(message)")
    }

    @Test func `what is not a session is not opened, and of another version neither`() async throws {
        let folder = try TemporaryFolder()
        let folderPath = folder.url.path
        try folder.write("load\n", to: "script")
        try folder.write("# circuit-tracer session 2\nload\n", to: "newer")
        mkfifo(folder["pipe"].path, 0o600)
        try await onThread {
            let typist = Typist()
            func refusal(_ name: String) -> Substring? {
                typist.type("session open \(folderPath)/\(name)").messages.replacing(folderPath, with: "DIR").split(separator: "\n").first
            }
            #expect(refusal("script") == "error: DIR/script is not a session.")
            #expect(refusal("newer") == "error: DIR/newer is a session in version 2 of the format; this program reads version 1.")
            #expect(refusal("pipe") == "error: DIR/pipe cannot be read: it is not a plain file, beside which a graph could be.")
            #expect(refusal("gone") == "error: DIR/gone cannot be read: No such file or directory.")
            #expect(typist.type("session open /dev/zero").messages == "error: /dev/zero cannot be read: it is a device, which may never end.\n")
        }
    }

    @Test func `a graph that is not the session's is not opened, nor replaced`() async throws {
        try await withTemporaryFolder { folder in
            try await onThread {
                let typist = Typist()
                try typist.type(Self.begun + ["attribute --max-feature-nodes 5", "session save \(folder)/a.session", "session save \(folder)/a.session"])
                try typist.type([
                    "prompt Another", "attribute --max-feature-nodes 5", "save \(folder)/a.graph.safetensors", "save \(folder)/b.graph.safetensors",
                ])
                let (status, _, messages) = typist.type("session open \(folder)/a.session")
                #expect(status == .failure)
                #expect(
                    messages == """
                        \(folder)/a.session:8: error: \(folder)/a.graph.safetensors is the graph of another prompt than the session's: one of the two files was replaced.
                          open a.graph.safetensors
                               ^~~~~~~~~~~~~~~~~~~

                        """)
                let graph = FileManager.default.contents(atPath: folder + "/b.graph.safetensors")
                #expect(
                    typist.type("session save \(folder)/b.session").messages.hasPrefix(
                        "error: \(folder)/b.graph.safetensors is there already, and not the graph of this session. Remove it, or choose another name.\n"))
                #expect(FileManager.default.contents(atPath: folder + "/b.graph.safetensors") == graph)
                #expect(!FileManager.default.fileExists(atPath: folder + "/b.session"))
            }
        }
    }

    // MARK: - Beside other things

    @Test func `a graph that was pruned before is kept with what people have added to it`() async throws {
        try await withTemporaryFolder { folder in
            try await onThread {
                let typist = Typist()
                try typist.type(Self.begun + ["attribute --max-feature-nodes 20", "save \(folder)/pruned.json"])
                let file = folder + "/pruned.json"
                let url = URL(filePath: file)
                var parameters = QueryParameters()
                let document = try GraphDocument(url)
                parameters.pinnedIDs = [document.nodes[0].id]
                try document.with(parameters).write(to: url)
                try typist.type(["open \(file)", "session save \(folder)/a.session"])
                let other = Typist()
                try other.type(["session open \(folder)/a.session"])
                #expect(try typist.account() == other.account())
                #expect(try GraphDocument(URL(filePath: folder + "/a.graph.json")) == GraphDocument(url))
            }
        }
    }

    @Test func `a session that is viewed shows the graph that was opened`() async throws {
        try await withTemporaryFolder { folder in
            let session = Self.session()
            try await onThread {
                let typist = Typist()
                try typist.type(Self.begun + ["attribute --max-feature-nodes 5", "session save \(folder)/a.session"])
            }
            let viewed = try await session.graphFolder(folder + "/graphs")
            _ = try await session.setViewedFolder(viewed)
            let revision = session.published.revision
            try await onThread { try Typist(session).type(["session open \(folder)/a.session"]) }
            #expect(session.published.revision > revision)
            #expect(try FileManager.default.contentsOfDirectory(atPath: viewed.path).contains { $0.hasSuffix(".json") && $0 != "graph-metadata.json" })
            #expect(await session.viewedFolderURL == viewed)
        }
    }

    @Test func `lists of prompts have no sessions, and a directory keeps the name of its graph`() async throws {
        try await onThread {
            let typist = Typist()
            try typist.type(Self.begun)
            #expect(typist.type(#"foreach "a" : session open x"#).messages == "error: foreach cannot run session: it is not about a prompt.\n")
        }
        #expect(SessionFile.graphName(for: "a.b/dallas.session", ending: "graph.json") == "dallas.graph.json")
        #expect(SessionFile.graphName(for: "dallas", ending: "graph.safetensors") == "dallas.graph.safetensors")
        #expect(SessionFile.graphName(for: "/x/.session", ending: "graph.json") == ".session.graph.json")
    }

    @Test(arguments: [("a.graph", "a.graph"), ("a b", #""a b""#), ("--x", #""--x""#), (">", #"">""#), ("a\"b", #""a\"b""#), ("", #""""#), ("/a/é", "/a/é")])
    func `a name is in quotes where it would not be read as it is`(_ name: String, _ typed: String) throws {
        #expect(SessionSection.word(name) == typed)
        #expect(try word(typed).text == name)
    }
}
