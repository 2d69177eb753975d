import Foundation
import TestSupport
import Testing
import Workbench

@testable import Console

/// The session in the README can be typed as it stands, and answers as it says; `…` stands for lines left out.
@Suite struct ReadmeTests {
    private struct Step {
        /// With the space after it: `atlas [8]> `.
        let prompt: String
        let command: String
        var shown: [String] = []
    }

    private static func steps() throws -> [Step] {
        let text = try String(contentsOf: Fixtures.root.appending(path: "README.md"), encoding: .utf8)
        let session = text.split(separator: "<!-- session -->\n```\n")[1].split(separator: "```\n<!-- /session -->")[0]
        var steps: [Step] = []
        for line in session.split(separator: "\n", omittingEmptySubsequences: false) {
            if let match = line.wholeMatch(of: /(atlas(?: \[\d+\])?> )(.*)/) {
                steps.append(Step(prompt: String(match.1), command: String(match.2)))
            } else {
                steps[steps.count - 1].shown.append(String(line))
            }
        }
        return steps
    }

    @Test func `the session replays`() async throws {
        let steps = try Self.steps()
        #expect(steps.count >= 8)
        let session = Session(
            environment: SessionEnvironment(hub: Fixtures.hub, bundled: Fixtures.root.appending(path: "examples/atlas"), cache: nil, home: "/nowhere"))
        _ = try await session.load(model: nil, transcoders: nil)
        let screen = Screen()
        let found = try await onThread {
            let console = Interpreter(
                session: session, makeSession: { _ in .unavailable("") }, printer: screen.printer, waiter: Waiter(wakeupPipe: WakeupPipe()))
            return steps.map { (console.prompt(palette: .plain), console.run(SourceLine($0.command)).transcriptLines) }
        }
        for (step, (prompt, lines)) in zip(steps, found) {
            #expect(prompt == step.prompt)
            var shown = step.shown
            while shown.last == "" { shown.removeLast() }
            #expect(Self.matches(shown[...], lines[...]), "\(step.command)\n\(lines.joined(separator: "\n"))")
        }
        #expect(!screen.messages.contains("error"))
    }

    private static func matches(_ shown: ArraySlice<String>, _ found: ArraySlice<String>) -> Bool {
        guard let first = shown.first else { return found.isEmpty }
        if first == "…" { return (1...max(1, found.count)).contains { matches(shown.dropFirst(), found.dropFirst($0)) } }
        guard let line = found.first, isSame(first, line) else { return false }
        return matches(shown.dropFirst(), found.dropFirst())
    }

    /// A transcript has a dash for a time.
    private static func isSame(_ shown: String, _ found: String) -> Bool {
        if LineComparison(tolerance: Tolerance()).matches(shown, found) { return true }
        return found.hasSuffix(" -") && shown.hasPrefix(found.dropLast())
    }
}
