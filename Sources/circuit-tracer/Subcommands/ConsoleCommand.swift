internal import ArgumentParser
internal import Console
internal import Workbench

/// The console: a terminal, a script, or commands on the command line.
struct ConsoleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console", abstract: "Start the console (this is what happens without a subcommand).")

    @OptionGroup var start: StartOptions

    @Argument(help: .hidden)
    var words: [String] = []

    func validate() throws {
        guard let word = words.first else { return }
        let subcommands = CircuitTracer.configuration.subcommands.map { $0._commandName }
        throw ValidationError("There is no subcommand \(word). \(CommandTable.advice(on: words, subcommands: subcommands))")
    }

    /// The console where the arguments are options of its own alone; nil where they are something else, or wrong.
    ///
    /// It starts without the other subcommands' options, which take a tenth of the time to the first prompt.
    static func parsedAlone() -> ConsoleCommand? {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.first?.hasPrefix("-") ?? true else { return nil }
        return try? parse(arguments)
    }

    func run() throws {
        let run = start.jsonLines ? runRequests : runConsole
        throw ExitCode(run(Session(), try start.consoleOptions(), Viewers(), freshSession))
    }
}
