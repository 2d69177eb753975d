import Workbench

extension Command {
    static let export = Command(
        "export", group: .files, summary: "Write the graph or its features' examples for other programs",
        usage: [
            "export json [FOLDER] [--slug NAME] [--node-threshold T] [--edge-threshold T]", "export pt FILE", "export features FOLDER [--bundle | --loose]",
        ],
        detail: """
            JSON is the pruned graph as public viewers read it: SLUG.json, and its line in graph-metadata.json. FOLDER
            defaults to the one that `serve` shows. Pins, supernodes and labels of a graph with that name are kept. The
            .pt file holds the whole graph; Graph.from_pt of the Python library opens it.

            `features` writes what is known of features from outside (see `feature`), as the public front-end reads it:
            --bundle (the default) a folder of index.json.gz and a file for each layer, with all features that have
            examples; --loose FOLDER/features/SET/NUMBER.json, with those of the graph.
            """,
        examples: [
            Example("export json graphs --slug dallas", "graphs/dallas.json"),
            Example("export pt dallas.pt", "for the Python library"),
            Example("export features graphs --loose", "the graph's features, beside the graphs of a viewer"),
        ],
        parameters: [.required("FORM", .choice(["json", "pt", "features"])), .optional("PLACE", .file)],
        options: [OptionSpecification("--slug", "NAME", .text, "the graph's name (made from the prompt)")] + thresholdOptions + [
            OptionSpecification("--bundle", nil, .text, "of features: one file a layer"),
            OptionSpecification("--loose", nil, .text, "of features: one file a feature, of those in the graph"),
        ],
        writesFiles: true,
        json: [
            JSONKey("path", "the file"), JSONKey("bytes", "its size"), JSONKey("slug", "the graph's name, of json"),
            JSONKey("nodes, links", "the number written, for json"),
            JSONKey("features", "the number of features written, for features"),
        ],
        action: .session { arguments, context in
            let form = try arguments[0]!.choice(of: ["json", "pt", "features"])
            let layouts = ["--bundle", "--loose"].compactMap(arguments.option)
            if form == "features" { return try await features(arguments, context, layouts) }
            if let word = layouts.first { throw ConsoleError("\(word.text) belongs to `export features`", at: word.range) }
            if form == "pt" {
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

    private static func features(_ arguments: Arguments, _ context: CommandContext, _ layouts: [Word]) async throws -> Output {
        guard let folder = arguments[1] else { throw ConsoleError("`export features` needs a folder", at: arguments[0]!.range) }
        if layouts.count > 1 { throw ConsoleError("--bundle and --loose exclude each other", at: layouts[1].range) }
        if let word = (["--slug"] + thresholdOptions.map { $0.name }).compactMap({ arguments.option($0) }).first {
            throw ConsoleError("export features takes only --bundle and --loose", at: word.range)
        }
        let layout: EvidenceLayout = arguments.option("--loose") == nil ? .bundle : .loose
        let report = try await context.session.exportEvidence(to: folder.text, as: layout, progress: context.progress)
        return Output(
            [.volatile("path", "saved", .text(report.path)), .fact("features", "features", .integer(report.features))], notices: report.notices)
    }
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
