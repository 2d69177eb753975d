#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif
package import Workbench

/// Loads what the options name and runs the console until it ends.
///
/// Call it on the main thread, from synchronous code: readline and signals belong to that thread, and the session's
/// work runs elsewhere while this one waits.
///
/// - Returns: the exit status: 0 fine, 1 a command failed, 2 wrong usage or a model that does not load, 3 an expectation
///   did not hold, 130 interrupted.
package func runConsole(
    session: Session, options: ConsoleOptions, viewer: (any ViewerHost)? = nil, makeSession: @escaping SessionFactory
) -> Int32 {
    let wakeupPipe = WakeupPipe()
    let isInteractive = options.scripts.isEmpty && Terminal.isTerminal(0) && Terminal.isTerminal(1)
    wakeupPipe.receive(isInteractive ? [SIGINT, SIGTERM, SIGHUP, SIGCONT] : [SIGINT])
    ignoreSignalsOfWriting()
    let console = Interpreter(
        session: session, viewer: viewer, makeSession: makeSession, printer: .standard, waiter: Waiter(wakeupPipe: wakeupPipe),
        downloads: options.downloads,
        asks: Terminal.canBeAsked
            ? { try Question(text: $0).isAgreed(wakeupPipe: wakeupPipe, onSignal: { if $0 != CommandLoop.interrupt { wakeupPipe.postSignal($0) } }) } : nil)
    var status = console.load(options)
    if status == .success { status = isInteractive ? console.runTerminal(options) : console.runScripts(options) }
    if let signal = console.pendingSignal { endBySignal(signal) }
    return status.rawValue
}

/// Replays transcripts, each in a fresh session.
///
/// Call it as `runConsole`.
///
/// - Returns: the exit status: 0 when all passed or were skipped, 1 when the output cannot be written, 2 when one could not be read or its model not be
///   loaded, 3 when an output differed, 130 interrupted.
package func runReplay(files: [String], update: Bool, makeSession: @escaping SessionFactory) -> Int32 {
    let wakeupPipe = WakeupPipe()
    wakeupPipe.receive([SIGINT])
    ignoreSignalsOfWriting()
    var run = ReplayRun(updates: update, printer: .standard, waiter: Waiter(wakeupPipe: wakeupPipe), makeSession: makeSession)
    return run.replay(files).rawValue
}

extension Interpreter {
    /// Loads what the options name; errors are printed.
    ///
    /// - Parameter note: gets what is worth knowing; nil prints it.
    func load(_ options: ConsoleOptions, note: ((String) -> Void)? = nil) -> ConsoleStatus {
        do {
            let report = try ask { context in
                try await context.session.load(model: options.model, transcoders: options.transcoders)
            }
            report.notices.forEach(note ?? printer.note)
            // Loading may not have noticed.
            if !waiter.wakeupPipe.wasInterrupted() { return .success }
            printer.message("interrupted\n")
            return .interrupted
        } catch {
            let status = self.report(error, in: SourceLine(""), command: nil).status
            return status == .interrupted ? status : .usage
        }
    }

    fileprivate func runScripts(_ options: ConsoleOptions) -> ConsoleStatus {
        if let prompts = options.prompts { return runOnList(prompts, options) }
        var first = ConsoleStatus.success
        let scripts = options.scripts.isEmpty ? [.file("-")] : options.scripts
        for (script, name) in zip(scripts, options.scriptNames) where !isFinished {
            let status = run(script, called: name, keepsGoing: options.keepsGoing)
            if first == .success { first = status }
            if status == .interrupted { return status }
            if status != .success, !options.keepsGoing { return first }
        }
        return first
    }

    private func runOnList(_ prompts: [PromptFile.Row], _ options: ConsoleOptions) -> ConsoleStatus {
        var lines: [SourceLine] = []
        for (script, name) in zip(options.scripts, options.scriptNames) {
            let bytes: [UInt8]
            switch script {
            case .command(let text): bytes = Array(text.utf8)
            case .file(let path):
                do throws(InputRefusal) { bytes = try InputFile.bytes(of: path) } catch {
                    _ = report(ConsoleError("\(path) cannot be read: \(error)"), in: SourceLine(""), command: nil)
                    return .usage
                }
            }
            lines += ListedLines(bytes: bytes).texts.map { SourceLine($0, source: name, number: nil) }
        }
        return runOnList(prompts, lines)
    }

    private func run(_ script: ConsoleOptions.Script, called name: String, keepsGoing: Bool) -> ConsoleStatus {
        switch script {
        case .file("-"):
            do { _ = try InputFile(descriptor: 0) } catch {
                _ = report(ConsoleError("Standard input cannot be read: \(error)"), in: SourceLine(""), command: nil)
                return .usage
            }
            var lines = PipedLines(descriptor: 0, wakeupPipe: waiter.wakeupPipe)
            return loop(sourceName: name, keepsGoing: keepsGoing).run(&lines)
        case .file(let path):
            do { return try runFile(path, keepsGoing: keepsGoing) } catch {
                _ = report(error, in: SourceLine(""), command: nil)
                return .usage
            }
        case .command(let text):
            var lines = ListedLines(text: text)
            return loop(sourceName: name, hasLines: text.utf8.contains(10), keepsGoing: keepsGoing).run(&lines)
        }
    }

    fileprivate func runTerminal(_ options: ConsoleOptions) -> ConsoleStatus {
        if options.runsStartFile, let start = StartFile.standard { run(start) }
        if isFinished { return .success }
        welcome(options.version)
        givesHints = true
        pager = Pager.standard(waiter: waiter, onSignal: note)
        let history = HistoryFile.standard
        let completer = Completer(table: table, names: completionNames)
        var source = ReadlineSource(wakeupPipe: waiter.wakeupPipe, history: history) { before, text in
            completer.completions(before: before, text: text)
        }
        let palette = Terminal.palette(for: 1)
        let loop = CommandLoop(
            sourceName: nil, isInteractive: true, prompt: { self.prompt(palette: palette) },
            execute: { line in
                self.waiter.wakeupPipe.forgetInterrupt()
                self.finishedCommands = 0
                return self.execute(line)
            }, isFinished: { self.isFinished }, onSignal: note)
        defer {
            do { try history?.compact() } catch {
                printer.note("the history cannot be written: \(error)")
            }
        }
        return loop.run(&source)
    }
}
