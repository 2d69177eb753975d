internal import ArgumentParser
internal import Console
internal import Graphs
internal import Workbench

/// Says what pruning leaves of a saved graph.
struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what pruning leaves of a saved graph, and write that as JSON for viewers.",
        discussion: "Thresholds are shares of the influence and of the edges' scores, as in the Python circuit-tracer.")

    @Argument(help: "A graph: .pt of the reference, a safetensors graph, or a JSON graph.", completion: .file())
    var graph: String

    @OptionGroup var pruning: PruningOptions

    @Option(help: "The graph's name: the file in --graph_file_dir is SLUG.json.")
    var slug: String?

    @Option(
        name: [.customLong("graph_file_dir"), .customLong("graph-file-dir")],
        help: "The folder to write SLUG.json and graph-metadata.json to.", completion: .directory)
    var graphFolder: String?

    @Option(help: "The name of the transcoder set, for a graph that does not name it.")
    var scan: String?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if (slug == nil) != (graphFolder == nil) { throw ValidationError("--slug and --graph_file_dir go together: both make graph files.") }
    }

    func run() throws {
        let (session, graph, scan, thresholds) = (Session(), graph, scan, pruning.thresholds)
        _ = try reportingFailure(status: 1) { _ in try await session.openGraph(at: graph) }
        if let slug, let graphFolder {
            let report = try reportingFailure(status: 1) { _ in
                try await session.publish(in: graphFolder, slug: slug, scan: scan, thresholds: thresholds)
            }
            write("\(report.path): \(report.nodes) nodes, \(report.links) links\n")
        }
        let report = try reportingFailure(status: 1) { _ in try await session.prune(thresholds ?? PruningThresholds()) }
        throw ExitCode(printReport(report, asJSON: json))
    }
}
