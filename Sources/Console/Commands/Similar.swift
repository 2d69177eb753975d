import Workbench

extension Command {
    private static let defaultWay = Similarity.decoder

    static let similar = Command(
        "similar", group: .features, synonyms: ["nearest", "neighbours", "neighbors"], summary: "List the features that are most like one",
        detail: """
            Compares FEATURE with all others of the set: by decoders (what they write) or encoders (what they read), as
            cosines. By co-activation, up to 16 texts of the set's index (`index CORPUS`) on which FEATURE is most
            active are run up to its peak: a feature is the more like it, the larger the share of the peaks at which it
            is active, less its density, the share of all texts' positions. Where a feature is active on this prompt, the
            place where it is strongest follows. `similar(FEATURE)` is a set of them (`help sets`).
            """,
        examples: [
            Example("similar 0/1292", "what writes the same"),
            Example("similar top(1) 5 --by coactivation", "what fires where the first feature of the graph does"),
        ],
        parameters: [.required("FEATURE", .set), .optional("N", .count)],
        options: [
            OptionSpecification("--by", "WAY", .choice(Similarity.allCases.map(\.rawValue)), "decoder, encoder or coactivation (\(defaultWay))")
        ],
        json: [
            JSONKey("feature", "`LAYER/INDEX`"), JSONKey("by", "the way of comparing"),
            JSONKey(
                "similar",
                "array of objects with `feature`, `score` (the cosine; by co-activation, `share` less `density`), `share` and `density` (null by cosine), `position`, `token`, `activation` (where it is strongest on this prompt; null where it is not active)"
            ),
        ],
        action: .session { arguments, context in
            var parser = arguments.sets()
            let set = try parser.set()
            let count = try parser.count("the number of features") ?? defaultCount
            try parser.finish("similar")
            let similarity: Similarity = try arguments.option("--by")?.choice(of: Similarity.self) ?? defaultWay
            return Output(try await context.session.similar(to: set, count: count, by: similarity, progress: context.progress))
        })
}

extension Output {
    init(_ report: SimilarReport) {
        let isCosine = report.similarity != .coactivation
        var table = Table(
            "similar",
            [
                .name("feature"), .right("score", isCosine ? "cosine" : "score"),
                Table.Column(key: "share", label: "share", alignment: .right, visibility: isCosine ? .dataOnly : .everywhere),
                Table.Column(key: "density", label: "density", alignment: .right, visibility: isCosine ? .dataOnly : .everywhere),
                .right("position"), .left("token"), .right("activation"),
            ],
            rows: report.rows.map { row in
                [
                    .feature(row.feature), .number(Double(row.score), .decimals(4)), row.share.map(Value.share) ?? .none,
                    row.density.map { .number(Double($0), .significant(3)) } ?? .none, .optional(row.firing?.position),
                    row.firing.map { .token($0.token) } ?? .none, row.firing.map { .activation($0.activation) } ?? .none,
                ]
            })
        table.placeholder = "No other feature is active there"
        self.init([
            .fact("feature", "feature", .text("\(report.feature)")), .fact("by", "compared by", .text(report.similarity.rawValue)), .table(table),
        ])
    }
}
