/// The reference page of all commands, in Markdown, as `docs/commands.md` holds it.
package func commandReferencePage() -> String { CommandTable.standard.referencePage }

extension CommandTable {
    var referencePage: String {
        let contents = groups.map { group, commands in
            "**\(group.rawValue)**\n\n" + commands.map { "- [\($0.name)](#\($0.name)): \($0.summary)\n" }.joined()
        }
        return ([Self.preface] + contents + groups.flatMap { $0.commands.map(\.referenceSection) }).joined(separator: "\n")
    }

    private static let preface = """
        # Commands

        <!-- Made from the command table; `make reference` writes this page, and a test compares them. -->

        Every command may be shortened as long as it stays unambiguous. A feature is written `LAYER/INDEX`; with positions
        `LAYER/INDEX@4`, `@-1` (the last), `@5:8` (half open), `@9:` (from there on, generated tokens included), `@*` (all
        but the zeroed ones, generated tokens included). Positions count from 0. A token is written as a JSON string, as
        in `" Austin"`, or as `#ID`. A line that begins with `#` is a comment.

        At the end of a command, `> FILE` writes its output to a file, `>> FILE` adds it to one, and `| LINE` gives it to a line of your
        shell. A file that ends in `.csv`, `.json`, `.md` or `.txt` has that format; other files and the shell have that of `format`. In
        csv there is one table, the first, or the values where there is none. A file is replaced when the output is complete. The
        signs are words of their own, outside quotes; in `prompt`, `echo`, `expect` and `shell` they are text, and after `foreach`
        they take its whole table. A transcript cannot hold them; a recording has the command without them. At a terminal, what does
        not fit the screen is shown in `$PAGER`, or `less`.

        With `format json` every command that shows data prints one object on one line; `command` comes first, and the
        keys below keep their names. Numbers that are not finite are `null`. Probabilities are 0 to 1. A command that fails prints
        an object, too, with what it has to show and an `error`, which has `message`, `suggestion`, `advice`, `word` (the part of the
        line in question) and `place` (the line of the script), each null if there is none.

        What would steer a terminal (control characters, marks that reorder text) is shown in every format and message as JSON
        spells it, as in `\\u001b`; of a character with more than 32 combining marks the rest is `…`. In json the data stays exact.

        """
}

extension Command {
    fileprivate var referenceSection: String {
        var blocks = ["## \(name)", summary + ".", "```\n" + usage.joined(separator: "\n") + "\n```", detail]
        if !options.isEmpty {
            blocks.append(options.map { "- `\($0.usage.dropFirst().dropLast())`: \($0.summary)" }.joined(separator: "\n"))
        }
        if !aliases.isEmpty { blocks.append("Also: " + aliases.map { "`\($0)`" }.joined(separator: ", ") + ".") }
        if !examples.isEmpty { blocks.append(examples.map { "- `\($0.line)`: \($0.meaning)" }.joined(separator: "\n")) }
        if !json.isEmpty {
            let rows = json.map { "| `\($0.key)` | \($0.meaning.replacing("|", with: "\\|")) |" }.joined(separator: "\n")
            blocks.append("| json key | holds |\n|---|---|\n" + rows)
        }
        return blocks.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }
}
