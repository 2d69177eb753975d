internal import ArgumentParser

/// `circuit-tracer`: without a subcommand the console, else one of the subcommands.
@main
struct CircuitTracer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "circuit-tracer",
        abstract: "See why a language model said something, and change it.",
        discussion: """
            Without a subcommand it starts a console on the bundled model, or on the one named. Exit status: 0 fine, \
            1 a command failed, 2 wrong usage or a model that does not load, 3 an expectation did not hold, 130 interrupted.
            """,
        version: version, subcommands: [
            Console.self, Attribute.self, StartServer.self, Plan.self, Prune.self, Convert.self, Download.self, Inspect.self,
            Tokenize.self, Replay.self, Bench.self, Reference.self,
        ],
        defaultSubcommand: Console.self)

    static let version = "circuit-tracer 0.1.0"

    /// As ArgumentParser's own `main`, but wrong usage exits with 2, as the console does.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            let code = exitCode(for: error)
            if code == .success || error is ExitCode { exit(withError: error) }
            let message = fullMessage(for: error)
            write(message.hasSuffix("\n") ? message : message + "\n")
            exit(withError: ExitCode(2))
        }
    }
}
