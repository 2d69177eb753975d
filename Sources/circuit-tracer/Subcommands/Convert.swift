internal import ArgumentParser
internal import Console
internal import Workbench

/// Rewrites a graph's file in another form.
struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Convert a saved graph between the reference's .pt, a safetensors graph and the viewers' JSON.",
        discussion: """
            The source's format is recognised by its content, the target's by its ending: .json, .pt, or .graph or .safetensors \
            for a safetensors file. JSON holds the pruned graph alone: writing it prunes; reading it gives a graph of what is left, \
            with 0 for the sizes of the model that JSON does not have.
            """)

    @Argument(help: "The graph to read.", completion: .file())
    var source: String

    @Argument(help: "The file to write.", completion: .file())
    var target: String

    @OptionGroup var pruning: PruningOptions

    @Option(help: "The name of the transcoder set, for a graph that does not name it.")
    var scan: String?

    func validate() throws { _ = try inUsage { () throws(SessionError) in try GraphForm(ofFile: target) } }

    func run() throws {
        let (session, source, target, scan, thresholds) = (Session(), source, target, scan, pruning.thresholds)
        let opened = try reportingFailure(status: 1) { _ in try await session.openGraph(at: source) }
        for notice in opened.notices { writeNote(notice) }
        let saved = try reportingFailure(status: 1) { _ in try await session.saveGraph(to: target, scan: scan, thresholds: thresholds) }
        for notice in saved.notices { writeNote(notice) }
        write("\(saved.path): \(saved.bytes) bytes\n")
    }
}
