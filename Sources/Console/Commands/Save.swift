import Workbench

extension Command {
    static let save = Command(
        "save", group: .files, summary: "Writes the graph, the last run or the last generation to a file",
        usage: ["save FILE", "save run FILE", "save generate FILE"],
        detail: """
            The graph's file can be opened again with `open`. FILE.pt is the file of the Python library, FILE.json the pruned
            graph as viewers read it, FILE.graph or FILE.safetensors the whole graph as safetensors; there are no other
            endings. Runs and generations are FILE.safetensors: of a run, before.logits and after.logits [positions, vocab],
            and each side's active_features and activation_values; of a generation, each side's tokens and logits [new
            tokens, vocab]. A file is replaced only once the new one is complete.
            In `save run` as in `diff`, interventions act as in the last `run`, with its options.
            """,
        examples: [Example("save dallas.graph", "the graph"), Example("save run swap.safetensors", "the last run's tensors")],
        parameters: [.oneOrMore("FILE", .file)], writesFiles: true,
        json: [JSONKey("path", "the file"), JSONKey("bytes", "its size")],
        action: .session { arguments, context in
            let words = arguments.positionals
            if words.count > 2 { throw ConsoleError("Save takes one file", at: words[2].range) }
            let report: SavedReport
            if words.count == 2 {
                let what = try words[0].choice(of: ["run", "generate"])
                report = what == "run"
                    ? try await context.session.saveRun(to: words[1].text)
                    : try await context.session.saveGeneration(to: words[1].text)
            } else {
                if ["run", "generate"].contains(words[0].text), words[0].spelling == .bare {
                    throw ConsoleError("Save \(words[0].text) needs FILE", at: words[0].range)
                }
                report = try await context.session.saveGraph(to: words[0].text)
            }
            return Output(report)
        })

    static let open = Command(
        "open", group: .files, summary: "Opens a saved graph", detail: """
            What `save` and `export` write, and what the Python library writes; what the file holds decides, not its name. Where
            the loaded model has the graph's features on its prompt, that becomes the current prompt; else it can be looked at.
            """,
        parameters: [.required("FILE", .file)], json: graphKeys,
        action: .session { arguments, context in
            Output(try await context.session.openGraph(at: arguments.positionals[0].text))
        })
}

extension Output {
    init(_ report: SavedReport) {
        self.init(
            [.volatile("path", "saved", .text(report.path)), .fact("bytes", "size", .bytes(report.bytes))], notices: report.notices)
    }
}
