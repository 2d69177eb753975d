import Graphs
import Workbench

extension Command {
    private static let defaultOrder = FeatureOrder.influence

    static let features = Command(
        "features", summary: "Ranks the graph's features",
        detail: """
            N is \(defaultCount) unless given. Influence is a feature's share of what reaches the targets over all paths;
            direct is what it adds to the top target's logit by itself. The last column has the tokens its decoder raises most.
            """,
        examples: [Example("features 20 --position -1 --by direct", "what acts on the answer at the last position")],
        parameters: [.optional("N", .count)],
        options: [
            OptionSpecification("--layer", "L", .count, "only those of this layer"),
            OptionSpecification("--position", "P", .position, "only those at this position; -1 is the last"),
            OptionSpecification(
                "--by", "ORDER", .choice(FeatureOrder.allCases.map(\.rawValue)), "influence, activation or direct (\(defaultOrder))"),
        ],
        json: [
            JSONKey("target", "the top target"), JSONKey("by", "the order"), JSONKey("matching", "how many features there are to show"),
            JSONKey(
                "features",
                "array of objects with `feature` (`LAYER/INDEX@POSITION`), `layer`, `index`, `position`, `token`, `activation`, `influence`, `direct` (null if not in the graph), `top_tokens`"
            ),
        ],
        action: .session { arguments, context in
            let order: FeatureOrder = try arguments.option("--by")?.choice(of: FeatureOrder.self) ?? defaultOrder
            let report = try await context.session.features(
                count: try arguments.count(at: 0, of: "how many features"),
                layer: try arguments.option("--layer")?.integer("a layer"),
                position: try arguments.option("--position")?.integer("a position", atLeast: .min), order: order)
            return Output([
                .fact("target", "target", .quoted(report.target.text)),
                .fact("by", "ranked by", .text(report.order.rawValue)),
                .fact("matching", "matching", .integer(report.matching)),
                .table(.features(report.rows)),
            ])
        })
}

extension Table {
    fileprivate static func features(_ rows: [FeatureRow]) -> Table {
        Table(
            "features",
            [
                .name("feature"), .data("layer"), .data("index"), .data("position"), .left("token"), .right("activation"),
                .right("influence"), .right("direct"), .left("top_tokens", "raises"),
            ],
            rows: rows.map { row in
                [
                    .text("\(row.site)"), .integer(row.site.layer), .integer(row.site.index), .integer(row.site.position),
                    .token(row.token), .activation(row.activation), .weight(row.influence),
                    .weight(row.directEffect), .tokens(row.topTokens),
                ]
            })
    }
}
