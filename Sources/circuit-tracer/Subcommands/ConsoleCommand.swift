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

    func run() throws {
        let run = start.jsonLines ? runRequests : runConsole
        throw ExitCode(run(Session(), try start.consoleOptions(), Viewers(), freshSession))
    }
}
