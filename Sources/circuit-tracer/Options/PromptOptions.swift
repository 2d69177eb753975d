internal import ArgumentParser
internal import Console
internal import FeatureIndex

/// Which prompts.
struct PromptOptions: ParsableArguments {
    @Option(name: [.short, .long], help: "The prompt. May be repeated.")
    var prompt: [String] = []

    @Option(
        help: ArgumentHelp(
            "Prompts from a file, one a line; a line that begins with a double quote is a JSON string. '-' is standard input.",
            valueName: "file"),
        completion: .file())
    var prompts: String?

    @Option(
        help: ArgumentHelp("Only every N-th prompt, beginning with the I-th: 1/8, 2/8, ... 8/8 for eight machines.", valueName: "i/n"),
        transform: Shard.init(argument:))
    var shard: Shard?

    func validate() throws {
        if prompt.contains("") { throw ValidationError("A --prompt is empty.") }
        if prompt.isEmpty, prompts == nil { throw ValidationError("There is no prompt: give --prompt TEXT or --prompts FILE.") }
        if !prompt.isEmpty, prompts != nil { throw ValidationError("Prompts come from --prompt or from --prompts, not from both.") }
        if shard != nil, prompts == nil, prompt.count < 2 { throw ValidationError("--shard divides a list of prompts; there is one prompt.") }
    }

    /// - Throws: `ExitCode` 2 after saying what is wrong with the file.
    func list() throws -> PromptList {
        guard let file = prompts else { return PromptList(prompt, shard: shard) }
        do {
            return PromptList(try PromptFile(file).prompts, shard: shard)
        } catch {
            writeError(error)
            throw ExitCode(2)
        }
    }
}
