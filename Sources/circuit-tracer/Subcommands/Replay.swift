internal import ArgumentParser
internal import Console

/// Replays transcripts and compares their outputs.
struct Replay: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Replay transcripts, each in a fresh session, and compare their outputs.",
        discussion: "A transcript whose model is not here is skipped with the reason. Exit status 3 when an output differs, 2 when a file cannot be read or holds no commands.")

    @Flag(help: "Rewrite the outputs that differ, and nothing else.")
    var update = false

    @Argument(help: "Transcript files.", completion: .file())
    var files: [String]

    func run() throws {
        throw ExitCode(runReplay(files: files, update: update, makeSession: freshSession))
    }
}
