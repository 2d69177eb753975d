internal import ArgumentParser
internal import Console
internal import Workbench

/// Rewrites a graph's file in another form.
struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Convert a saved graph between the reference's .pt, a safetensors graph and the viewers' JSON.",
        discussion: """
            What the source is, its content says; what the target is, its ending: .json, .pt, or .graph or .safetensors for \
            a safetensors file. JSON holds the pruned graph alone: the way there prunes, and the way back gives a graph of what is \
            in it, with 0 for the model's sizes that JSON does not hold.
            """)

    @Argument(help: "The graph to read.", completion: .file())
    var source: String

    @Argument(help: "The file to write.", completion: .file())
    var target: String

    @OptionGroup var pruning: PruningOptions

    @Option(help: "The transcoder set, for a graph that does not say it.")
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
