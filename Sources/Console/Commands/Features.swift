import Graphs
import Workbench

extension Command {
    private static let defaultOrder = FeatureOrder.influence

    static let features = Command(
        "features", group: .features, summary: "Rank the graph's features",
        detail: """
            Ranks the features of SET, or all; N is \(defaultCount) unless given. Influence is a feature's share of what
            reaches the targets over all paths. Direct is what it adds to the logit of the top target by itself. The
            last column lists the tokens that its decoder raises most. For a steered run's graph, another says which
            features were set.
            """,
        examples: [Example("features 20 --position -1 --by direct", "what adds to the answer at the last position")],
        parameters: [.optional("N", .count), .anyNumber("SET", .set)],
        options: [
            OptionSpecification("--layer", "L", .layers, "only features of this layer, or of a range such as 3:6"),
            OptionSpecification(
                "--position", "P", .position, #"only features at this position, or in a range; -1 is the last, " Dallas" the position of that token"#),
            OptionSpecification(
                "--by", "ORDER", .choice(FeatureOrder.allCases.map(\.rawValue)), "influence, activation or direct (\(defaultOrder))"),
        ],
        json: [
            JSONKey("target", "the top target"), JSONKey("by", "the order"), JSONKey("matching", "the number of features to show"),
            JSONKey(
                "features",
                "array of objects with `feature` (`LAYER/INDEX@POSITION`), `layer`, `index`, `position`, `token`, `activation`, `influence`, `direct` (null if not in the graph), `set` (whether an intervention set it, in a steered run's graph), `top_tokens`"
            ),
        ],
        action: .session { arguments, context in
            let order: FeatureOrder = try arguments.option("--by")?.choice(of: FeatureOrder.self) ?? defaultOrder
            var parser = arguments.sets()
            let count = try parser.count("the number of features")
            let set = parser.isAtEnd ? nil : try parser.set()
            let report = try await context.session.features(
                count: try count ?? parser.count("the number of features") ?? defaultCount, in: set,
                layers: try arguments.option("--layer")?.layersTerm() ?? .all,
                positions: try arguments.option("--position")?.positionsTerm() ?? .all, order: order)
            try parser.finish("features")
            return Output(
                [
                    .fact("target", "target", .quoted(report.target.text)),
                    .fact("by", "ranked by", .text(report.order.rawValue)),
                    .fact("matching", "matching", .integer(report.matching)),
                    .table(.features(report.rows, isSteered: report.isSteered)),
                ], notices: report.notices)
        })
}

extension Table {
    fileprivate static func features(_ rows: [FeatureRow], isSteered: Bool) -> Table {
        Table(
            "features",
            [
                .name("feature"), .data("layer"), .data("index"), .data("position"), .left("token"), .right("activation"),
                .right("influence"), .right("direct"),
                Table.Column(key: "set", label: "set", visibility: isSteered ? .everywhere : .dataOnly), .left("top_tokens", "raises"),
            ],
            rows: rows.map { row in
                [
                    .site(row.site), .integer(row.site.layer), .integer(row.site.index), .integer(row.site.position),
                    .token(row.token), .activation(row.activation), .weight(row.influence),
                    .weight(row.directEffect), .flag(row.isSet), .tokens(row.topTokens),
                ]
            })
    }
}
