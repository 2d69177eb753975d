import Workbench

extension Command {
    static let export = Command(
        "export", group: .files, summary: "Write the graph for other programs: the viewers' JSON or the Python library's .pt",
        usage: ["export json [FOLDER] [--slug NAME] [--node-threshold T] [--edge-threshold T]", "export pt FILE"],
        detail: """
            JSON is the pruned graph as public viewers read it: SLUG.json, and its line in graph-metadata.json. FOLDER
            defaults to the one that `serve` shows. Pins, supernodes and labels of a graph with that name are kept. The
            .pt file holds the whole graph; Graph.from_pt of the Python library opens it.
            """,
        examples: [
            Example("export json graphs --slug dallas", "graphs/dallas.json"),
            Example("export pt dallas.pt", "for the Python library"),
        ],
        parameters: [.required("FORM", .choice(["json", "pt"])), .optional("PLACE", .file)],
        options: [OptionSpecification("--slug", "NAME", .text, "the graph's name (made from the prompt)")] + thresholdOptions,
        writesFiles: true,
        json: [
            JSONKey("path", "the file"), JSONKey("bytes", "its size"), JSONKey("slug", "the graph's name, of json"),
            JSONKey("nodes, links", "the number written, for json"),
        ],
        action: .session { arguments, context in
            if try arguments[0]!.choice(of: ["json", "pt"]) == "pt" {
                guard let file = arguments[1] else { throw ConsoleError("`export pt` needs a file", at: arguments[0]!.range) }
                guard (try? GraphForm(ofFile: file.text)) == .torch else {
                    throw ConsoleError("export pt writes a file whose name ends in .pt", at: file.range, advice: "`save` writes the other forms")
                }
                if let word = (["--slug"] + thresholdOptions.map { $0.name }).compactMap({ arguments.option($0) }).first {
                    throw ConsoleError("export pt writes the whole graph; it takes no options", at: word.range)
                }
                return Output(try await context.session.saveTorchGraph(to: file.text))
            }
            if let folder = arguments[1], folder.text.lowercased().hasSuffix(".json") {
                throw ConsoleError(
                    "export json writes into a folder, and \(folder.text) is the name of a file", at: folder.range,
                    advice: "`save FILE.json` writes one file")
            }
            return Output(
                try await context.session.publish(
                    in: arguments[1]?.text, slug: arguments.option("--slug")?.text, thresholds: thresholds(arguments)))
        })
}

extension Output {
    init(_ report: PublishedReport) {
        self.init([
            .volatile("path", "saved", .text(report.path)), .fact("bytes", "size", .bytes(report.bytes)),
            .fact("slug", "slug", .text(report.slug)), .fact("nodes", "nodes", .integer(report.nodes)),
            .fact("links", "links", .integer(report.links)),
        ])
    }
}
