import Workbench

extension Command {
    static let foreach = Command(
        "foreach", group: .scripts, synonyms: ["batch", "map"], summary: "Run commands on a list of prompts and make one table",
        usage: ["foreach FILE : COMMAND [; COMMAND]...", #"foreach "PROMPT" "PROMPT"... : COMMAND [; COMMAND]..."#],
        detail: """
            FILE has one prompt a line, or is a table, .csv or .jsonl, with the prompts in the column `prompt`; $COLUMN
            in a command stands for the value of another column. Each prompt starts with the interventions in force now.
            Afterwards, prompt, graph and interventions are what they were before. Each row has what the commands show:
            names and values, and the rows of their tables, side by side. Commands that only change something show
            nothing. If a command fails on a prompt, or an expectation does not hold, the error is in its row, and the
            other prompts are still run. The model stays loaded, and runs in the store are not displaced. Ctrl-C keeps
            the rows that are done.
            """,
        examples: [
            Example("foreach prompts.txt : top 1", "the most likely next token of each"),
            Example("foreach prompts.csv : attribute ; zero top(10) ; probs $answer", "before and after an ablation, of each row's own answer"),
        ],
        parameters: [.required("FILE", .file)], takesRawLine: true,
        json: [JSONKey("rows", "array of objects with `number`, `prompt`, what the commands show, and `error` (null where there is none)")],
        action: .console { arguments, console in
            let list = try ListCommand(arguments)
            return try console.forEach(list.rows, list.commands)
        })
}

/// What `foreach` is given.
private struct ListCommand {
    let rows: [PromptFile.Row]
    let commands: [String]

    init(_ arguments: Arguments) throws {
        let line = arguments.line
        let words = try Self.separated(Lexer.words(of: line, from: arguments.rawText.startIndex), in: line)
        guard let colon = words.firstIndex(where: { $0.spelling == .bare && $0.text == ":" }) else {
            throw ConsoleError("A colon separates the prompts from the commands", at: nil, advice: "usage: foreach FILE : COMMAND [; COMMAND]...")
        }
        let list = words[..<colon]
        guard let first = list.first else {
            throw ConsoleError("A file of prompts, or prompts in double quotes, should come before the colon", at: words[colon].range)
        }
        if first.spelling == .bare {
            if let extra = list.dropFirst().first { throw ConsoleError("foreach takes one file, or prompts in double quotes", at: extra.range) }
            rows = try PromptFile(first.text).rows
        } else {
            rows = PromptFile(prompts: try list.map { word throws(ConsoleError) in try word.quotedPrompt() }).rows
        }
        var commands: [String] = []
        var start = words[colon].range.upperBound
        for word in words[(colon + 1)...] where word.spelling == .bare && word.text == ";" {
            commands.append(String(line[start..<word.range.lowerBound]))
            start = word.range.upperBound
        }
        commands.append(String(line[start...]))
        self.commands = commands.filter { !$0.allSatisfy(\.isWhitespace) }
        if self.commands.isEmpty { throw ConsoleError("A command should follow the colon", at: words[colon].range) }
    }

    /// The words, with the colon at the end of the first word that has one as a word of its own. A semicolon is one always.
    private static func separated(_ words: [Word], in line: String) throws(ConsoleError) -> [Word] {
        var (separated, isAfterColon) = ([Word](), false)
        for word in words {
            if isAfterColon, word.spelling == .bare, word.text.count > 1, word.text.last == ";" {
                throw ConsoleError("The ; between commands is a word of its own", at: word.range, suggestion: "\(word.text.dropLast()) ;")
            }
            guard !isAfterColon, word.spelling == .bare, word.text.count > 1, word.text.last == ":" else {
                separated.append(word)
                if word.text == ":", word.spelling == .bare { isAfterColon = true }
                continue
            }
            let end = line.index(before: word.range.upperBound)
            let before = word.range.lowerBound..<end
            // A prompt before its colon has its quotes still on.
            separated.append(
                word.text.hasPrefix("\"")
                    ? Word(try JSONText.read(line, at: before.lowerBound).text, spelling: .quoted, at: before) : Word(String(line[before]), at: before))
            separated.append(Word(":", at: end..<word.range.upperBound))
            isAfterColon = true
        }
        return separated
    }
}
