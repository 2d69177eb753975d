/// All commands. Help, completion, near misses and the reference page read this table and nothing else.
struct CommandTable: Sendable {
    let commands: [Command]

    /// In the order in which somebody would need them.
    static let standard = CommandTable(commands: [
        .load, .status, .models, .inspect,
        .prompt, .tokens, .top, .probs,
        .target, .plan, .attribute, .features, .edges, .path, .feature,
        .set, .zero, .scale, .add, .unset, .clear, .undo, .redo, .interventions,
        .run, .diff, .generate, .verify,
        .prune, .save, .open, .export, .import, .serve,
        .record, .replay, .expect, .echo, .source,
        .format, .timing, .shell, .help, .apropos, .quit,
    ])

    /// The command of that name, alias, or unambiguous beginning of a name.
    ///
    /// - Parameter range: where the word stands, for the error.
    func command(named word: String, at range: Range<String.Index>?) throws(ConsoleError) -> Command {
        if let exact = commands.first(where: { $0.name == word || $0.aliases.contains(word) }) { return exact }
        let candidates = commands.filter { $0.name.hasPrefix(word) }
        if candidates.count == 1 { return candidates[0] }
        if candidates.count > 1 {
            let names = candidates.map(\.name).joined(separator: ", ")
            throw ConsoleError("\(JSONText.quoted(word)) could be any of \(names)", at: range, advice: "type more of it")
        }
        throw ConsoleError(
            "There is no command \(JSONText.quoted(word))", at: range,
            suggestion: nearest(to: word, among: commands.flatMap { [$0.name] + $0.aliases }),
            advice: "`help` lists the commands")
    }

    /// Commands that mention the word.
    func mentioning(_ word: String) -> [Command] {
        let word = word.lowercased()
        return commands.filter { command in
            ([command.name, command.summary, command.detail] + command.aliases + command.options.map(\.name))
                .contains { $0.lowercased().contains(word) }
        }
    }
}
