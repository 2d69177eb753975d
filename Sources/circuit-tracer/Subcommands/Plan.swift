internal import ArgumentParser
internal import Console
internal import Workbench

/// Says what an attribution would take.
struct Plan: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what attributing a prompt would take, bytes and seconds by stage, before it is started.",
        discussion: "The prompt itself is run, because how many features are active cannot be known before. Exit status 1 where the graph does not fit into memory.")

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
