import Workbench

extension Command {
    static let compare = Command(
        "compare", group: .runs, summary: "Compare the features and next tokens of two prompts, or two graphs",
        usage: [#"compare "PROMPT A" ["PROMPT B"] [K]"#, compareGraphsUsage],
        detail: """
            B is the current prompt unless given, without interventions. Positions are paired from the end. A feature
            differs if it is active in one prompt only, or at least twice as strong in one. The K that differ most are
            listed, \(defaultCount) unless given. `compare("PROMPT A")` is the set of all of them, for `let`, `set` and
            others.

            \(compareGraphsDetail)
            """,
        examples: [
            Example(#"compare "Fact: the capital of the state containing Oakland is""#, "with the current prompt"),
            Example(#"let d = compare("Fact: the capital of the state containing Oakland is")"#, "the features that differ, as a set"),
        ] + compareGraphsExamples,
        parameters: [.required("\"PROMPT A\" or graph", .choice(["graph"])), .anyNumber("\"PROMPT B\", GRAPH or K", .file)],
        json: [
            JSONKey("differing", "the number of features that differ"),
            JSONKey("positions", "array of objects with `position_a`, `token_a`, `position_b`, `token_b`, `only_a`, `only_b`, `differing`"),
            JSONKey("features", "array of objects with `feature_a`, `token_a`, `feature_b`, `token_b`, `activation_a`, `activation_b`"),
            JSONKey("tokens_a", "array of objects with `rank`, `token`, `id`, `probability`, `logit`"), JSONKey("tokens_b", "the same"),
        ] + compareGraphsKeys,
        action: .session { arguments, context in
            if let word = arguments[0], word.spelling == .bare, word.text == "graph" { return try await compareGraphs(arguments, context) }
            var words = arguments.positionals[...]
            let a = try words.removeFirst().quotedPrompt(before: words)
            let b = words.first?.spelling == .quoted ? words.removeFirst().text : nil
            let count = try words.popFirst()?.integer("the number of features", atLeast: 1) ?? defaultCount
            if let extra = words.first { throw ConsoleError("compare is complete before \(extra.typed)", at: extra.range) }
            return Output(try await context.session.compare(a, with: b, count: count))
        })
}

extension Output {
    init(_ report: CompareReport) {
        let positions = Table(
            "positions", title: "by position",
            [
                .right("position_a", "A"), .left("token_a", "token"), .right("position_b", "B"), .left("token_b", "token"), .right("only_a", "only A"),
                .right("only_b", "only B"), .right("differing", "twice as strong"),
            ],
            rows: report.positions.filter { $0.onlyA + $0.onlyB + $0.differing > 0 }.map { row in
                [
                    .integer(row.a.position), .token(row.a.token), .integer(row.b.position), .token(row.b.token), .integer(row.onlyA), .integer(row.onlyB),
                    .integer(row.differing),
                ]
            })
        let features = Table(
            "features", title: "features that differ most",
            [
                .name("feature_b", "feature in B"), .left("token_a", "token in A"), .left("token_b", "token in B"), .right("activation_a", "A"),
                .right("activation_b", "B"), .data("feature_a"),
            ],
            rows: report.features.map { row in
                [
                    .site(row.b), .token(row.tokens.a), .token(row.tokens.b), .activation(row.valueA), .activation(row.valueB), .site(row.a),
                ]
            })
        self.init(
            [
                .fact("differing", "features that differ", .integer(report.differing)), .table(positions), .table(features),
                .table(.scores("tokens_a", title: "next tokens of A", report.a)), .table(.scores("tokens_b", title: "next tokens of B", report.b)),
            ], notices: report.notices)
    }
}
