import Foundation
import TestSupport
import Testing

/// The viewer as a shell starts it.
@Suite(.timeLimit(.minutes(5))) struct ServerTests {
    /// A program that serves until the value goes.
    private final class Server {
        let said: String
        let port: Int
        private let process = Process()

        /// - Parameter command: of a shell, in which `$0` is the program.
        init(_ command: String, _ arguments: String..., variables: [String: String] = [:]) throws {
            let errors = Pipe()
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-c", command, Program.url.path] + arguments
            process.environment = Program.environment.merging(variables) { $1 }
            process.standardError = errors
            try process.run()
            var said = Data()
            while !String(decoding: said, as: UTF8.self).contains("Ctrl-C stops it.") {
                let more = errors.fileHandleForReading.availableData
                if more.isEmpty { break }
                said += more
            }
            let text = String(decoding: said, as: UTF8.self)
            self.said = text
            port = try #require(text.firstMatch(of: /localhost:(\d+)\//).flatMap { Int($0.1) }, "\(text)")
        }

        deinit {
            // Others may be blocked: a process inherits that from the thread which starts it.
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
    }

    private static func get(_ target: String, _ fields: String = "") -> String { "GET \(target) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n" }

    @Test func `the address that is printed opens the viewer, and no other does`() async throws {
        let folder = try TemporaryFolder()
        try await onThread {
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
    }

    @Test func `what is wrong with the folder is said, a token may come from the environment, and without one everybody is let in`() async throws {
        let folder = try TemporaryFolder()
        try Data("[".utf8).write(to: folder.url.appending(path: "graph-metadata.json"))
        try await onThread {
            let command = "exec \"$0\" start-server --graph_file_dir \"$1\" --port 0 --no-browser"
            let named = try Server(command, folder.url.path, variables: ["CIRCUIT_TRACER_TOKEN": "word-of-the-environment"])
            #expect(named.said.contains("/?token=word-of-the-environment\n"))
            #expect(named.said.contains("graph-metadata.json is not JSON: it ends early. The graphs are listed by name."))
            let open = try Server(command + " --no-token", folder.url.path, variables: ["CIRCUIT_TRACER_TOKEN": "word"])
            #expect(!open.said.contains("token=") && open.said.contains("Warning: without a token every user of this machine"))
            let client = try RawClient(port: open.port)
            client.send(Self.get("/"))
            #expect(client.receiveAnswer()?.status == 200)
        }
    }

    @Test func `300 idle connections lock nobody out of a process with 256 descriptors`() async throws {
        let folder = try TemporaryFolder()
        try await onThread {
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
}
