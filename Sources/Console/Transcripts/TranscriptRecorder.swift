#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Writes a transcript while commands run. Each command is on the disk as soon as it is done.
final class TranscriptRecorder {
    let path: String
    private let descriptor: Int32
    /// How many bytes of it are whole.
    private var length = 0

    /// The first line of a file to which all was written.
    static let title = "# A session of circuit-tracer."
    /// What takes its place where something could not be. It has the same length: no disk is too full for it.
    static let cutOff = "# cut off while it was written"

    /// - Parameter needs: the model or set that is loaded.
    init(path: String, needs: String?) throws(SystemFailure) {
        self.path = path
        let tolerance = Tolerance()
        var header = Self.title + "\n"
        if let needs { header += "# needs \(needs)\n" }
        header += "# tolerance \(tolerance.relative) relative, \(tolerance.absolute) absolute\n\n"
        // Never over a file that is there: it may be somebody's work.
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        if descriptor < 0 { throw .last }
        do throws(SystemFailure) { try write(header) } catch {
            unlink(path)
            throw error
        }
    }

    deinit { close(descriptor) }

    func add(_ command: String, _ execution: Execution) throws(SystemFailure) {
        let step = Transcript.Step(command: command, output: execution.transcriptLines)
        try write(Transcript.Item.step(step).text + "\n")
    }

    /// Adds a comment, and leaves out empty lines.
    func addComment(_ line: String) throws(SystemFailure) {
        let line = line.drop(while: \.isWhitespace)
        if line.hasPrefix("#") { try write(line + "\n") }
    }

    private func write(_ text: String) throws(SystemFailure) {
        let bytes = Array(text.utf8)
        do throws(SystemFailure) {
            try Files.write(bytes, to: descriptor)
            if fsync(descriptor) != 0 { throw SystemFailure.last }
            length += bytes.count
        } catch {
            markCutOff()
            throw error
        }
    }

    /// Leaves the commands before whole, and a title that no replay takes for a passing transcript's.
    private func markCutOff() {
        ftruncate(descriptor, off_t(length))
        let mark = Array(Self.cutOff.utf8)
        _ = pwrite(descriptor, mark, mark.count, 0)
        fsync(descriptor)
    }
}

extension Interpreter {
    /// Adds a line to the transcript, if one is being recorded.
    ///
    /// - Returns: whether it could be written.
    func record(_ line: String, _ execution: Execution) -> Bool {
        execution.status == .interrupted || keepRecording { recorder throws(SystemFailure) in try recorder.add(line, execution) }
    }

    func recordComment(_ line: String) -> Bool {
        keepRecording { recorder throws(SystemFailure) in try recorder.addComment(line) }
    }

    /// Recording ends, and says so, when the file cannot be written.
    private func keepRecording(_ write: (TranscriptRecorder) throws(SystemFailure) -> Void) -> Bool {
        guard let recorder else { return true }
        do { try write(recorder) } catch {
            printer.note("recording stopped; \(recorder.path) cannot be written: \(error.reason). It holds the commands before, and is marked as cut off.")
            self.recorder = nil
            return false
        }
        return true
    }
}
