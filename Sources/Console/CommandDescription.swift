/// What the command table says about a command, for a manual.
package struct CommandDescription: Sendable {
    package let name: String
    package let aliases: [String]
    package let summary: String
    /// The ways to write it.
    package let usage: [String]
    package let detail: String
    /// Each with its value, and what it is for.
    package let options: [(usage: String, summary: String)]
    package let examples: [(line: String, meaning: String)]

    fileprivate init(_ command: Command) {
        name = command.name
        aliases = command.aliases
        summary = command.summary
        usage = command.usage
        detail = command.detail
        options = command.options.map { (String($0.usage.dropFirst().dropLast()), $0.summary) }
        examples = command.examples.map { ($0.line, $0.meaning) }
    }
}

/// Descriptions of all commands, group by group.
package func commandDescriptions() -> [CommandDescription] { CommandTable.standard.groups.flatMap(\.commands).map(CommandDescription.init) }

/// What is true of all commands, in paragraphs: how features, tokens and comments are written, and what json output is like.
package func commandNotation() -> String {
    // The reference page's, between its title and its contents.
    let paragraphs = CommandTable.standard.referencePage.split(separator: "\n\n")
    return paragraphs.dropFirst().drop { $0.hasPrefix("<!--") }.prefix { !$0.hasPrefix("**") }.joined(separator: "\n\n")
}
