internal import ArgumentParser
internal import Console

/// `circuit-tracer`: without a subcommand the console, else one of the subcommands.
@main
struct CircuitTracer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "circuit-tracer",
        abstract: "See why a language model said something, and test the explanation.",
        usage: """
            circuit-tracer [-t SET] [-m MODEL] [-c COMMAND | -f FILE]...
            circuit-tracer <subcommand>
            """,
        discussion: """
            Without a subcommand it starts a console on the bundled model, or on the one named. \
            Exit status: \(exitStatuses.map { "\($0.key) \($0.value)" }.joined(separator: ", ")).
            """,
        version: Version.full(commit: Version.commit),
        subcommands: [
            ConsoleCommand.self, Attribute.self, StartServer.self, Plan.self, Prune.self, Convert.self, Download.self, Inspect.self, Check.self, Index.self,
            Tokenize.self, Replay.self, Bench.self, Reference.self,
        ],
        defaultSubcommand: ConsoleCommand.self)

    static let exitStatuses: KeyValuePairs = [
        0: "fine", 1: "a command failed", 2: "wrong usage or a model that does not load", 3: "an expectation did not hold", 130: "interrupted",
    ]

    /// As ArgumentParser's own `main`, but wrong usage exits with 2, as the console does.
    static func main() {
        openStandardStreams()
        ignoreSignalsOfWriting()
        do {
            try checkArguments()
            try ProcessLimits.prepare()
            try OfferedProgram.answer(Array(CommandLine.arguments.dropFirst()))
            if let console = ConsoleCommand.parsedAlone() { return try console.run() }
            var command = try parseAsRoot()
            try command.run()
        } catch let limit as ProcessLimit {
            writeError(limit)
            exit(withError: ExitCode(2))
        } catch {
            let code = exitCode(for: error)
            if code == .success, fullMessage(for: error) == helpMessage() {
                return StandardStream.output.say(TerminalText(lines: OfferedProgram.helpMessage() + "\n"))
            }
            if code == .success || error is ExitCode { exit(withError: error) }
            let message = fullMessage(for: error)
            write(TerminalText(lines: message.hasSuffix("\n") ? message : message + "\n"))
            exit(withError: ExitCode(2))
        }
    }

    /// Swift repairs arguments that are not UTF-8, so that half a character could enter a prompt.
    private static func checkArguments() throws {
        for (number, argument) in UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc)).enumerated() {
            guard let argument, String(validatingCString: argument) == nil else { continue }
            throw ValidationError("Argument \(number) is not UTF-8 text: \(String(cString: argument))")
        }
    }
}
