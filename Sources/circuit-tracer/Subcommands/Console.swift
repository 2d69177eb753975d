internal import ArgumentParser
internal import Console
internal import Workbench

/// The console: a terminal, a script, or commands on the command line.
struct Console: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start the console (this is what happens without a subcommand).")

    @Option(name: [.short, .customLong("model")], help: "The model: a folder or a hub name. By default the one the transcoder set names.")
    var model: String?

    @Option(name: [.short, .customLong("transcoder-set"), .customLong("transcoder_set")], help: "The transcoder set: a folder or a hub name.")
    var transcoderSet: String?

    @Option(name: [.customShort("f"), .customLong("file")], help: "Run the commands in a file ('-' for standard input). May be repeated.")
    var files: [String] = []

    @Option(name: [.customShort("c"), .customLong("command")], help: "Run a command. May be repeated; after the files.")
    var commands: [String] = []

    @Flag(help: "Go on after a command that failed.")
    var keepGoing = false

    func run() throws {
        var options = ConsoleOptions()
        options.model = model
        options.transcoders = transcoderSet
        options.scripts = files.map { .file($0) } + commands.map { .command($0) }
        options.keepsGoing = keepGoing
        options.version = CircuitTracer.version
        throw ExitCode(runConsole(session: Session(), options: options, makeSession: freshSession))
    }
}
