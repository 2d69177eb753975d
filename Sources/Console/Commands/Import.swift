import Workbench

extension Command {
    static let `import` = Command(
        "import", group: .files, summary: "Import pinned nodes, supernodes and labels from a shared circuit",
        usage: ["import URL", "import FILE.json"],
        detail: """
            URL is the address of a Neuronpedia page, as people share it. Nothing is fetched: the URL itself holds the
            circuit. FILE is a graph's JSON, whose pins are taken. Nodes that the current graph has are pinned in it,
            and `serve` shows them.
            """,
        examples: [Example(#"import "https://www.neuronpedia.org/gemma-2-2b/graph?slug=gemma-fact-dallas-austin&pinnedIds=20_15589_9""#, "a shared page")],
        parameters: [.required("URL", .file)],
        json: [
            JSONKey("slug", "the graph's name there, or null"), JSONKey("model", "its model there, or null"),
            JSONKey("nodes", "array of objects with `supernode`, `node`, `label`, and `in_graph`, whether the current graph has it"),
        ],
        action: .session { arguments, context in
            let report = try await context.session.importCircuit(from: arguments[0]!.text)
            let table = Table(
                "nodes", [.left("supernode"), .name("node"), .left("label"), .left("in_graph", "in the graph")],
                rows: report.nodes.map { node in
                    [.optional(node.supernode), .text(node.name), .optional(node.label), node.isInGraph.map(Value.flag) ?? .none]
                })
            return Output(
                [.fact("slug", "graph", .optional(report.slug)), .fact("model", "model", .optional(report.model)), .table(table)],
                notices: report.notices)
        })
}
