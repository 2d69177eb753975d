extension Interpreter {
    /// What a program does in place of commands that are about a terminal or about other files of lines.
    static let otherWays = [
        "record": "keep the requests that were sent; the same requests do the same again",
        "source": "send the file's commands, one in each request",
        "replay": "`circuit-tracer replay FILE` replays transcripts",
        "shell": "run the line yourself",
        "format": "answers are JSON; `> FILE.csv` or `> FILE.md` at a command's end writes another format",
        "timing": "measure the time from the request to its answer",
    ]

    /// Runs a request's command. What stops it has pressed Ctrl-C.
    func answer(_ request: Request, stop: RequestStop) -> Answer {
        let line = SourceLine(request.line, number: nil)
        var answer = Answer(id: request.id)
        var command: Command?
        do {
            guard let name = TypedLine.name(in: line.text) else { throw ConsoleError("The request has no command", advice: RequestMessage.example) }
            let found = try table.command(named: String(line.text[name]), at: name)
            (command, answer.command) = (found, found.name)
            answer.output = try output(of: found, line.text, name)
            if answer.output.isFailedExpectation {
                answer.fail(.expectation, ConsoleError(answer.output.refusal ?? "The expectation does not hold"), in: line)
            } else if let refusal = answer.output.refusal {
                answer.fail(.command, ConsoleError(refusal), in: line)
            }
        } catch  where Self.isInterruption(error) {
            return answer.stopped(stop.end() ?? .signal, isUndone: true)
        } catch {
            answer.fail(.command, Self.consoleError(from: error, in: line.text, command: command), in: line)
            return answer
        }
        return stop.end().map { answer.stopped($0, isUndone: false) } ?? answer
    }

    private func output(of command: Command, _ line: String, _ name: Range<String.Index>) throws -> Output {
        if let way = Self.otherWays[command.name] { throw ConsoleError("A request cannot run \(command.name)", at: name, advice: way) }
        let (text, redirection) = try Redirection.split(line, of: command, after: name.upperBound)
        if case .shell? = redirection?.target {
            throw ConsoleError("A request cannot run programs", at: redirection?.range, advice: "give the answer to the program yourself")
        }
        try redirection?.check(for: command)
        let output = try perform(command, text, after: name.upperBound, isForPeople: isForPeople(redirection))
        return try redirection.map { try write(output, of: command, to: $0) } ?? output
    }
}
