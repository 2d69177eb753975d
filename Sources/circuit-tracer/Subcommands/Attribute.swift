internal import ArgumentParser
internal import Console
internal import Workbench

/// The reference's `attribute` command: the graphs of prompts as files, for its own tools and for the viewer.
struct Attribute: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compute the attribution graphs of prompts and save them.",
        discussion: """
            Either --graph_output_path, or --slug and --graph_file_dir, or all three are needed. A name that ends in .pt, or \
            has no ending, gives the reference's file, which its Graph.from_pt opens; .graph or .safetensors a safetensors \
            file. --slug and --graph_file_dir give \
            the pruned graph as JSON, for viewers. With several prompts the model is loaded once, each prompt's number in the \
            list is added to the names (graph-3.pt, slug-3), and prompts whose files are there are skipped. Flags may be \
            spelled with hyphens or underscores.
            """)

    @OptionGroup(title: "Prompts") var prompts: PromptOptions
    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Files") var files: OutputOptions
    @OptionGroup(title: "What the graph explains") var targets: TargetOptions
    @OptionGroup(title: "How large it is") var size: SizeOptions
    @OptionGroup(title: "How much of it is written as JSON") var pruning: PruningOptions

    @Flag(name: .customLong("server"), help: "Afterwards, serve the folder to a browser, with the model loaded.")
    var serves = false

    @OptionGroup(title: "Viewer") var server: ServerOptions

    @Flag(help: "Print the replacement and completeness scores.")
    var scores = false

    @Flag(help: "Print one JSON object for each graph: its files, sizes, scores and targets.")
    var json = false

    @Flag(help: "Say more about what happens.")
    var verbose = false

    @OptionGroup(title: "Accepted for the reference's sake") var reference: ReferenceOptions

    func validate() throws {
        if serves, files.slug == nil || files.graphFolder == nil {
            throw ValidationError("Both --slug and --graph_file_dir are required when using --server.")
        }
    }

    func run() throws {
        for notice in files.notices + reference.notices { writeNote(notice) }
        let list = try prompts.list()
        let run = AttributeRun(
            session: Session(), options: size.options, position: targets.position, targets: try targets.request,
            outputs: AttributeOutputs(files, isNumbered: list.count > 1),
            thresholds: pruning.thresholds, prints: .init(scores: scores, json: json, details: verbose),
            operations: Operations(downloads: model.downloads.policy))
        if serves, let folder = files.graphFolder { try tryServing(run.session, folder: folder, options: server) }
        try run.load(model)
        if serves, let features = server.featuresFolder {
            try reportingFailure(status: 2) { [session = run.session] _ in try await session.useEvidence(in: features) }
        }
        try run.attribute(list)
        guard serves, let folder = files.graphFolder else { return }
        try serve(run.session, folder: folder, slug: run.outputs.slug(of: list.entries.last), options: server)
    }
}
