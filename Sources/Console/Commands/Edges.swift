import Workbench

extension Command {
    static let edges = Command(
        "edges", group: .features, summary: "Show the strongest inputs and outputs of a node",
        detail: """
            Lists N of each, \(defaultCount) unless given. The weight of an edge is what the source adds to the target
            directly. Its share is its part of the magnitudes of all the target's inputs.
            """,
        examples: [
            Example("edges 0/1292@9 5", "five of each"), Example("edges 0/1292", "at the only position where it is a node"),
            Example(#"edges " Austin""#, "what feeds a token's logit"),
        ],
        parameters: [.required("FEATURE or TOKEN", .node), .optional("N", .count)],
        json: [
            JSONKey("node", "the node"), JSONKey("activation", "its activation, or null"),
            JSONKey("inputs", "array of objects with `node`, `token`, `weight`, `share`"), JSONKey("outputs", "the same"),
        ],
        action: .session { arguments, context in
            let report: EdgesReport
            if arguments.positionals[0].isToken {
                let count = try arguments.count(at: 1, of: "the number of edges")
                report = try await context.session.edges(ofLogit: try arguments.positionals[0].token(), count: count)
            } else {
                var parser = arguments.sets()
                let set = try parser.set()
                let count = try parser.count("the number of edges") ?? defaultCount
                try parser.finish("edges")
                report = try await context.session.edges(of: set, count: count)
            }
            return Output(
                [
                    .fact("node", "node", .text(report.node.name)),
                    .fact("activation", "activation", report.activation.map(Value.activation) ?? .none),
                    .table(.edges("inputs", report.inputs)), .table(.edges("outputs", report.outputs)),
                ], notices: report.notices)
        })

    static let path = Command(
        "path", group: .features, summary: "Show the strongest chain of edges from a feature to a token's logit",
        detail: "The chain of edges with the largest product of shares. An edge's share is its part of the magnitudes of all its target's inputs.",
        examples: [Example(#"path 0/1292@9 " Austin""#, "how this feature reaches the answer")],
        parameters: [.required("FEATURE", .set), .required("TOKEN", .token)],
        json: [
            JSONKey("strength", "the product of the shares"),
            JSONKey("steps", "array of objects with `node`, `token`, and of the edge that leads there `weight`, `share` (null for the first)"),
        ],
        action: .session { arguments, context in
            var parser = arguments.sets()
            let set = try parser.set()
            let token = try parser.next("a token").token()
            try parser.finish("path")
            let report = try await context.session.path(from: set, to: token)
            let steps = Table(
                "steps", Table.edgeColumns,
                rows: report.steps.map { Table.edgeCells($0.node, weight: $0.weight, share: $0.share) })
            return Output([.fact("strength", "strength", .weight(report.strength)), .table(steps)])
        })
}

extension Table {
    fileprivate static let edgeColumns: [Column] = [.name("node"), .left("token"), .right("weight"), .right("share")]

    fileprivate static func edgeCells(_ node: NodeDescription, weight: Float?, share: Float?) -> [Value] {
        [
            .node(node), .token(node.token), weight.map(Value.weight) ?? .none,
            share.map(Value.share) ?? .none,
        ]
    }

    fileprivate static func edges(_ key: String, _ edges: [EdgesReport.Edge]) -> Table {
        Table(key, title: key, edgeColumns, rows: edges.map { edgeCells($0.other, weight: $0.weight, share: $0.share) })
    }
}
