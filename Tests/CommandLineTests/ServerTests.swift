import Foundation
import TestSupport
import Testing

/// The viewer as a shell starts it.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct ServerTests {
    private static func get(_ target: String, _ fields: String = "") -> String { "GET \(target) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n" }

    @Test func `the address that is printed opens the viewer, and no other does`() throws {
        let folder = try TemporaryFolder()
        let server = try Server("exec \"$0\" start-server --graph_file_dir \"$1\" --port 0 --no-browser", folder.url.path)
        let token = try #require(server.said.firstMatch(of: /\/\?token=([0-9a-f]{48})/)).1
        let stranger = try RawClient(port: server.port)
        stranger.send(Self.get("/"))
        #expect(stranger.receiveAnswer()?.status == 403)
        let client = try RawClient(port: server.port)
        client.send(Self.get("/?token=\(token)"))
        let answer = try #require(client.receiveAnswer())
        #expect(answer.status == 303 && answer.field("Location") == "./")
        let cookie = try #require(answer.field("Set-Cookie")?.split(separator: ";").first)
        client.send(Self.get("/", "Cookie: \(cookie)\r\n"))
        #expect(client.receiveAnswer()?.status == 200)
    }

    @Test func `what is wrong with the folder is said, a token may come from the environment, and without one everybody is let in`() throws {
        let folder = try TemporaryFolder()
        try Data("[".utf8).write(to: folder.url.appending(path: "graph-metadata.json"))
        let command = "exec \"$0\" start-server --graph_file_dir \"$1\" --port 0 --no-browser"
        let named = try Server(command, folder.url.path, variables: ["CIRCUIT_TRACER_TOKEN": "word-of-the-environment"])
        let damage =
            "\(folder["graph-metadata.json"].path) is not JSON: it ends too early. The graphs are listed by name instead."
            + " The next time it is written, the damaged file is kept as graph-metadata.json.damaged."
        let serving = "serving \(folder.url.path) at http://localhost:"
        #expect(named.lines.first == "\(serving)\(named.port)/?token=word-of-the-environment" && named.lines.contains(damage))
        let open = try Server(command + " --no-token", folder.url.path, variables: ["CIRCUIT_TRACER_TOKEN": "word"])
        let warning = "Warning: without a token, every user of this machine can read and change the graphs and steer the model."
        #expect(open.lines.first == "\(serving)\(open.port)/" && open.lines.contains(warning) && open.lines.contains(damage))
        let client = try RawClient(port: open.port)
        client.send(Self.get("/"))
        #expect(client.receiveAnswer()?.status == 200)
    }

    @Test(arguments: ["--features_dir", "--features-dir"]) func `examples of features come from the folder that is named`(_ option: String) throws {
        let folder = try TemporaryFolder()
        let fixtures = Fixtures.root.appending(path: "Tests/EvidenceTests/Fixtures/dict").path
        let document = try String(contentsOf: Fixtures.folder.appending(path: "golden/tiny--llama3-plt-skip/prompt0/graph.json"), encoding: .utf8)
        try folder.write(document, to: "small.json")
        let command = "exec \"$0\" start-server --graph_file_dir \"$1\" --port 0 --no-browser --no-token \(option) \(fixtures)"
        let server = try Server(command, folder.url.path)
        let client = try RawClient(port: server.port)
        client.send(Self.get("/api/features/0/0?slug=small"))
        #expect(client.receiveAnswer()?.text.contains(#""top_logits":[" Austin"," Texas"]"#) == true)
        let missing = try Program("start-server", "--graph_file_dir", folder.url.path, option, folder["none"].path, "--no-browser")
        #expect(missing.status == 1 && missing.errors == "error: There is no folder and no index \(folder["none"].path) with examples of features.\n")
    }

    @Test func `the page may lie in a folder while one works on it`() throws {
        let folder = try TemporaryFolder()
        try folder.write("<p>mine</p>", to: "web/index.html")
        let command = "exec \"$0\" start-server --graph_file_dir \"$1\" --port 0 --no-browser"
        let variables = ["CIRCUIT_TRACER_WEB": folder["web"].path, "CIRCUIT_TRACER_TOKEN": "word-of-the-environment"]
        let server = try Server(command, folder.url.path, variables: variables)
        #expect(server.lines.contains("The page is read from \(folder["web"].path), as set by CIRCUIT_TRACER_WEB."))
        let client = try RawClient(port: server.port)
        client.send(Self.get("/", "Authorization: Bearer word-of-the-environment\r\n"))
        #expect(client.receiveAnswer()?.text == "<p>mine</p>")
        let stranger = try RawClient(port: server.port)
        stranger.send(Self.get("/"))
        #expect(stranger.receiveAnswer()?.status == 403)
    }

    @Test func `300 idle connections lock nobody out of a process with 256 descriptors`() throws {
        let folder = try TemporaryFolder()
        let server = try Server("ulimit -n 256; exec \"$0\" start-server --graph_file_dir \"$1\" --port 0 --no-browser --no-token", folder.url.path)
        let idle = try (0..<300).map { _ in try RawClient(port: server.port) }
        for _ in 0..<20 {
            let client = try RawClient(port: server.port)
            client.send(Self.get("/data/graph-metadata.json"))
            #expect(client.receiveAnswer()?.status == 200)
        }
        // Who has been idle longest has given way.
        #expect(idle[0].receive() == [])
    }
}
