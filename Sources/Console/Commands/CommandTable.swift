internal import Checkpoints

/// All commands. Help, completion, near misses and the reference page read this table and nothing else.
package struct CommandTable: Sendable {
    let commands: [Command]

    /// In the order in which somebody would need them.
    static let standard: CommandTable = CommandTable(commands: [
        .load, .status, .models, .inspect,
        .prompt, .chat, .extend, .tokens, .top, .probs,
        .target, .plan, .attribute, .features, .edges, .path, .feature, .index, .label, .labels, .let, .show, .forget, .super, .supers, .circuit,
        .do, .swap, .set, .zero, .scale, .add, .unset, .clear, .undo, .redo, .interventions,
        .compare, .sweep, .foreach, .run, .diff, .generate, .verify,
        .prune, .save, .open, .session, .export, .import, .check, .serve, .store,
        .record, .replay, .expect, .echo, .source,
        .format, .timing, .shell, .help, .apropos, .quit,
    ])

    /// Whether a word is a command's name or alias.
    func isCommand(_ word: String) -> Bool { commands.contains { $0.name == word || $0.aliases.contains(word) } }

    /// The commands by what they have to do with, in the table's order within a group; no group is empty.
    var groups: [(group: Command.Group, commands: [Command])] {
        Command.Group.allCases.map { group in (group, commands.filter { $0.group == group }) }.filter { !$0.commands.isEmpty }
    }

    /// The command of that name, alias, or unambiguous beginning of a name.
    ///
    /// - Parameter range: the word's range, for the error.
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
            suggestion: commands.first { $0.synonyms.contains(word) }?.name
                ?? (word.count == 1 ? nil : nearest(to: word, among: commands.flatMap { [$0.name] + $0.aliases })),
            advice: "`help` lists the commands")
    }

    /// What somebody meant who wrote a command of the console, or something like a subcommand, as a subcommand of the program.
    ///
    /// - Parameter words: what was written.
    package static func advice(on words: [String], subcommands: [String]) -> String {
        if let word = nearest(to: words[0], among: subcommands) { return "Did you mean \(word)?" }
        if (try? standard.command(named: words[0], at: nil)) != nil {
            let line = words.joined(separator: " ").replacing("'", with: #"'\''"#)
            return "It is a command of the console: `circuit-tracer -c '\(line)'` runs it."
        }
        return "`circuit-tracer --help` lists them; -t names a transcoder set and -m a model."
    }

    /// Commands that mention the word.
    func mentioning(_ word: String) -> [Command] {
        let word = word.lowercased()
        return commands.filter { command in
            ([command.name, command.summary, command.detail] + command.aliases + command.synonyms + command.options.map(\.name))
                .contains { $0.lowercased().contains(word) }
        }
    }
}
