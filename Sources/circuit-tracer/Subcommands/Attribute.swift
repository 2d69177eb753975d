internal import ArgumentParser
internal import Console
internal import Foundation
internal import Workbench

/// The reference's `attribute` command: the graphs of prompts as files, for its own tools and for the viewer.
struct Attribute: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compute the attribution graphs of prompts and save them.",
        discussion: """
            Either --graph_output_path, or --slug and --graph_file_dir, or all three are needed. A name that ends in .pt gives \
            the reference's file, which its Graph.from_pt opens; any other a safetensors file. --slug and --graph_file_dir give \
            the pruned graph as JSON, for viewers. With several prompts the model is loaded once, each prompt's number in the \
            list is added to the names (graph-3.pt, slug-3), and prompts whose files are there are skipped. Flags may be \
            spelled with hyphens or underscores.
            """)

    @Option(name: [.short, .long], help: "The prompt. May be repeated.")
    var prompt: [String] = []

    @Option(help: ArgumentHelp("Prompts from a file, one a line; a line that begins with a double quote is a JSON string. '-' is standard input.", valueName: "file"))
    var prompts: String?

    @Option(
        help: ArgumentHelp("Only every N-th prompt, beginning with the I-th: 1/8, 2/8, ... 8/8 for eight machines.", valueName: "i/n"),
        transform: { text in
            guard let shard = Shard(text) else { throw ValidationError("\(text) is no shard; one is written I/N, with I from 1 to N.") }
            return shard
        })
    var shard: Shard?

    @OptionGroup(title: "What is loaded") var model: ModelOptions

    @Option(
        name: [.customShort("o"), .customLong("graph_output_path"), .customLong("graph-output-path"), .customLong("output")],
        help: "The file to write the whole graph to.")
    var output: String?

    @Option(help: "The graph's name among those in --graph_file_dir.")
    var slug: String?

    @Option(
        name: [.customLong("graph_file_dir"), .customLong("graph-file-dir")],
        help: "The folder to write SLUG.json and graph-metadata.json to.")
    var graphFolder: String?

    @OptionGroup(title: "How large a graph") var size: SizeOptions
    @OptionGroup(title: "How much of it is written as JSON") var pruning: PruningOptions
    @OptionGroup(title: "What it explains") var targets: TargetOptions

    @Flag(help: "Print the replacement and completeness scores.")
    var scores = false

    @Flag(help: "Print one JSON object for each graph: its files, sizes, scores and targets.")
    var json = false

    @Flag(help: "Say more about what happens.")
    var verbose = false

    @OptionGroup(title: "The viewer") var server: ServerOptions

    @Flag(name: .customLong("server"), help: "Then serve the folder to a browser, with the model loaded.")
    var serves = false

    @OptionGroup(title: "Accepted for the reference's sake") var reference: ReferenceOptions

    func validate() throws {
        if prompt.isEmpty, prompts == nil { throw ValidationError("There is no prompt: give --prompt TEXT or --prompts FILE.") }
        if !prompt.isEmpty, prompts != nil { throw ValidationError("Prompts come from --prompt or from --prompts, not from both.") }
        if serves, slug == nil || graphFolder == nil {
            throw ValidationError("Both --slug and --graph_file_dir are required when using --server.")
        }
        if output == nil, slug == nil || graphFolder == nil {
            throw ValidationError("--graph_output_path is required when not creating graph files (--slug and --graph_file_dir).")
        }
        if shard != nil, prompts == nil, prompt.count < 2 { throw ValidationError("--shard divides a list of prompts; there is one prompt.") }
    }

    func run() throws {
        if let slug, graphFolder == nil { write("note: --slug \(slug) without --graph_file_dir does nothing; both make graph files\n") }
        if let graphFolder, slug == nil { write("note: --graph_file_dir \(graphFolder) without --slug does nothing; both make graph files\n") }
        for notice in reference.notices { write("note: \(notice)\n") }
        let list = PromptList(try readPrompts(), shard: shard)
        let run = AttributeRun(
            session: Session(), options: try asked(), outputs: AttributeOutputs(file: output, slug: slug, folder: graphFolder, isNumbered: list.count > 1),
            thresholds: pruning.thresholds, prints: .init(scores: scores, json: json, details: verbose))
        try run.load(model)
        try run.attribute(list)
        if serves, let graphFolder { try serve(run.session, folder: graphFolder, slug: run.outputs.slug(of: list.entries.first), options: server) }
    }

    private func asked() throws -> AttributeOptions {
        var options = size.asked
        options.targets = try targets.request
        return options
    }

    private func readPrompts() throws -> [String] {
        guard let file = prompts else { return prompt }
        do {
            let data = file == "-" ? FileHandle.standardInput.readDataToEndOfFile() : try Data(contentsOf: URL(filePath: file))
            guard let text = String(validating: data, as: UTF8.self) else { throw PromptListError(description: "\(file) is not UTF-8 text.") }
            let prompts = try PromptList.prompts(in: text, file: file)
            if prompts.isEmpty { throw PromptListError(description: "\(file) holds no prompts.") }
            return prompts
        } catch {
            writeError(error is PromptListError ? error : PromptListError(description: "\(file) cannot be read: \(error.localizedDescription)"))
            throw ExitCode(2)
        }
    }
}
