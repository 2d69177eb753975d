package import Workbench

/// A session of its own for a transcript.
package enum FreshSession: Sendable {
    case ready(Session)
    /// The model or set is not on this machine; says which.
    case unavailable(String)
}

/// Makes a fresh session with the model or set of that name loaded; nil means the one that is loaded by default.
package typealias SessionFactory = @Sendable (_ needs: String?) async throws -> FreshSession

/// Replays transcript files, one after the other, each in a fresh session, and says how each went. What their commands
/// write goes into a folder that is thrown away; an update writes the transcript.
struct ReplayRun {
    let updates: Bool
    let printer: Printer
    let waiter: Waiter
    let makeSession: SessionFactory

    private(set) var passed = 0
    private(set) var failed = 0
    private(set) var skipped = 0
    private var updated = 0
    private(set) var status = ConsoleStatus.success
    /// Why the first words that could not be written could not.
    private var outputFailure: SystemFailure?

    init(updates: Bool, printer: Printer, waiter: Waiter, makeSession: @escaping SessionFactory) {
        self.updates = updates
        self.printer = printer
        self.waiter = waiter
        self.makeSession = makeSession
    }

    /// - Returns: whether all passed; else what the first that did not says.
    mutating func replay(_ files: [String]) -> ConsoleStatus {
        for file in files where status != .interrupted && outputFailure == nil {
            replay(file)
            // One that came while no command watched.
            if status != .interrupted, waiter.wakeupPipe.wasInterrupted() { interrupt() }
        }
        var summary = "\(passed) passed, \(failed) failed, \(skipped) skipped"
        if updates { summary += ", \(updated) updated" }
        show("\(summary)\n")
        if let outputFailure, !outputFailure.isClosedPipe {
            printer.message("error: The output cannot be written: \(outputFailure.reason).\n")
            if status == .success { status = .failure }
        }
        return status
    }

    private mutating func show(_ text: TerminalText) {
        if let failure = printer.data(text), outputFailure == nil { outputFailure = failure }
    }

    private func bytes(of file: String) throws -> [UInt8] {
        do throws(InputRefusal) { return try InputFile(file).bytes(wakeupPipe: waiter.wakeupPipe) } catch {
            guard case .signal(let number) = error else { throw ConsoleError("it cannot be read: \(error)") }
            if number != CommandLoop.interrupt { waiter.wakeupPipe.postSignal(number) }
            throw CancellationError()
        }
    }

    private mutating func replay(_ file: String) {
        do {
            let bytes = try bytes(of: file)
            let transcript = try TranscriptParser.parse(bytes: bytes)
            if transcript.isEmpty { throw ConsoleError("it holds no commands, whose lines begin with \"> \"; was it cut off?") }
            let needs = transcript.needs
            let makeSession = makeSession
            switch try waiter.run({ try await makeSession(needs) }) {
            case .unavailable(let name): skip(file, needs: name)
            case .ready(let session):
                if let name = try waiter.run({ await session.firstMissing(of: transcript.loadedNames) }) {
                    skip(file, needs: name)
                } else {
                    try replay(transcript, file: file, bytes: bytes, in: session)
                }
            }
        } catch is CancellationError {
            interrupt()
        } catch {
            fail(.usage)
            say("FAIL", file, Interpreter.consoleError(from: error, in: "", command: nil).message)
        }
    }

    private mutating func replay(_ transcript: Transcript, file: String, bytes: [UInt8], in session: Session) throws {
        let written = ThrowAwayFolder()
        defer { written.remove() }
        try waiter.run { await session.confineWrites(to: written) }
        let silent = Printer(data: { _ in nil }, message: { _ in })
        let console = Interpreter(
            session: session, makeSession: makeSession, printer: silent, waiter: waiter, isReplaying: true)
        let replay = TranscriptReplay(transcript, name: file, palette: printer.dataStyle().palette) { line in
            let execution = console.run(line)
            return waiter.wakeupPipe.wasInterrupted() ? Execution(status: .interrupted) : execution
        }
        // One that ends the process is for whoever waits next.
        if let signal = console.pendingSignal { waiter.wakeupPipe.postSignal(signal) }
        if replay.isInterrupted { throw CancellationError() }
        if updates, replay.updated != transcript {
            var text = TranscriptFile(bytes: bytes)
            text.update(from: transcript, to: replay.updated)
            try write(text.bytes, to: file)
        }
        judge(replay, file: file)
    }

    /// What an update has rewritten no longer counts as a failure; a command that went wrong does.
    private mutating func judge(_ replay: TranscriptReplay, file: String) {
        let failures = updates ? replay.mismatches.filter(\.isBeyondUpdate) : replay.mismatches
        let commands = "\(replay.commands) command\(replay.commands == 1 ? "" : "s")"
        if failures.isEmpty {
            passed += 1
            let uncompared = replay.uncompared == 0 ? "" : updates ? ", \(replay.uncompared) recorded" : ", \(replay.uncompared) not compared"
            let rewritten = replay.mismatches.isEmpty ? "" : ", \(replay.mismatches.count) rewritten"
            say("ok", file, commands + rewritten + uncompared)
        } else {
            fail(.expectation)
            say("FAIL", file, "\(failures.count) of \(commands) \(failures.count == 1 ? "differs" : "differ")")
        }
        if !replay.mismatches.isEmpty { show(replay.mismatches, file: file) }
    }

    private mutating func write(_ bytes: [UInt8], to file: String) throws(ConsoleError) {
        do { try Files.replace(file, with: bytes) } catch {
            throw ConsoleError("it cannot be rewritten: \(error.reason)")
        }
        updated += 1
    }

    private mutating func show(_ mismatches: [TranscriptReplay.Mismatch], file: String) {
        let palette = printer.dataStyle().palette
        var lines: [TerminalText] = ["--- \(file)", "+++ this run"]
        for mismatch in mismatches {
            let command = mismatch.command.prefix { $0 != "\n" }
            lines.append(palette.heading("@@ line \(mismatch.line) @@ \(command)"))
            lines += mismatch.difference
        }
        show(lines.map { "\($0)\n" }.joined())
    }

    private mutating func say(_ verdict: String, _ file: String, _ detail: String) {
        show("\(verdict.padded(toWidth: 4, on: .left))  \(file): \(shownMessage(detail))\n")
    }

    private mutating func skip(_ file: String, needs name: String) {
        skipped += 1
        say("skip", file, "needs \(name), which is not on this machine")
    }

    private mutating func interrupt() {
        status = .interrupted
        printer.message("interrupted\n")
    }

    private mutating func fail(_ status: ConsoleStatus) {
        failed += 1
        if self.status == .success { self.status = status }
    }
}

extension Session {
    /// The first of these models and sets that is not on this machine.
    fileprivate func firstMissing(of names: [String]) -> String? { names.first { !has($0) } }
}
