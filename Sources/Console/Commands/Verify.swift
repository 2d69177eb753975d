import Workbench

extension Command {
    private static let defaultSeed: UInt64 = 0

    static let verify = Command(
        "verify", group: .graph, summary: "Check random edges of the graph against real interventions",
        detail: """
            Doubles the source of N random edges, \(defaultCount) unless given, in the frozen model and compares the
            change with the edge. With SET, only edges from these features are drawn. An error above the tolerance
            counts as a failed expectation.
            """,
        examples: [Example("verify 100 --seed 3", "a hundred edges"), Example("verify 20 top(5)", "from the five most influential features")],
        parameters: [.optional("N", .count), .anyNumber("SET", .set)],
        options: [OptionSpecification("--seed", "S", .count, "seed of the random choice (\(defaultSeed))")],
        json: [
            JSONKey("edges_checked", "the number of edges checked"), JSONKey("largest_error", "the largest difference between an edge and its measurement"),
            JSONKey("tolerance", "the largest error that is allowed"), JSONKey("passed", "whether all are within it"),
            JSONKey("strongest", "those of the largest weight: array of objects with `source`, `target`, `edge`, `measured`, `error`"),
        ],
        action: .session { arguments, context in
            var parser = arguments.sets()
            let before = try parser.count("the number of edges")
            let set = parser.isAtEnd ? nil : try parser.set()
            let count = try before ?? parser.count("the number of edges") ?? defaultCount
            try parser.finish("verify")
            let report = try await context.session.verify(
                count, seed: try arguments.option("--seed")?.seed() ?? defaultSeed, from: set, progress: context.progress)
            return Output(report)
        })
}

extension Output {
    init(_ report: VerifyReport) {
        let strongest = Table(
            "strongest", title: "strongest", [.name("source"), .name("target"), .right("edge"), .right("measured"), .right("error")],
            rows: report.rows.map { row in
                [
                    .node(row.source), .node(row.target), .weight(row.edge), .weight(row.measured),
                    .weight(abs(row.measured - row.edge)),
                ]
            })
        self.init([
            .fact("edges_checked", "edges checked", .integer(report.edgesChecked)),
            .fact("largest_error", "largest error", .number(Double(report.largestError), .significant(2))),
            .fact("tolerance", "tolerance", .number(Double(report.tolerance), .significant(2))),
            .fact("passed", "passed", .flag(report.passed)), .table(strongest),
        ])
        isFailedExpectation = !report.passed
    }
}
