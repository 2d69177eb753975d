internal import ArgumentParser
internal import Console
internal import FeatureIndex
internal import Synchronization

/// What the console starts with.
struct StartOptions: ParsableArguments {
    @Option(
        name: [.short, .customLong("model")], help: "The model: a folder or a hub name. By default the model that the transcoder set names.",
        completion: .directory)
    var model: String?

    @Option(
        name: [.short, .customLong("transcoder-set"), .customLong("transcoder_set")], help: "The transcoder set: a folder or a hub name.",
        completion: .directory)
    var transcoderSet: String?

    @Option(
        name: [.customShort("f"), .customLong("file")],
        help: "Run the commands in a file ('-' for standard input). May be repeated, and mixed with -c; all run in the order given.",
        completion: .file(), transform: { PlacedScript(.file($0)) })
    var files: [PlacedScript] = []

    @Option(
        name: [.customShort("c"), .customLong("command")],
        help: "Run a command. May be repeated, and mixed with -f; all run in the order given.",
        completion: .list(commandDescriptions().map(\.name)), transform: { PlacedScript(.command($0)) })
    var commands: [PlacedScript] = []

    @Flag(help: "Go on after a command that failed.")
    var keepGoing = false

    @Flag(
        name: [.customLong("no-rc"), .customLong("no_rc")],
        help: "Do not run the start-up file, ~/.config/circuit-tracer/rc. (Scripts never do.)")
    var noStartFile = false

    @Option(
        help: ArgumentHelp(
            "Run the commands of -f and -c on each prompt of a file, as `foreach` does, and print one table. One prompt a line, or .csv or .jsonl with a column called prompt.",
            valueName: "file"),
        completion: .file())
    var prompts: String?

    @Option(
        help: ArgumentHelp("With --prompts: only every N-th prompt, beginning with the I-th: 1/8, 2/8, ... 8/8 for eight machines.", valueName: "i/n"),
        transform: Shard.init(argument:))
    var shard: Shard?

    @Flag(
        name: [.customLong("json-lines"), .customLong("json_lines")],
        help: "Answer programs: one JSON request a line on standard input, one answer a line (docs/agents.md).")
    var jsonLines = false

    @OptionGroup var downloads: DownloadOptions

    func validate() throws {
        if shard != nil, prompts == nil { throw ValidationError("--shard divides a list of prompts; --prompts FILE names it.") }
        if jsonLines, !files.isEmpty || !commands.isEmpty || prompts != nil || keepGoing {
            throw ValidationError("--json-lines takes its commands from standard input; -f, -c, --prompts and --keep-going are for scripts.")
        }
        if prompts != nil, files.isEmpty, commands.isEmpty { throw ValidationError("--prompts needs the commands to run: -f FILE or -c COMMAND.") }
    }

    /// - Throws: `ExitCode` 2 after saying what is wrong with the file of prompts.
    func consoleOptions() throws -> ConsoleOptions {
        var options = ConsoleOptions()
        options.model = model
        options.transcoders = transcoderSet
        options.scripts = (files + commands).sorted { $0.order < $1.order }.map(\.script)
        options.keepsGoing = keepGoing
        options.runsStartFile = !noStartFile
        options.downloads = downloads.policy
        options.version = Version.name
        if let prompts {
            do { options.prompts = try PromptFile(prompts).rows.filter { shard?.contains($0.number - 1) ?? true } } catch {
                writeError(error)
                throw ExitCode(2)
            }
        }
        return options
    }
}

/// A script and its place among all those of the command line: the parser reads from left to right, but sorts by option.
struct PlacedScript: Sendable {
    let script: ConsoleOptions.Script
    let order: Int

    init(_ script: ConsoleOptions.Script) {
        self.script = script
        order = scriptsRead.add(1, ordering: .relaxed).newValue
    }
}

private let scriptsRead = Atomic(0)
