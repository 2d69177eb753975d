import Workbench

extension Interpreter {
    /// Prints what went wrong.
    func report(_ error: any Error, in line: SourceLine, command: Command?) -> Execution {
        if let error = error as? SilentFailure {
            if error.status == .interrupted, let place = line.place { printer.message("stopped at \(place)\(effectBefore)\n") }
            return Execution(status: error.status)
        }
        if let failed = error as? FailedLine { return report(failed.error, in: failed.line, command: failed.command ?? command) }
        if error is CancellationError {
            printer.message(interruption(of: line))
            return Execution(status: .interrupted)
        }
        if let failure = error as? DownloadFailure {
            printer.message("\(shownMessage("\(failure)"))\n")
            guard case .interrupted = failure else { return Execution(status: .failure) }
            return report(SilentFailure(status: .interrupted), in: line, command: command)
        }
        let diagnostic = Diagnostic(error: Self.consoleError(from: error, in: line.text, command: command), line: line)
        printer.complain(diagnostic)
        // Programs that read objects get one for an error, too.
        if format == .json, let failure = printer.data(TerminalText(json: diagnostic.json(command: command?.name))), failure.isClosedPipe { isFinished = true }
        return Execution(status: .failure, transcript: "error: \(diagnostic.sentence)\n")
    }

    /// What Ctrl-C leaves that stopped a command; of a script it says where, and that the lines before have done what they did.
    private func interruption(of line: SourceLine) -> TerminalText {
        guard let place = line.place else { return "interrupted; nothing was changed\n" }
        return "interrupted at \(place), which changed nothing\(effectBefore)\n"
    }

    private var effectBefore: String {
        switch finishedCommands {
        case 0: ""
        case 1: "; the command before it has taken effect"
        case let count: "; the \(count) commands before it have taken effect"
        }
    }

    /// The same for a command that had ended.
    func interruption(after line: SourceLine) -> TerminalText {
        guard let place = line.place else { return "interrupted\n" }
        let done = finishedCommands == 1 ? "1 command has" : "\(finishedCommands) commands have"
        return "interrupted after \(place); \(done) taken effect\n"
    }

    /// Any error as one about the line.
    static func consoleError(from error: any Error, in line: String, command: Command?) -> ConsoleError {
        switch error {
        case var error as ConsoleError:
            if let range = error.range, range.upperBound <= line.endIndex, let advice = Redirection.advice(on: line[range]) { error.advice = advice }
            if error.advice == nil, error.range != nil, let command { error.advice = "`help \(command.name)` says how it is written" }
            return error
        case let error as SessionError:
            return ConsoleError(
                error.description, at: error.word.flatMap { place(of: $0, in: line) }, suggestion: error.suggestion)
        default:
            return ConsoleError(String(describing: error))
        }
    }

    /// Where the user typed a word: among the arguments, whole before in part.
    private static func place(of word: String, in line: String) -> Range<String.Index>? {
        guard let name = TypedLine.name(in: line), !word.isEmpty else { return nil }
        let words = (try? Lexer.words(of: line, from: name.upperBound)) ?? []
        let whole = words.first { $0.text == word || $0.typed == word }
        return (whole ?? words.first { $0.text.contains(word) })?.range
    }
}
