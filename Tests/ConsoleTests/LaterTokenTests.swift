import Foundation
import TestSupport
import Testing

@testable import Console
@testable import Workbench

/// The commands about generated tokens and earlier predictions, as they are typed, on a small model.
@Suite struct LaterTokenTests {
    private func run(_ lines: String...) async throws -> (status: ConsoleStatus, screen: Screen) {
        try await onThread {
            let screen = Screen()
            var environment = SessionEnvironment(hub: Fixtures.hub, bundled: nil, cache: nil, home: "/nowhere")
            environment.memory = { nil }
            let console = Interpreter(
                table: .standard, session: Session(environment: environment), makeSession: { _ in .unavailable("no model here") },
                printer: screen.printer, waiter: Waiter(wakeupPipe: WakeupPipe()))
            let start = ["load tiny/llama3-plt-skip", "prompt The capital of the state", "format json"]
            var source = ListedLines(text: (start + lines).joined(separator: "\n"))
            return (console.loop(sourceName: "t", keepsGoing: false).run(&source), screen)
        }
    }

    /// The json objects of the last lines.
    private func objects(_ screen: Screen, _ count: Int) throws -> [[String: Any]] {
        try screen.data.split(separator: "\n").suffix(count).map {
            try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    @Test func `an intervention is typed that begins after the prompt and ends`() async throws {
        let (status, screen) = try await run("add 2/3@14:20 200", "generate 6")
        #expect(status == .success)
        let objects = try objects(screen, 2)
        let row = try #require((objects[0]["interventions"] as? [[String: Any]])?.first)
        #expect(row["from"] as? Int == 14 && row["to"] as? Int == 19 && row["open_ended"] as? Bool == false && row["position"] is NSNull)
        #expect(objects[1]["shared_tokens"] as? Int == 2)
        #expect(
            screen.messages.hasSuffix(
                "note: 2/3@14:20 acts only on tokens generated after the prompt: `generate` shows what it does, `run` and `diff` do not.\n"))
    }

    @Test func `the cache is checked, and a file called cache is a file`() async throws {
        let (status, screen) = try await run("set 2/3@14: 5", "check cache 3")
        #expect(status == .success)
        let report = try objects(screen, 1)[0]
        #expect(report["passed"] as? Bool == true && report["interventions"] as? Int == 1 && report["tolerance"] as? Double == 0.0001)
        #expect((report["steps"] as? [[String: Any]])?.map { $0["step"] as? Int } == [1, 2, 3])
        let many = try await run("check cache 3 4")
        #expect(many.status == .failure && many.screen.messages.contains("t:4: error: `check cache` takes one number.\n"))
        for line in ["check ./cache", #"check "cache""#] {
            let file = try await run(line)
            #expect(file.status == .failure && file.screen.messages.contains("cache"), "\(line)")
            #expect(!file.screen.data.contains("\"steps\""))
        }
    }

    @Test func `samples need a temperature`() async throws {
        let (status, screen) = try await run("generate 4 --temperature 1.5 --seed 3 --samples 2")
        #expect(status == .success)
        let report = try objects(screen, 1)[0]
        let samples = try #require(report["samples"] as? [[String: Any]])
        #expect(samples.map { $0["seed"] as? Int } == [3, 4] && samples.allSatisfy { $0["after"] is NSNull })
        #expect(samples.allSatisfy { ($0["before_tokens"] as? [String])?.count == 4 })
        let greedy = try await run("generate 4 --samples 2")
        #expect(
            greedy.screen.messages == """
                t:4: error: --samples needs --temperature above 0.
                  generate 4 --samples 2
                                       ^
                  (without it, the most likely token is taken each time)

                """)
    }

    @Test func `a prompt is extended as it is set`() async throws {
        let (status, screen) = try await run("extend", "extend 2", "generate 1")
        #expect(status == .success)
        let objects = try objects(screen, 3)
        let counts = objects.prefix(2).map { ($0["tokens"] as? [Any])?.count }
        #expect(counts == [14, 16])
        #expect((objects[0]["top"] as? [[String: Any]])?.first?["token"] as? String != nil)
        let top = (objects[1]["top"] as? [[String: Any]])?.first?["token"] as? String
        #expect((objects[2]["before_tokens"] as? [String]) == top.map { [$0] })
    }

    @Test func `a graph says whose prediction it explains where that is not the last`() async throws {
        let (status, screen) = try await run("attribute --position -6", "verify 5", "attribute", "format table", "attribute --position 7")
        #expect(status == .success)
        let lines = screen.data.split(separator: "\n")
        let objects = try lines.filter { $0.hasPrefix("{\"command\":\"attribute\"") }.map {
            try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(objects[0]["position"] as? Int == 7 && objects[0]["after_token"] is String)
        #expect(objects[1]["position"] is NSNull && objects[1]["after_token"] is NSNull)
        #expect(lines.contains { $0.hasPrefix("explains what follows position  7") })
        let error = try await run("attribute --position 13").screen.messages
        #expect(
            error == """
                t:4: error: There is no position 13: the prompt has positions 0 to 12.
                  attribute --position 13
                                       ^~

                """)
    }
}
