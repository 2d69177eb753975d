/// What a request is answered.
struct Answer {
    /// What is wrong, for programs that do different things then.
    enum Failure: String {
        /// The line is not a request.
        case request
        /// The command is written wrongly, or could not do what it should.
        case command
        /// An expectation does not hold.
        case expectation
        case cancelled
        /// A limit of the request ended it.
        case limit
    }

    let id: RequestID
    /// The command's whole name, if it is known.
    var command: String?
    var output = Output()
    var error: (failure: Failure, diagnostic: Diagnostic)?

    /// One object, on a line.
    var json: String {
        var members = [("id", id.json), ("command", command.map(JSONText.quoted) ?? "null")] + output.jsonMembers
        members.append(("notices", "[\(output.notices.map(JSONText.quoted).joined(separator: ","))]"))
        if let error { members.append(("error", error.diagnostic.jsonObject(kind: error.failure.rawValue))) }
        return JSONText.object(members) + "\n"
    }

    /// The same where the command was stopped before its end.
    func stopped(_ reason: RequestStop.Reason, isUndone: Bool) -> Answer {
        let effect = isUndone ? "nothing was changed" : "what was done before is in the answer and in effect"
        var answer = self
        switch reason {
        case .cancel, .abandoned: answer.fail(.cancelled, ConsoleError("Cancelled; \(effect)"))
        case .signal: answer.fail(.cancelled, ConsoleError("Interrupted; \(effect)"))
        case .seconds(let seconds):
            answer.fail(.limit, ConsoleError("The limit of \(seconds.formatted) seconds was reached; \(effect)"))
        }
        return answer
    }

    mutating func fail(_ failure: Failure, _ error: ConsoleError, in line: SourceLine = SourceLine("", number: nil)) {
        self.error = (failure, Diagnostic(error: error, line: line))
    }
}

extension Double {
    /// Without a fraction that is zero.
    fileprivate var formatted: String { Int(exactly: self).map(String.init) ?? "\(self)" }
}
