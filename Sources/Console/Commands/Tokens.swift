import Workbench

extension Command {
    static let tokens = Command(
        "tokens", group: .prompt, summary: "Show the prompt's tokens with their positions, or set the prompt token by token",
        detail: """
            All commands count positions as this table does. Features and errors at zeroed positions count as zero. In a
            conversation that `chat` made, `turn` says whose each token is: the system's, the user's, the assistant's, or
            the template's. A notice points out a double BOS token at the beginning. With tokens, the prompt is made of
            just these, and the output is that of `prompt`: no BOS token is added, and no text needs to have these tokens.
            """,
        examples: [Example("tokens", "those of the prompt"), Example(##"tokens #128000 " Dal" "las""##, "a prompt of three tokens")],
        parameters: [.anyNumber("TOKEN", .token)],
        json: promptKeys,
        action: .session { arguments, context in
            if !arguments.positionals.isEmpty { return Output(try await context.session.setPrompt(of: try promptTokens(arguments))) }
            let report = try await context.session.tokens()
            return Output([.table(.tokens(report.tokens))], notices: report.notices)
        })

    /// The tokens that a prompt is to have.
    static func promptTokens(_ arguments: Arguments) throws(ConsoleError) -> [TokenReference] {
        try arguments.positionals.map { word throws(ConsoleError) in try word.token() }
    }

    static let tokensKeys = [
        JSONKey(
            "tokens",
            "array of objects with `position`, `id`, `token`, `turn` (null in a text; else system, user, assistant or template), `active_features` (null without transcoders), `zeroed`"
        )
    ]

    static let top = Command(
        "top", group: .prompt, synonyms: ["logits", "predict"], summary: "Show the most likely next tokens",
        detail: """
            K is \(defaultCount) unless given. If interventions are in force, the tokens before and after are shown side
            by side. \(rerunDetail)
            """,
        examples: [Example("top 3", "the three most likely")],
        parameters: [.optional("K", .count)],
        json: sidesKeys,
        action: .session { arguments, context in
            let report = try await context.session.top(try arguments.count(at: 0, of: "the number of tokens"))
            return Output([.table(.sides(before: report.before, after: report.after))])
        })

    static let sidesKeys = [
        JSONKey(
            "tokens",
            "array of objects with `rank`, `token`, `id`, `probability`, `logit`, and, null without interventions, `after_token`, `after_id`, `after_probability`, `after_logit`"
        )
    ]

    static let probs = Command(
        "probs", group: .prompt, summary: "Show the probability, logit and rank of chosen tokens",
        detail: """
            If interventions are in force, values before and after are shown. \(rerunDetail)
            """,
        examples: [Example(#"probs " Austin" " Texas" #42"#, "three tokens, one by its number")],
        parameters: [.oneOrMore("TOKEN", .token)],
        json: [
            JSONKey(
                "tokens",
                "array of objects with `token`, `id`, `probability`, `logit`, `rank`, and, null without interventions, `after_probability`, `after_logit`, `after_rank`, `logit_change`"
            )
        ],
        action: .session { arguments, context in
            let tokens = try arguments.positionals.map { word throws(ConsoleError) in try word.token() }
            let report = try await context.session.probabilities(of: tokens)
            return Output([.table(.chosen(report.rows))])
        })
}

extension Table {
    static func tokens(_ tokens: [PositionedToken]) -> Table {
        let turns = tokens.contains { $0.turn != nil } ? Column.Visibility.everywhere : .dataOnly
        return Table(
            "tokens", title: nil,
            [
                .right("position"), .right("id"), .left("token"), Column(key: "turn", label: "turn", visibility: turns),
                .right("active_features", "features"), .left("zeroed"),
            ],
            rows: tokens.map { token in
                [
                    .integer(token.position), .integer(token.token.id), .token(token.token), .optional(token.turn?.rawValue),
                    .optional(token.activeFeatures), .flag(token.isZeroed),
                ]
            })
    }

    /// A next-token table.
    static func scores(
        _ key: String, title: String? = nil, visibility: Column.Visibility = .everywhere, _ scores: [TokenScore]
    ) -> Table {
        Table(
            key, title: title, visibility: visibility,
            [.right("rank"), .left("token"), .data("id"), .probability("probability"), .right("logit")],
            rows: scores.map { [.integer($0.rank)] + cells($0) })
    }

    /// Two next-token tables side by side.
    static func sides(before: [TokenScore], after: [TokenScore]?) -> Table {
        let visibility = after == nil ? Column.Visibility.dataOnly : .everywhere
        let columns: [Column] = [
            .right("rank"), .left("token", after == nil ? "token" : "before"), .data("id"), .probability("probability"), .right("logit"),
            Column(key: "after_token", label: "after", visibility: visibility), .data("after_id"),
            .probability("after_probability", "probability", visibility: visibility),
            Column(key: "after_logit", label: "logit", alignment: .right, visibility: visibility),
        ]
        let rows = (0..<max(before.count, after?.count ?? 0)).map { row -> [Value] in
            [.integer(row + 1)] + cells(row < before.count ? before[row] : nil)
                + cells(after.flatMap { row < $0.count ? $0[row] : nil })
        }
        return Table("tokens", columns, rows: rows)
    }

    private static func cells(_ score: TokenScore?) -> [Value] {
        guard let score else { return [.none, .none, .none, .none] }
        return [.token(score.token), .integer(score.token.id), .probability(score.probability), .logit(score.logit)]
    }

    fileprivate static func chosen(_ rows: [ProbabilityReport.Row]) -> Table {
        let visibility = rows.contains { $0.after != nil } ? Column.Visibility.everywhere : .dataOnly
        let columns: [Column] = [
            .left("token"), .data("id"), .probability("probability"), .right("logit"), .right("rank"),
            .probability("after_probability", "after", visibility: visibility),
            Column(key: "after_logit", label: "logit", alignment: .right, visibility: visibility),
            Column(key: "after_rank", label: "rank", alignment: .right, visibility: visibility),
            Column(key: "logit_change", label: "logit change", alignment: .right, visibility: visibility),
        ]
        return Table(
            "tokens", columns,
            rows: rows.map { row in
                let after = row.after
                return cells(row.before) + [
                    .integer(row.before.rank), after.map { .probability($0.probability) } ?? .none,
                    after.map { .logit($0.logit) } ?? .none, .optional(after?.rank),
                    after.map { .logitChange($0.logit - row.before.logit) } ?? .none,
                ]
            })
    }
}
