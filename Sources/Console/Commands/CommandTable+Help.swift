extension Command {
    /// What `help COMMAND` prints.
    var helpText: String {
        var blocks = [summary + ".", usage.map { "  " + $0 }.joined(separator: "\n"), detail]
        if !options.isEmpty {
            let width = options.map(\.name.count).max() ?? 0
            blocks.append(options.map { "  \($0.name.padded(toWidth: width, on: .left))  \($0.summary)" }.joined(separator: "\n"))
        }
        if !examples.isEmpty {
            let width = examples.map(\.line.displayWidth).max() ?? 0
            blocks.append(examples.map { "  \($0.line.padded(toWidth: width, on: .left))  \($0.meaning)" }.joined(separator: "\n"))
        }
        if !aliases.isEmpty { blocks.append("Also: \(aliases.joined(separator: ", ")).") }
        return blocks.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
}

extension Sequence<Command> {
    /// A table of names and summaries.
    var summaries: Table {
        Table("commands", [.left("name", "command"), .left("summary", "does")], rows: map { [.text($0.name), .text($0.summary)] })
    }
}
