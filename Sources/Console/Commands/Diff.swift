import Workbench

extension Command {
    static let diff = Command(
        "diff", group: .runs, summary: "Show what the interventions changed",
        detail: """
            Shows the K logits and the K probabilities that changed most, the divergence of the two next-token
            distributions, and the features that switched on or off; K is \(defaultCount) unless given. \(rerunDetail)
            """,
        examples: [Example("diff 5", "five of each")],
        parameters: [.optional("K", .count)],
        json: [
            JSONKey("divergence", "KL(before || after), in nats"), JSONKey("switched_on_count", "features that switched on"),
            JSONKey("switched_off_count", "features that switched off"),
            JSONKey("logits", "array of objects with `token`, `id`, `before`, `after`, `change`"),
            JSONKey("probabilities", "the same"),
            JSONKey("switched_on", "array of objects with `feature`, `token`, `before`, `after`"), JSONKey("switched_off", "the same"),
        ],
        action: .session { arguments, context in
            Output(try await context.session.diff(try arguments.count(at: 0, of: "the number of tokens")))
        })
}

extension Output {
    init(_ report: DiffReport) {
        self.init(
            [
                .fact("divergence", "KL divergence", .number(Double(report.divergence), .decimals(4))),
                .fact("switched_on_count", "switched on", .integer(report.switchedOnCount)),
                .fact("switched_off_count", "switched off", .integer(report.switchedOffCount)),
                .table(
                    Self.changes("logits", report.logits) {
                        [.logit($0), .logit($1), .logitChange($1 - $0)]
                    } of: {
                        $0.logit
                    }),
                .table(
                    Self.changes("probabilities", report.probabilities) {
                        [.probability($0), .probability($1), .probabilityChange($1 - $0)]
                    } of: {
                        $0.probability
                    }),
                .table(Self.switched("switched_on", title: "features switched on", report.switchedOn)),
                .table(Self.switched("switched_off", title: "features switched off", report.switchedOff)),
            ], notices: report.notices)
    }

    private static func changes(
        _ key: String, _ changes: [DiffReport.TokenChange], cells: (Float, Float) -> [Value],
        of quantity: (TokenScore) -> Float
    ) -> Table {
        Table(
            key, title: key, [.left("token"), .data("id"), .right("before"), .right("after"), .change("change")],
            rows: changes.map { change in
                let token = change.before.token
                return [.token(token), .integer(token.id)] + cells(quantity(change.before), quantity(change.after))
            })
    }

    private static func switched(_ key: String, title: String, _ changes: [DiffReport.FeatureChange]) -> Table {
        Table(
            key, title: title, [.name("feature"), .left("token"), .right("before"), .right("after")],
            rows: changes.map { [.site($0.site), .token($0.token), .activation($0.before), .activation($0.after)] })
    }
}
