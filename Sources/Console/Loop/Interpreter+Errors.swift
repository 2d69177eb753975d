import Workbench

extension Interpreter {
    /// Prints what went wrong.
    func report(_ error: any Error, in line: SourceLine, command: Command?) -> Execution {
        if let error = error as? SilentFailure { return Execution(status: error.status) }
        if error is CancellationError {
            // The lines of a file before this one have done what they did.
            printer.message(sourceDepth == 0 ? "interrupted; nothing was changed\n" : "interrupted; this command changed nothing\n")
            return Execution(status: .interrupted)
        }
        if let failure = error as? DownloadFailure {
            printer.message("\(failure)\n")
            guard case .interrupted = failure else { return Execution(status: .failure) }
            return Execution(status: .interrupted)
        }
        let diagnostic = Diagnostic(error: Self.consoleError(from: error, in: line.text, command: command), line: line)
        printer.message(diagnostic.rendered(palette: printer.messagePalette))
        return Execution(status: .failure, transcript: "error: \(diagnostic.sentence)\n")
    }

    /// Any error as one about the line.
    static func consoleError(from error: any Error, in line: String, command: Command?) -> ConsoleError {
        switch error {
        case var error as ConsoleError:
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
