extension Command {
    static let format = Command(
        "format", group: .console, summary: "Chooses how data is printed",
        detail: """
            table: aligned columns. json: one object a command, on one line. md: Markdown tables. csv: as RFC 4180 has it; a
            table of `key` and `value` with what a command says once, then its tables, an empty line between. Where a
            command has several, each row begins with its table's name, in the column `table`. Without an argument it says
            which is in use.
            """,
        examples: [Example("format json", "from now on, for other programs")],
        parameters: [.optional("table|json|csv|md", .choice(OutputFormat.allCases.map(\.rawValue)))],
        json: [JSONKey("format", "the format in use")],
        action: .console { arguments, console in
            if let word = arguments[0] {
                console.format = try word.choice(of: OutputFormat.self)
                return Output()
            }
            return Output([.fact("format", "format", .text(console.format.rawValue))])
        })

    static let timing = Command(
        "timing", group: .console, summary: "Prints, or not, how long each command took", detail: "On stderr; a transcript leaves it out.",
        parameters: [.required("on|off", .choice(["on", "off"]))],
        action: .console { arguments, console in
            console.showsTiming = try arguments.positionals[0].onOff()
            return Output()
        })

    static let quit = Command(
        "quit", group: .console, aliases: ["exit"], summary: "Leaves", detail: "So does Ctrl-D.", staysOutOfTranscripts: true,
        action: .console { _, console in
            console.isFinished = true
            return Output()
        })
}
