internal import ArgumentParser
internal import Console
internal import Workbench

/// Says what a folder is.
struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Describe a model or a transcoder set: its kind, its size, and the model that a set is for.",
        discussion: "In the console, `inspect` also says how well a transcoder set explains the current prompt. Nothing is downloaded unless you agree.")

    @Argument(help: "A folder, a bundled name or a hub name.", completion: .directory)
    var path: String

    func run() throws {
        let (session, path) = (Session(), path)
        throw ExitCode(printReport(try reportingFailure(status: 1) { _ in try await session.inspect(path) }))
    }
}
