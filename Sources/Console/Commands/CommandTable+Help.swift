extension Command {
    /// What `help COMMAND` prints.
    var helpPage: Page {
        let paragraphs = detail.split(separator: "\n\n").map { Page.Block.paragraph(String($0)) }
        var blocks: [Page.Block] = [.paragraph(summary + "."), .lines(usage)] + paragraphs
        blocks.append(.terms(options.map { Page.Term($0.name, $0.summary) }))
        blocks.append(.terms(examples.map { Page.Term($0.line, $0.meaning) }))
        if !aliases.isEmpty { blocks.append(.paragraph("Also: \(aliases.joined(separator: ", ")).")) }
        return Page(blocks)
    }
}

extension CommandTable {
    /// What `help` lists.
    var summaries: Table { Table(summariesOf: groups) }
}

extension Table {
    /// Names and what the commands do, under their groups' headings.
    init(summariesOf groups: [(group: Command.Group, commands: [Command])]) {
        var (rows, headings) = ([[Value]](), [Int: String]())
        for (group, commands) in groups {
            headings[rows.count] = group.rawValue
            rows += commands.map { [.text($0.name), .text(group.rawValue), .text($0.summary)] }
        }
        self.init("commands", [.name("name", "command"), .data("group"), .sentence("summary", "does")], rows: rows, headings: headings)
    }
}
