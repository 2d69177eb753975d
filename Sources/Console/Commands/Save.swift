import Workbench

extension Command {
    static let save = Command(
        "save", group: .files, summary: "Write the graph, the last run or the last generation to a file",
        usage: ["save FILE", "save run FILE", "save generate FILE"],
        detail: """
            `open` reads a saved graph. The ending of FILE says what is written: .pt the file of the Python library,
            .json the pruned graph as viewers read it, .graph or .safetensors the whole graph as safetensors. Runs and
            generations are .safetensors files. A run has before.logits and after.logits [positions, vocab], and
            active_features and activation_values of each side; a generation has tokens and logits [new tokens, vocab]
            of each side. An existing file is replaced only when the new one is complete. \(rerunDetail)
            """,
        examples: [Example("save dallas.graph", "the graph"), Example("save run swap.safetensors", "the last run's tensors")],
        parameters: [.oneOrMore("FILE", .file)], writesFiles: true,
        json: [JSONKey("path", "the file"), JSONKey("bytes", "its size")],
        action: .session { arguments, context in
            let words = arguments.positionals
            if words.count > 2 { throw ConsoleError("`save` takes one file", at: words[2].range) }
            let report: SavedReport
            if words.count == 2 {
                let what = try words[0].choice(of: ["run", "generate"])
                report =
                    what == "run"
                    ? try await context.session.saveRun(to: words[1].text)
                    : try await context.session.saveGeneration(to: words[1].text)
            } else {
                if ["run", "generate"].contains(words[0].text), words[0].spelling == .bare {
                    throw ConsoleError("`save \(words[0].text)` needs a file", at: words[0].range)
                }
                report = try await context.session.saveGraph(to: words[0].text)
            }
            return Output(report)
        })

    static let open = Command(
        "open", group: .files, summary: "Open a saved graph",
        detail: """
            Reads what `save` and `export` write, and what the Python library writes. The content decides how it is
            read, not the name. If the features of the graph are active in the loaded model on the graph's prompt, that
            prompt becomes the current one; otherwise the graph can only be looked at.
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
