import Graphs
import Workbench

extension Command {
    static let compareGraphsUsage = "compare graph A B [K]"

    static let compareGraphsDetail = """
        For graphs, A and B are saved graphs in any form that `open` reads, or `current`. Both must be of the same model
        and transcoder set. A feature, error or token is the same node in both if its position is the same; if the
        prompts differ in length, positions are counted from the end. A target is the same if its token is. Influence is
        a node's share of what reaches the targets over all paths; for a target, it is its weight. Shows K of each,
        \(defaultCount) unless given: the nodes of both graphs whose influence changed most, the most influential nodes
        of only one, and the edges whose weights changed most. A flipped edge has changed its sign, one of another
        strength has kept it and changed by more than one per cent.
        """

    static let compareGraphsExamples = [
        Example("compare graph dallas.pt oakland.pt", "two saved graphs"), Example("compare graph dallas.pt current 5", "with the current one"),
    ]

    static let compareGraphsKeys = [
        JSONKey("before", "the first graph's prompt"), JSONKey("after", "the second one's"),
        JSONKey("before_steered, after_steered", "the number of interventions in the run that a graph explains, or null for a plain run"),
        JSONKey("nodes_kept, nodes_gone, nodes_new", "the number of nodes that both have, only the first, only the second"),
        JSONKey("edges_kept, edges_flipped, edges_gone, edges_new", "the same of edges; flipped ones have changed their sign"),
        JSONKey("edges_changed", "of those kept, the number whose weights differ by more than one per cent"),
        JSONKey("kept", "array of objects with `before_node`, `node`, `before_token`, `token`, `before`, `after`, `change` (of the influence)"),
        JSONKey("gone", "array of objects with `node`, `token`, `influence`"), JSONKey("new", "the same"),
        JSONKey("edges", "array of objects with `source`, `target`, `before`, `after`, `change` (of the weight) and `fate` (kept, flipped, gone or new)"),
    ]

    /// `compare graph A B [K]`.
    static func compareGraphs(_ arguments: Arguments, _ context: CommandContext) async throws -> Output {
        let words = arguments.positionals
        guard words.count >= 3 else { throw ConsoleError("compare graph needs two graphs", at: words[0].range, advice: "usage: " + compareGraphsUsage) }
        if words.count > 4 { throw ConsoleError("compare graph takes two graphs and a number", at: words[4].range, advice: "usage: " + compareGraphsUsage) }
        return Output(
            try await context.session.compareGraphs(
                reference(words[1]), reference(words[2]), count: try arguments.count(at: 3, of: "the number of each")))
    }

    /// A file of that name can be written `./current`.
    private static func reference(_ word: Word) -> GraphReference {
        word.text == "current" && word.spelling == .bare ? .current : .file(word.text)
    }
}

extension Output {
    init(_ report: GraphComparisonReport) {
        let edges = report.edges
        // The same position has two numbers where the prompts differ in length.
        let isShifted = report.kept.contains { $0.before?.name != $0.after?.name }
        // And may have two tokens.
        let isReworded = report.kept.contains { $0.before?.token != $0.after?.token }
        let kept = Table(
            "kept", title: "nodes of both",
            [
                Table.Column(key: "before_node", label: "node before", visibility: isShifted ? .everywhere : .dataOnly, isWhole: true),
                .name("node", isShifted ? "after" : "node"),
                Table.Column(key: "before_token", label: "token before", visibility: isReworded ? .everywhere : .dataOnly),
                .left("token", isReworded ? "after" : "token"),
                .right("before", isShifted || isReworded ? "influence before" : "before"), .right("after"), .change("change"),
            ],
            rows: report.kept.map { row in
                [
                    .optional(row.before?.name), .node(row.node), row.before.map { .token($0.token) } ?? .none, .token(row.node.token),
                    .weight(row.influenceBefore ?? 0), .weight(row.influenceAfter ?? 0),
                    .weightChange((row.influenceAfter ?? 0) - (row.influenceBefore ?? 0)),
                ]
            })
        let changes = Table(
            "edges", title: "edges",
            [.name("source"), .name("target"), .right("before"), .right("after"), .change("change"), .name("fate")],
            rows: report.changes.map { edge in
                [
                    .node(edge.source.node), .node(edge.target.node), .weight(edge.before), .weight(edge.after),
                    .weightChange(edge.after - edge.before), .text(edge.fate.rawValue),
                ]
            })
        self.init(
            [
                .fact("before", "before", .quoted(report.before)), .fact("after", "after", .quoted(report.after)),
            ] + Self.facts(before: report.steeringBefore, after: report.steeringAfter) + [
                .fact("nodes_kept", "nodes of both", .integer(report.keptCount)), .fact("nodes_gone", "nodes gone", .integer(report.goneCount)),
                .fact("nodes_new", "nodes new", .integer(report.newCount)), .fact("edges_kept", "edges of both", .integer(edges.kept)),
                .fact("edges_changed", "of another strength", .integer(edges.changed)),
                .fact("edges_flipped", "edges flipped", .integer(edges.flipped)), .fact("edges_gone", "edges gone", .integer(edges.gone)),
                .fact("edges_new", "edges new", .integer(edges.new)),
                .table(kept), .table(Self.nodes("gone", title: "nodes gone", report.gone) { $0.influenceBefore }),
                .table(Self.nodes("new", title: "nodes new", report.new) { $0.influenceAfter }), .table(changes),
            ],
            notices: report.notices)
    }

    /// The interventions in the graphs' runs; shown unless both are plain.
    private static func facts(before: GraphSteering?, after: GraphSteering?) -> [Part] {
        func count(_ steering: GraphSteering?) -> Value { steering.map { .integer($0.interventions.count) } ?? .absent("none") }
        if before == nil, after == nil { return [.data("before_steered", .none), .data("after_steered", .none)] }
        return [.fact("before_steered", "interventions before", count(before)), .fact("after_steered", "interventions after", count(after))]
    }

    private static func nodes(
        _ key: String, title: String, _ rows: [GraphComparisonReport.NodeRow], influence: (GraphComparisonReport.NodeRow) -> Float?
    ) -> Table {
        Table(
            key, title: title, [.name("node"), .left("token"), .right("influence")],
            rows: rows.map { [.node($0.node), .token($0.node.token), influence($0).map(Value.weight) ?? .none] })
    }
}
