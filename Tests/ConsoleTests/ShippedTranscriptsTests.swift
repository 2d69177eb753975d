import Foundation
import TestSupport
import Testing
import Workbench

@testable import Console

/// The transcripts that ship with the program replay on the bundled model, and the reference page is the command table's.
@Suite struct ShippedTranscriptsTests {
    private static let folder = Fixtures.root.appending(path: "transcripts")

    /// Their paths in that folder.
    private static let files = try! FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".txt") }.sorted()

    /// Those that need a model that has to be downloaded.
    private static let unverified = files.filter { $0.hasPrefix("demos/") && !$0.hasPrefix("demos/atlas/") }

    private static func transcript(_ file: String) throws -> Transcript {
        try TranscriptParser.parse(String(contentsOf: folder.appending(path: file), encoding: .utf8))
    }

    @Test func `there are at least eight, and one for each demo, each with its story`() throws {
        #expect(Self.files.count { !$0.contains("/") } >= 8 && Self.files.count { $0.hasPrefix("demos/atlas/") } == 9)
        for file in Self.files {
            let transcript = try Self.transcript(file)
            let comments = transcript.items.filter { if case .comment(let line) = $0 { line.count > 40 } else { false } }
            #expect(comments.count >= 3, "\(file) does not say what it shows")
            #expect(transcript.needs != nil, "\(file) does not say which model it needs")
            #expect(transcript.isUnverified == Self.unverified.contains(file), "\(file) is wrong about whether somebody has run it")
        }
    }

    @Test(arguments: unverified) func `every command of a transcript for a larger model is written as it has to be`(_ file: String) throws {
        let table = CommandTable.standard
        for case .step(let step) in try Self.transcript(file).items {
            do {
                let name = try #require(TypedLine.name(in: step.command))
                let command = try table.command(named: String(step.command[name]), at: nil)
                let arguments = try Arguments(step.command, after: name.upperBound, for: command)
                switch command.name {
                case "do": _ = try Command.experimentSteps(arguments)
                case "expect": _ = try ExpectationParser.parse(arguments.rawText)
                case "super" where arguments.positionals[1].text == "=":
                    var sets = SetParser(arguments.positionals.dropFirst(2), line: arguments.line)
                    _ = try sets.set()
                    try sets.finish("super")
                case "show", "sweep":
                    if arguments.option("--ranked") != nil { break }
                    var sets = arguments.sets()
                    _ = try sets.set()
                    try sets.finish(command.name)
                case "target": _ = try Command.request(arguments.positionals)
                case "attribute": _ = try Command.direction(arguments)
                default: break
                }
                #expect(!command.staysOutOfTranscripts)
            } catch { Issue.record("line \(step.line), \(step.command): \(error)") }
        }
    }

    private static let environment = SessionEnvironment(
        hub: Fixtures.hub, bundled: Fixtures.root.appending(path: "examples/atlas"), cache: nil, home: "/nowhere")

    /// With the bundled set's index, of which replays take a copy: made once, by the kernels that the program would take.
    private static let indexed = Task.detached {
        var environment = Self.environment
        environment.indexes = try TemporaryFolder.shared().url
        let session = Session(environment: environment)
        _ = try await session.load(model: nil, transcoders: "atlas/plt")
        #expect(try await session.search("capital", count: 1).hasExamples)
        return environment
    }

    @Test(.everyKernelSet, arguments: files) func `a transcript replays`(_ file: String) async throws {
        let screen = Screen()
        let environment = try await Self.indexed.value
        let factory: SessionFactory = { needs in
            let session = Session(environment: environment)
            if let needs, await !session.has(needs) { return .unavailable(needs) }
            _ = try await session.load(model: needs, transcoders: nil)
            return .ready(session)
        }
        let path = Self.folder.appending(path: file).path
        let status = try await onThread {
            var run = ReplayRun(updates: false, printer: screen.printer, waiter: Waiter(wakeupPipe: WakeupPipe()), makeSession: factory)
            return run.replay([path])
        }
        let outcome = Self.unverified.contains(file) ? "0 passed, 0 failed, 1 skipped" : "1 passed, 0 failed, 0 skipped"
        #expect(status == .success && screen.data.hasSuffix("\(outcome)\n"), "\(screen.data)")
    }
}
