import Workbench

extension Command {
    static let store = Command(
        "store", group: .files, summary: "Lists what the store of feature activations holds, or empties it",
        usage: ["store [N]", "store clear"],
        detail: """
            A prompt that was run before is not run again: its run is kept on disk, and beyond the limit the longest unused go
            first. Shows the N that were used last, \(defaultCount) unless given. A prompt's text is known where it is of the
            loaded model; the age is the time since it was last used. `store clear` removes all of it, asks nothing, and says
            what went: only the time to run the prompts again is lost.
            """,
        examples: [Example("store 3", "the three used last"), Example("store clear", "nothing is kept")],
        parameters: [.optional("N", .choice(["clear"]))], staysOutOfTranscripts: true,
        json: [
            JSONKey("folder", "where they are kept, or null"), JSONKey("runs", "array of objects with `prompt` (or null), `tokens`, `bytes`, `age` (in seconds)"),
            JSONKey("entries", "how many there are"), JSONKey("bytes", "their bytes"), JSONKey("limit_bytes", "the most they may take"),
            JSONKey("removed", "how many `store clear` has removed"), JSONKey("removed_bytes", "their bytes"),
        ],
        action: .session { arguments, context in
            if let word = arguments[0], word.text == "clear", word.spelling == .bare { return Output(await context.session.clearStore()) }
            return Output(await context.session.storedRuns(try arguments.count(at: 0, of: "how many prompts")))
        })
}

extension Output {
    init(_ report: StoreReport) {
        let runs = Table(
            "runs", [.left("prompt"), .right("tokens"), .right("bytes", "size"), .right("age")],
            rows: report.runs.map { run in
                [run.prompt.map(Value.quoted) ?? .none, .optional(run.tokens), .bytes(run.bytes), .seconds(run.age)]
            })
        self.init(
            [
                .table(runs),
                .fact("folder", "folder", .optional(report.folder)), .fact("entries", "entries", .integer(report.count)),
                .fact("bytes", "size", .bytes(report.bytes)), .fact("limit_bytes", "limit", .bytes(report.limitBytes)),
            ],
            notices: report.notices)
    }

    init(_ report: ClearedStore) {
        self.init(
            [.fact("removed", "removed", .integer(report.count)), .fact("removed_bytes", "size", .bytes(report.bytes))], notices: report.notices)
    }
}
