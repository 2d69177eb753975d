extension Command {
    static let help = Command(
        "help", group: .console, aliases: ["?"], summary: "List the commands, or explain one", detail: "",
        examples: [Example("help set", "one command")],
        parameters: [.optional("COMMAND", .command)],
        json: [
            JSONKey("commands", "array of objects with `name`, `group`, `summary`, without an argument"),
            JSONKey("text", "the explanation, with one"),
        ],
        action: .console { arguments, console in
            guard let word = arguments[0] else {
                return Output([
                    .table(console.table.summaries),
                    .page(
                        key: "text",
                        Page([
                            .paragraph("`help COMMAND` explains one, `apropos WORD` looks for a word, Tab completes."),
                            .paragraph("`> FILE`, `>> FILE` and `| LINE` after a command send what it shows to a file, or to a line of your shell."),
                        ])),
                ])
            }
            if word.text == SetHelp.name { return Output([.page(key: "text", SetHelp.page)]) }
            return Output([.page(key: "text", try console.table.command(named: word.text, at: word.range).helpPage)])
        })

    static let apropos = Command(
        "apropos", group: .console, summary: "List the commands whose help mentions a word", detail: "",
        examples: [Example("apropos probability", "the commands about probabilities")],
        parameters: [.required("WORD", .text)],
        json: [JSONKey("commands", "array of objects with `name`, `group`, `summary`")],
        action: .console { arguments, console in
            let word = arguments.positionals[0]
            let found = console.table.mentioning(word.text)
            if found.isEmpty {
                throw ConsoleError("No command mentions \(JSONText.quoted(word.text))", at: word.range, advice: "`help` lists the commands")
            }
            return Output([.table(CommandTable(commands: found).summaries)])
        })
}
