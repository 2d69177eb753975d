/// Writes a transcript while commands run. Each command is in the file as soon as it is done.
struct TranscriptRecorder {
    let path: String

    /// - Parameter needs: the model or set that is loaded.
    init(path: String, needs: String?) throws(SystemFailure) {
        self.path = path
        let tolerance = Tolerance()
        var header = "# A session of circuit-tracer.\n"
        if let needs { header += "# needs \(needs)\n" }
        header += "# tolerance \(tolerance.relative) relative, \(tolerance.absolute) absolute\n\n"
        // Never over a file that is there: it may be somebody's work.
        try Files.append(header, to: path, mode: 0o644, mustBeNew: true)
    }

    func add(_ command: String, _ execution: Execution) throws(SystemFailure) {
        let step = Transcript.Step(command: command, output: execution.transcriptLines)
        try Files.append(Transcript.Item.step(step).text + "\n", to: path, mode: 0o644)
    }

    /// Adds a comment, and leaves out empty lines.
    func addComment(_ line: String) throws(SystemFailure) {
        let line = line.drop(while: \.isWhitespace)
        if line.hasPrefix("#") { try Files.append(line + "\n", to: path, mode: 0o644) }
    }
}

extension Interpreter {
    /// Adds a line to the transcript, if one is being recorded.
    func record(_ line: String, _ execution: Execution) {
        if execution.status != .interrupted { keepRecording { recorder throws(SystemFailure) in try recorder.add(line, execution) } }
    }

    func recordComment(_ line: String) {
        keepRecording { recorder throws(SystemFailure) in try recorder.addComment(line) }
    }

    /// Recording ends, and says so, when the file cannot be written.
    private func keepRecording(_ write: (TranscriptRecorder) throws(SystemFailure) -> Void) {
        guard let recorder else { return }
        do { try write(recorder) } catch {
            printer.message("note: recording stopped; \(recorder.path) cannot be written: \(error.reason)\n")
            self.recorder = nil
        }
    }
}
