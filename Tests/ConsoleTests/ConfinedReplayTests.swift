import Foundation
import TestSupport
import Testing

@testable import Console
@testable import Workbench

/// What a transcript's commands write goes into a folder that is thrown away.
@Suite struct ConfinedReplayTests {
    /// Replays a transcript on the bundled model.
    private func replay(_ lines: String, updates: Bool = false, in folder: String) async throws -> (screen: Screen, transcript: String) {
        let path = folder + "/transcript.txt"
        try Files.replace(path, with: "# needs atlas/plt\n" + lines)
        let screen = Screen()
        let environment = SessionEnvironment(
            hub: Fixtures.hub, bundled: Fixtures.root.appending(path: "examples/atlas"), cache: URL(filePath: folder + "/cache"),
            graphs: URL(filePath: folder + "/mine"), home: folder)
        _ = try await onThread {
            var run = ReplayRun(updates: updates, printer: screen.printer, waiter: Waiter(wakeupPipe: WakeupPipe())) { needs in
                let session = Session(environment: environment)
                _ = try await session.load(model: needs, transcoders: nil)
                return .ready(session)
            }
            return run.replay([path])
        }
        return (screen, try text(ofFile: path))
    }

    private static let graph = "> prompt The capital of\n> attribute --max-feature-nodes 5\n"

    /// What the working folder and the folder of temporary files hold.
    private static func surroundings() throws -> Set<String> {
        let temporary = try FileManager.default.contentsOfDirectory(atPath: FileManager.default.temporaryDirectory.path)
        return Set(try FileManager.default.contentsOfDirectory(atPath: ".") + temporary.filter { $0.hasPrefix("circuit-tracer-replay") })
    }

    @Test func `what it writes can be read again and is gone afterwards`() async throws {
        try await withTemporaryFolder { folder in
            let name = "confined-\(UInt64.random(in: 0 ... .max))"
            let (_, updated) = try await replay(
                Self.graph + """
                    > save \(name).graph
                    > save \(name).graph
                    > open \(name).graph
                    > session save \(name).session
                    > session open \(name).session
                    > export pt \(name).pt
                    > export json --slug \(name)
                    > export json \(name) --slug a
                    > import \(name)/a.json
                    > save run \(name).safetensors
                    > save Tests/\(name).json
                    > export json Tests/\(name)

                    """, updates: true, in: folder)
            #expect(!updated.contains("error: "), "\(updated)")
            #expect(updated.components(separatedBy: "saved  -").count == 10)
            #expect(try Self.surroundings().filter { $0.contains(name) }.isEmpty)
            #expect(!FileManager.default.fileExists(atPath: "Tests/\(name).json") && !FileManager.default.fileExists(atPath: "Tests/\(name)"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["transcript.txt"], "no store, no folder of graphs")
        }
    }

    @Test(arguments: ["/tmp/x", "../x", "a/../../x", "~/x", "~root/x", "./../x"])
    func `a place outside it is refused with a sentence`(_ place: String) async throws {
        try await withTemporaryFolder { folder in
            let updated = try await replay(
                Self.graph + "> save \(place).graph\n> save \(place).json\n> export pt \(place).pt\n> export json \(place)\n> save run \(place).safetensors\n",
                updates: true, in: folder
            ).transcript
            let refusals = updated.split(separator: "\n").filter {
                $0.hasPrefix("error: A replay writes only into a temporary folder, and \(place)") && $0.hasSuffix("by a relative path without \"..\".")
            }
            #expect(refusals.count == 5, "\(updated)")
        }
    }

    @Test func `a file that is there stays as it is`() async throws {
        try await withTemporaryFolder { folder in
            // Relative to the working folder, and linked to from within it.
            let victim = folder + "/victim.graph"
            try Files.replace(victim, with: "precious")
            let updated = try await replay(Self.graph + "> save \(victim)\n> save README.graph\n", updates: true, in: folder).transcript
            #expect(updated.contains("is outside it") && updated.contains("saved  -"))
            #expect(try text(ofFile: victim) == "precious")
            #expect(!FileManager.default.fileExists(atPath: "README.graph"))
        }
    }

    @Test func `a link in the folder is not followed`() async throws {
        try await withTemporaryFolder { folder in
            let throwAway = ThrowAwayFolder()
            let place = try throwAway.url(for: "a/b.graph")
            let root = place.deletingLastPathComponent().deletingLastPathComponent()
            #expect(mode(of: root.path) == 0o700)
            #expect(makeLink(root.path + "/a", to: folder))
            #expect(throws: SessionError.self) { try throwAway.url(for: "a/b.graph") }
            try Files.replace(folder + "/b.graph", with: "x")
            #expect(throwAway.existing("a/b.graph") == nil)
            throwAway.remove()
            #expect(!FileManager.default.fileExists(atPath: root.path) && FileManager.default.fileExists(atPath: folder + "/b.graph"))
        }
    }
}
