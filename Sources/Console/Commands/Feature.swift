import Workbench

extension Command {
    static let feature = Command(
        "feature", group: .features, summary: "Show what a feature writes, and where it fires in this prompt",
        detail: """
            Lists the tokens that the decoder, taken through the unembedding, raises and lowers most per unit of
            activation. Below them is the prompt, with each token shaded by how strongly the feature fires there
            (underlined on terminals with few colours), and a curve with one character per token.
            """,
        examples: [Example("feature 3/412", "feature 412 of layer 3"), Example("feature top(1)", "the graph's most influential")],
        parameters: [.required("FEATURE", .set), .optional("K", .count)],
        json: [
            JSONKey("feature", "`LAYER/INDEX`"), JSONKey("label", "what people call it, or null"),
            JSONKey("top", "array of objects with `token`, `id`, `logit`"),
            JSONKey("bottom", "the same"),
            JSONKey("firings", "array of objects with `position`, `token`, `activation`, `influence` (null without a graph)"),
        ],
        action: .session { arguments, context in
            var parser = arguments.sets()
            let set = try parser.set()
            let count = try parser.count("the number of tokens") ?? defaultCount
            try parser.finish("feature")
            let report = try await context.session.feature(set, count: count)
            let firings = Table(
                "firings", title: "fires at", [.right("position"), .left("token"), .right("activation"), .right("influence")],
                rows: report.firings.map { firing in
                    [
                        .integer(firing.position), .token(firing.token), .activation(firing.activation),
                        firing.influence.map(Value.weight) ?? .none,
                    ]
                })
            let name = try await context.session.names(of: [report.feature])[report.feature]
            return Output(
                [
                    .fact("feature", "feature", .text("\(report.feature)")),
                    .fact("label", "label", .optional(name?.label?.shown)),
                    .table(.outputTokens("top", title: "raises", report.top)),
                    .table(.outputTokens("bottom", title: "lowers", report.bottom)), .table(firings),
                ] + (report.firings.isEmpty ? [] : [.shaded(ShadedText(report))]))
        })
}

extension ShadedText {
    /// The prompt by how strongly the feature fires.
    fileprivate init(_ report: FeatureReport) {
        var activations = [Float](repeating: 0, count: report.prompt.count)
        for firing in report.firings { activations[firing.position] = firing.activation }
        self.init(report.prompt.map(\.text), values: activations)
    }
}

extension Table {
    fileprivate static func outputTokens(_ key: String, title: String, _ tokens: [FeatureReport.OutputToken]) -> Table {
        Table(
            key, title: title, [.left("token"), .data("id"), .right("logit")],
            rows: tokens.map { [.token($0.token), .integer($0.token.id), .number(Double($0.logit), .signedDecimals(4))] })
    }
}
