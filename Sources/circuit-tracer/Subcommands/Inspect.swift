internal import ArgumentParser
internal import Console
internal import Workbench

/// Says what a folder is.
struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Describe a folder: a model or a transcoder set, its kind and size, and the model it is for.",
        discussion: "In the console, `inspect` also says how a transcoder set does on the current prompt. What is not on this machine is fetched only if you say so.")

    @Argument(help: "A folder, a bundled name or a hub name.", completion: .directory)
    var path: String

    func run() throws {
        let (session, path) = (Session(), path)
        throw ExitCode(printReport(try reportingFailure(status: 1) { _ in try await session.inspect(path) }))
    }
}
