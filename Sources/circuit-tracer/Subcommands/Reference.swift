internal import ArgumentParser
internal import Console

/// Prints what is made from the tables of commands: docs/commands.md, and the manual page that is installed.
struct Reference: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the reference of the console's commands as Markdown.", shouldDisplay: false)

    @Flag(help: "Print the program's manual page instead.")
    var man = false

    func run() throws {
        try output(TerminalText(lines: man ? try manualPage() : commandReferencePage()))
    }
}
