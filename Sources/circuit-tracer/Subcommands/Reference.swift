internal import ArgumentParser
internal import Console

/// Prints the reference of the console's commands, which is committed as docs/commands.md.
struct Reference: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the reference of the console's commands as Markdown.", shouldDisplay: false)

    func run() throws {
        try output(TerminalText(lines: commandReferencePage()))
    }
}
