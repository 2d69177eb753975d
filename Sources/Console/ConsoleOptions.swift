/// What the command line says about a run of the console.
package struct ConsoleOptions: Sendable {
    /// Where commands come from when nobody types them.
    package enum Script: Sendable, Equatable {
        /// `-f FILE`; `-` is standard input.
        case file(String)
        /// `-c COMMAND`; may have several lines.
        case command(String)
    }

    /// The model to load; nil for the one that the set's config names, or the bundled one.
    package var model: String?
    /// The transcoder set to load.
    package var transcoders: String?
    /// In this order; none for a terminal, or standard input where it is not one.
    package var scripts: [Script] = []
    /// Prompts to run the scripts on, one after the other; nil for scripts that set their own.
    package var prompts: [PromptFile.Row]?
    /// Goes on after a command that failed.
    package var keepsGoing = false
    /// Whether a terminal's console runs the user's start-up file first.
    package var runsStartFile = true
    /// What is done about models and sets that are not on this machine.
    package var downloads = DownloadPolicy.usual
    /// The welcome's first words.
    package var version = "circuit-tracer"

    package init() {}
}

extension ConsoleOptions {
    /// What errors call each of the scripts; of several `-c` each has its number.
    var scriptNames: [String] {
        if scripts.isEmpty { return ["stdin"] }
        let hasSeveralCommands = scripts.count { if case .command = $0 { true } else { false } } > 1
        var commandCount = 0
        return scripts.map { script in
            switch script {
            case .file(let path): return path == "-" ? "stdin" : path
            case .command:
                commandCount += 1
                return hasSeveralCommands ? "-c \(commandCount)" : "-c"
            }
        }
    }
}
