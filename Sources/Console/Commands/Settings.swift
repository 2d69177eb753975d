extension Command {
    static let format = Command(
        "format", group: .console, summary: "Choose the output format",
        detail: """
            table: aligned columns. json: one object per command, on one line. md: Markdown tables. csv: as in RFC 4180;
            first a table of `key` and `value` with the single values of a command, then its tables, with an empty line
            between them. If a command has several tables, each row begins with the name of its table, in the column
            `table`. Without an argument, the command shows the current format.
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
        "timing", group: .console, summary: "Show how long each command takes, or stop",
        detail: """
            Times go to standard error; transcripts leave them out.
            """,
        parameters: [.required("on|off", .choice(["on", "off"]))],
        action: .console { arguments, console in
            console.showsTiming = try arguments.positionals[0].onOff()
            return Output()
        })

    static let quit = Command(
        "quit", group: .console, aliases: ["exit"], summary: "Exit", detail: "So does Ctrl-D.", staysOutOfTranscripts: true,
        action: .console { _, console in
            console.isFinished = true
            return Output()
        })
}
