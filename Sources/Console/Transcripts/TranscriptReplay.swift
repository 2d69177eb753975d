/// Runs a transcript's commands and compares what they answer with what it holds.
struct TranscriptReplay {
    /// A command that did not answer as it should.
    struct Mismatch: Equatable {
        let line: Int
        let command: String
        /// Unified lines.
        let difference: [TerminalText]
        /// Whether no new output fixes it: an expectation that does not hold, or an error where there was none.
        var isBeyondUpdate = false
    }

    /// The transcript with the outputs that came.
    private(set) var updated: Transcript
    private(set) var mismatches: [Mismatch] = []
    private(set) var commands = 0
    /// Of the commands, those that ran without an output to compare with.
    private(set) var uncompared = 0
    private(set) var isInterrupted = false

    /// - Parameters:
    ///   - name: what errors call the transcript.
    ///   - run: runs a line; answers with what a transcript would hold of it.
    init(_ transcript: Transcript, name: String, palette: Palette = .plain, run: (SourceLine) -> Execution) {
        updated = transcript
        let comparison = LineComparison(tolerance: transcript.tolerance)
        for (index, item) in transcript.items.enumerated() {
            guard case .step(var step) = item else { continue }
            let execution = run(SourceLine(step.command, source: name, number: step.line))
            if execution.status == .interrupted {
                isInterrupted = true
                return
            }
            commands += 1
            let diff = OutputDiff(expected: step.output, found: execution.transcriptLines, comparison: comparison)
            // A good output that a bad one took the place of could not be had back.
            let isNewlyBroken = execution.status != .success && !step.output.isEmpty && !step.hasFailed
            if transcript.isUnverified, step.output.isEmpty, execution.status == .success {
                uncompared += diff.isEmpty ? 0 : 1
            } else if !diff.isEmpty || execution.status == .expectation {
                mismatches.append(
                    Mismatch(
                        line: step.line, command: step.command, difference: diff.lines(palette: palette),
                        isBeyondUpdate: isNewlyBroken || execution.status == .expectation))
            }
            // What is within the tolerance stays as it is: an update touches only what differs.
            if !diff.isEmpty && !isNewlyBroken { step.output = diff.found }
            updated.items[index] = .step(step)
        }
    }
}

extension Execution {
    var transcriptLines: [String] {
        var lines = transcript.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" }).map(String.init)
        // What the last line break ends, and empty lines, which would be layout.
        while lines.last == "" { lines.removeLast() }
        return lines
    }
}
