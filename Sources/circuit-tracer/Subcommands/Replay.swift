internal import ArgumentParser
internal import Console

/// Replays transcripts and compares their outputs.
struct Replay: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Replay transcripts, each in a fresh session, and compare their outputs.",
        discussion:
            "A transcript whose model is not on this machine is skipped, and the reason is shown. The exit status is 3 if an output differs, 2 if a file cannot be read or has no commands."
    )

    @Flag(help: "Rewrite the outputs that differ, and nothing else.")
    var update = false

    @Argument(help: "Transcript files.", completion: .file())
    var files: [String]

    func run() throws {
        throw ExitCode(runReplay(files: files, update: update, makeSession: freshSession))
    }
}
