import Workbench

/// The console's own state, and the running of one line. Used from the main thread only.
final class Interpreter {
    let table: CommandTable
    let session: Session
    /// What shows the session in a browser.
    let viewer: (any ViewerHost)?
    /// Makes the fresh sessions that transcripts replay in.
    let makeSession: SessionFactory
    let printer: Printer
    let waiter: Waiter
    /// Whether the lines come from a transcript, which may not do everything.
    let isReplaying: Bool
    /// What is done about models and sets that are not on this machine.
    let downloads: DownloadPolicy
    /// Asks whoever sits at the terminal; nil if nobody does.
    let asks: ((TerminalText) throws -> Bool)?

    var format = OutputFormat.table
    var showsTiming = false
    var isFinished = false
    var recorder: TranscriptRecorder?
    /// Whether somebody types, so that hints are of use.
    var givesHints = false
    /// For long outputs of what somebody types.
    var pager: Pager?
    /// How deep in files that source files.
    var sourceDepth = 0
    /// How many lines have run since somebody typed the last one; for what an interruption leaves in effect.
    var finishedCommands = 0
    /// What is read while a command runs; nil for a console that reads lines only between commands.
    var input: (any WatchedInput)?
    /// Who hears how far a command is, in place of standard error.
    var reporting: Operation.Reporting?
    /// The most feature nodes of a graph; nil for as many as a command wants.
    var nodeLimit: Int?
    /// A signal that ends the process once the command is over.
    private(set) var pendingSignal: Int32?

    init(
        table: CommandTable = .standard, session: Session, viewer: (any ViewerHost)? = nil, makeSession: @escaping SessionFactory, printer: Printer,
        waiter: Waiter, isReplaying: Bool = false, downloads: DownloadPolicy = .refuse,
        asks: ((TerminalText) throws -> Bool)? = nil
    ) {
        self.table = table
        self.session = session
        self.viewer = viewer
        self.makeSession = makeSession
        self.printer = printer
        self.waiter = waiter
        self.isReplaying = isReplaying
        self.downloads = downloads
        self.asks = asks
    }

    /// Runs a line: prints what it answers or what is wrong with it, and adds it to the transcript.
    func execute(_ line: SourceLine) -> ConsoleStatus { run(line).status }

    /// The same for a line that nobody types: a Ctrl-C that the command did not notice, or that came before it, counts.
    func executeUnattended(_ line: SourceLine) -> ConsoleStatus {
        let before = finishedCommands
        let status = execute(line)
        if status == .interrupted { return status }
        // A file that was sourced has counted its own lines.
        if finishedCommands == before, TypedLine.name(in: line.text) != nil { finishedCommands += 1 }
        if !waiter.wakeupPipe.wasInterrupted() { return status }
        printer.message(interruption(after: line))
        return .interrupted
    }

    /// Runs a line, and answers with what a transcript holds of it.
    func run(_ line: SourceLine) -> Execution {
        if let problem = line.problem { return report(ConsoleError(problem), in: line, command: nil) }
        guard let name = TypedLine.name(in: line.text) else {
            return Execution(status: recordComment(line.text) ? .success : .failure)
        }
        if line.text[name] == ">", line.place != nil {
            // The lines below in a transcript are outputs, not commands.
            isFinished = true
            return report(
                ConsoleError("The lines of a transcript are not commands", at: name, advice: "`replay FILE` runs a transcript"), in: line, command: nil)
        }
        let started = ContinuousClock.now
        var result = Execution()
        var command: Command?
        // A recording has the command as it shows its data itself.
        var recorded = (line: line.text, transcript: String?.none)
        do {
            let found = try table.command(named: String(line.text[name]), at: name)
            command = found
            let (text, redirection) = try Redirection.split(line.text, of: found, after: name.upperBound)
            if isReplaying, let redirection { throw ConsoleError("A transcript cannot write files or run programs", at: redirection.range) }
            try redirection?.check(for: found)
            if redirection != nil { recorded.line = text }
            let output = try perform(found, text, after: TypedLine.name(in: text)?.upperBound ?? text.endIndex, isForPeople: isForPeople(redirection))
            if redirection != nil { recorded.transcript = transcript(of: output, found) }
            result = try show(redirection.map { try write(output, of: found, to: $0) } ?? output, of: found, in: line)
        } catch {
            result = report(error, in: line, command: command)
        }
        if let transcript = recorded.transcript { result.transcript = transcript }
        if showsTiming { printer.message("time: \(timeText((ContinuousClock.now - started).inSeconds))\n") }
        if command?.staysOutOfTranscripts != true, !record(recorded.line, result), result.status == .success { result.status = .failure }
        return result
    }

    /// - Parameter isForPeople: whether somebody may read it, who is told what features raise that nobody has named; that takes a product with
    ///   the whole unembedding.
    func perform(_ command: Command, _ line: String, after end: String.Index, isForPeople: Bool = true) throws -> Output {
        if isReplaying, command.staysOutOfTranscripts {
            throw ConsoleError("A transcript cannot hold the command \(command.name)", at: line.startIndex..<end)
        }
        let arguments = try Arguments(line, after: end, for: command)
        switch command.action {
        case .console(let action): return try action(arguments, self)
        case .session(let action):
            return try ask { context in
                let output = try await action(arguments, context)
                let features = output.features
                return features.isEmpty ? output : output.named(try await context.session.names(of: features, provisional: isForPeople))
            }
        }
    }

    /// Whether what a command shows, or a file of it, is in a format for people.
    func isForPeople(_ redirection: Redirection?) -> Bool {
        if case .file(let path, _)? = redirection?.target, Redirection.format(ofFile: path)?.isForPeople == true { return true }
        return format.isForPeople
    }

    /// Asks the session, showing progress and watching for Ctrl-C.
    func ask<Answer: Sendable>(_ question: @escaping @Sendable (CommandContext) async throws -> Answer) throws -> Answer {
        let (session, viewer, nodeLimit) = (session, viewer, nodeLimit)
        let operation = Operation(waiter: waiter, onSignal: note, downloads: downloads, reporting: reporting, input: input)
        return try operation.run { progress in
            try await question(CommandContext(session: session, viewer: viewer, progress: progress, nodeLimit: nodeLimit))
        }
    }

    /// Keeps a signal that is more than Ctrl-C.
    func note(_ signal: Int32) {
        if signal == CommandLoop.interrupt { return }
        pendingSignal = signal
        isFinished = true
    }

    func show(_ output: Output, of command: Command, in line: SourceLine) throws(ConsoleError) -> Execution {
        let refusal = output.refusal ?? (output.isFailedExpectation ? "The expectation does not hold" : nil)
        let diagnostic = refusal.map { Diagnostic(error: ConsoleError($0), line: line) }
        do throws(ConsoleError) {
            // A file's commands do not wait for somebody who reads.
            if try !printer.show(output, of: command, as: format, failing: diagnostic, through: line.place == nil ? pager : nil) { isFinished = true }
        } catch {
            isFinished = true
            throw error
        }
        // What a file's line says is not about what to type.
        if let hint = output.hint, givesHints, line.place == nil { printer.flow(hint) }
        let record = transcript(of: output, command)
        guard let diagnostic else { return Execution(transcript: record) }
        printer.complain(diagnostic)
        return Execution(status: output.isFailedExpectation ? .expectation : .failure, transcript: record)
    }

    /// What a transcript holds of an output.
    private func transcript(of output: Output, _ command: Command) -> String {
        output.parts.isEmpty ? "" : output.rendered(as: format, command: command.name, style: .transcript).raw
    }
}

/// How a line went.
struct Execution {
    var status = ConsoleStatus.success
    /// What a transcript holds of its output.
    var transcript = ""
}

/// Ends a command that has said itself what went wrong.
struct SilentFailure: Error {
    let status: ConsoleStatus
}
