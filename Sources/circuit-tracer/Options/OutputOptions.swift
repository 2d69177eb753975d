internal import ArgumentParser

/// Where graphs go.
struct OutputOptions: ParsableArguments {
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

    func validate() throws {
        if output == nil, slug == nil || graphFolder == nil {
            throw ValidationError("--graph_output_path is required when not creating graph files (--slug and --graph_file_dir).")
        }
    }

    /// What does nothing without the other.
    var notices: [String] {
        if let slug, graphFolder == nil { return ["--slug \(slug) without --graph_file_dir does nothing; both make graph files"] }
        if let graphFolder, slug == nil { return ["--graph_file_dir \(graphFolder) without --slug does nothing; both make graph files"] }
        return []
    }
}
