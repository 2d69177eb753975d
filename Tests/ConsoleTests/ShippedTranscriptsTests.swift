import Foundation
import TestSupport
import Testing
import Workbench

@testable import Console

/// The transcripts that ship with the program replay on the bundled model, and the reference page is the command table's.
@Suite struct ShippedTranscriptsTests {
    private static let folder = Fixtures.root.appending(path: "transcripts")

    private static let files = try! FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()

    @Test func `there are at least eight, each with its story`() throws {
        #expect(Self.files.count >= 8)
        for file in Self.files {
            let transcript = try TranscriptParser.parse(String(contentsOf: Self.folder.appending(path: file), encoding: .utf8))
            let comments = transcript.items.filter { if case .comment(let line) = $0 { line.count > 40 } else { false } }
            #expect(comments.count >= 3, "\(file) does not say what it shows")
            #expect(transcript.needs != nil, "\(file) does not say which model it needs")
        }
    }

    @Test(arguments: files) func `a transcript replays`(_ file: String) async throws {
        let screen = Screen()
        let environment = SessionEnvironment(
            hub: Fixtures.hub, bundled: Fixtures.root.appending(path: "examples/atlas"), cache: nil, home: "/nowhere")
        let factory: SessionFactory = { needs in
            let session = Session(environment: environment)
            _ = try await session.load(model: needs, transcoders: nil)
            return .ready(session)
        }
        let path = Self.folder.appending(path: file).path
        let status = try await onThread {
            var run = ReplayRun(updates: false, printer: screen.printer, waiter: Waiter(wakeupPipe: WakeupPipe()), makeSession: factory)
            return run.replay([path])
        }
        #expect(status == .success, "\(screen.data)")
    }
}
