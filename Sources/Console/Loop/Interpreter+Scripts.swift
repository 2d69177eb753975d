internal import ShownText

extension Interpreter {
    /// How deep files may source files.
    private static let deepest = 16

    /// Runs the lines of a file; of a transcript its commands, where nothing speaks against them.
    ///
    /// - Parameter check: throws for a file that must not be run.
    func runFile(
        _ path: String, keepsGoing: Bool, check: (InputFile) throws(ConsoleError) -> Void = { _ throws(ConsoleError) in }
    ) throws -> ConsoleStatus {
        if sourceDepth == Self.deepest { throw ConsoleError("\(path) would be read \(Self.deepest) files deep") }
        let file: InputFile
        do throws(InputRefusal) { file = try InputFile(path) } catch { throw ConsoleError("\(path) cannot be read: \(error)") }
        try check(file)
        let bytes: [UInt8]
        do throws(InputRefusal) { bytes = file.isStream ? [] : try file.bytes() } catch { throw ConsoleError("\(path) cannot be read: \(error)") }
        sourceDepth += 1
        defer { sourceDepth -= 1 }
        let loop = loop(sourceName: path, keepsGoing: keepsGoing)
        if file.isStream {
            var lines = PipedLines(descriptor: file.descriptor, wakeupPipe: waiter.wakeupPipe)
            return withExtendedLifetime(file) { loop.run(&lines) }
        }
        var lines = ListedLines(bytes: bytes)
        if Transcript.isTranscript(bytes) { lines = ListedLines(text: try allowed(TranscriptParser.parse(bytes: bytes), from: path).script) }
        return loop.run(&lines)
    }

    /// The transcript, unless it would do what a replay refuses and nobody agrees to that.
    private func allowed(_ transcript: Transcript, from path: String) throws -> Transcript {
        let commands = transcript.commandsWithEffects(table)
        if commands.isEmpty { return transcript }
        let shown = commands.prefix(10).map { "\n  " + JSONText.escaped($0, as: .shown).truncated(toWidth: 100) }.joined()
        let more = commands.count > 10 ? "\n  and \(commands.count - 10) more" : ""
        let question = "\(path) is a transcript with commands that write files or reach beyond the model:\(shown)\(more)\nRun them here?"
        if let asks {
            if try asks(TerminalText(lines: question)) { return transcript }
            throw ConsoleError("\(path) was not run", advice: "`replay` runs it with a temporary folder for what it writes")
        }
        throw ConsoleError(
            "\(path) is a transcript, and its command \(JSONText.quoted(commands[0])) writes files or reaches beyond the model",
            advice: "`replay` runs it with a temporary folder for what it writes; to run it here, make a script of its commands")
    }

    /// A loop over lines that are not typed by somebody.
    func loop(sourceName: String?, hasLines: Bool = true, keepsGoing: Bool) -> CommandLoop {
        CommandLoop(
            sourceName: sourceName, hasLines: hasLines, keepsGoing: keepsGoing, prompt: { "" }, execute: executeUnattended,
            isFinished: { self.isFinished }, onSignal: note)
    }
}
