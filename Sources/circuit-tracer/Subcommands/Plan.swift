internal import ArgumentParser
internal import Console
internal import Workbench

/// Says what an attribution would take.
struct Plan: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Estimate the memory and time that a graph needs, stage by stage.",
        discussion: "The prompt is run, since only that shows how many features are active. The exit status is 1 if the graph does not fit into memory.")

    @Option(name: [.short, .long], help: "The prompt.")
    var prompt: String

    @OptionGroup var model: ModelOptions
    @OptionGroup var size: SizeOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let (session, model, prompt, options) = (Session(), model, prompt, size.options)
        _ = try reportingFailure(status: 2, Operations(downloads: model.downloads.policy)) { _ in
            try await session.load(model: model.model, transcoders: model.transcoderSet)
        }
        _ = try reportingFailure(status: 1) { _ in try await session.setPrompt(prompt) }
        let plan = try reportingFailure(status: 1) { _ in try await session.plan(options) }
        throw ExitCode(printReport(plan, asJSON: json))
    }
}
