import Graphs
import Workbench

extension Command {
    private static let thresholds = PruningThresholds()

    static let prune = Command(
        "prune", group: .graph, summary: "Show what pruning leaves of the graph",
        detail: """
            Keeps all tokens and targets, the nodes that together carry the given share of the influence, and of their
            edges those that carry the given share of what flows. The graph itself stays whole: `export json` and the
            viewer prune what they show.
            """,
        options: thresholdOptions,
        json: [
            JSONKey("kept", "array of objects with `kind`, `kept` and `all`: features, errors, tokens, targets, edges"),
            JSONKey("replacement_score", "of the whole graph, 0 to 1"), JSONKey("completeness_score", "of the whole graph, 0 to 1"),
        ],
        action: .session { arguments, context in
            Output(try await context.session.prune(thresholds(arguments) ?? PruningThresholds()))
        })

    static let thresholdOptions = [
        OptionSpecification("--node-threshold", "T", .number, "keep the nodes with this share of the influence (\(thresholds.nodes))"),
        OptionSpecification("--edge-threshold", "T", .number, "keep the edges that together carry this share of the edges' scores (\(thresholds.edges))"),
    ]

    /// nil if none is given.
    static func thresholds(_ arguments: Arguments) throws(ConsoleError) -> PruningThresholds? {
        guard thresholdOptions.contains(where: { arguments.option($0.name) != nil }) else { return nil }
        var thresholds = PruningThresholds()
        if let word = arguments.option("--node-threshold") { thresholds.nodes = try word.number("a share", in: 0...1) }
        if let word = arguments.option("--edge-threshold") { thresholds.edges = try word.number("a share", in: 0...1) }
        return thresholds
    }
}

extension Output {
    init(_ report: PruneReport) {
        let table = Table(
            "kept", [.left("kind"), .right("kept"), .right("all", "of")],
            rows: report.rows.map { [.text($0.kind), .integer($0.kept), .integer($0.all)] })
        self.init([
            .table(table), .fact("replacement_score", "replacement score", .share(report.replacementScore)),
            .fact("completeness_score", "completeness score", .share(report.completenessScore)),
        ])
    }
}
