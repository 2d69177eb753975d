import Workbench

extension Command {
    static let expect = Command(
        "expect", group: .scripts, summary: "Check a fact (exit status 3 if it does not hold)",
        usage: [
            "expect probability before|after TOKEN VALUE +- TOLERANCE", "expect probability before|after TOKEN < VALUE",
            "expect logit before|after TOKEN VALUE +- TOLERANCE", "expect rank before|after TOKEN RANK",
            "expect top before|after TOKEN", "expect logit-change TOKEN < VALUE",
            "expect activation SET VALUE +- TOLERANCE", "expect generation before|after contains TEXT",
        ],
        detail: """
            `before` is the model without interventions, `after` with those in force. Comparisons are <, <=, > and >=.
            Rank 1 is the most likely token. An activation is the mean over the features of the set of what their
            encoders read after, as a share of what they read before. A generation is the last `generate`.
            \(rerunDetail)
            """,
        examples: [
            Example(#"expect probability after " Austin" 0.9 +- 0.05"#, "between 0.85 and 0.95"),
            Example(#"expect logit-change " Austin" < -2"#, "its logit fell by more than 2"),
        ],
        parameters: [
            .required("QUANTITY", .choice(ExpectationParser.quantities)),
            .required("SIDE", .choice(RunSide.allCases.map(\.rawValue))), .required("TOKEN", .token),
        ],
        takesRawLine: true,
        json: [JSONKey("statement", "what was expected"), JSONKey("holds", "whether it holds"), JSONKey("found", "the value found")],
        action: .session { arguments, context in
            let report = try await context.session.check(try ExpectationParser.parse(arguments.rawText))
            var output = Output([
                .data("statement", .text(report.statement)), .data("holds", .flag(report.holds)),
                .fact("found", report.holds ? "ok" : "FAILED", .text(report.found)),
            ])
            output.isFailedExpectation = !report.holds
            return output
        })

    static let echo = Command(
        "echo", group: .scripts, summary: "Print a line", usage: ["echo TEXT"],
        detail: """
            Prints the line as it is, in scripts and transcripts.
            """,
        takesRawLine: true, json: [JSONKey("text", "the line")],
        action: .console { arguments, _ in Output([.prose(key: "text", String(arguments.rawText))]) })
}
