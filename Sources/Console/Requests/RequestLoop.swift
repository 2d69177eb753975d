import Workbench

/// Answers requests, one after the other, until they end.
struct RequestLoop {
    let console: Interpreter
    let inbox: RequestInbox
    let channel: RequestChannel
    /// Calls back after a number of seconds, unless what it answers with is called before.
    var after: (Double, @escaping @Sendable () -> Void) -> () -> Void = Self.timer

    /// - Parameter notices: what there is to say before the first answer.
    /// - Returns: `success` at the end of the requests, after `quit`, and where nobody reads the answers any more.
    func run(notices: [String] = []) -> ConsoleStatus {
        console.format = .json
        console.input = inbox
        var notices = notices
        while !console.isFinished, !inbox.isAbandoned {
            guard let entry = inbox.take() else {
                if inbox.hasEnded { break }
                switch console.waiter.wakeupPipe.wait(watching: inbox.descriptor) {
                case .signal(CommandLoop.interrupt): return .interrupted
                case .readable: inbox.read()
                case .signal, .done, .resumed: break
                }
                continue
            }
            var answer = answer(entry)
            answer.output.notices = notices + answer.output.notices
            notices = []
            if !channel.send(answer.json) { break }
        }
        guard let failure = channel.failure, !failure.isClosedPipe else { return .success }
        console.printer.complain(Diagnostic(error: ConsoleError("The output cannot be written: \(failure.reason)"), line: SourceLine("")))
        return .failure
    }

    private func answer(_ entry: RequestInbox.Entry) -> Answer {
        switch entry.line {
        case .failure(let fault):
            var answer = Answer(id: fault.id)
            answer.fail(.request, fault.error)
            return answer
        case .success(let request):
            if entry.isCancelled { return Answer(id: request.id).stopped(.cancel, isUndone: true) }
            return run(request)
        }
    }

    private func run(_ request: Request) -> Answer {
        let stop = RequestStop(wakeupPipe: console.waiter.wakeupPipe)
        let events = request.wantsProgress ? ProgressEvents(id: request.id, channel: channel, stop: stop) : nil
        var told: [String] = []
        console.reporting = Operation.Reporting(progress: { events?.show($0) }, say: { told.append($0) })
        console.nodeLimit = request.limits.nodes
        inbox.begin(request.id, stop: stop)
        let endTimer = request.limits.seconds.map { seconds in after(seconds) { stop.stop(.seconds(seconds)) } }
        defer {
            endTimer?()
            inbox.end()
        }
        var answer = console.answer(request, stop: stop)
        answer.output.notices = told + answer.output.notices
        return answer
    }

    private static func timer(_ seconds: Double, _ body: @escaping @Sendable () -> Void) -> () -> Void {
        let task = Task.detached {
            // Nothing takes thirty years, and a duration has an end.
            try await Task.sleep(for: .seconds(min(seconds, 1e9)))
            body()
        }
        return task.cancel
    }
}
