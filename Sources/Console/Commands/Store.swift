import Workbench

extension Command {
    static let store = Command(
        "store", group: .files, summary: "List or clear the store of runs",
        usage: ["store [N]", "store clear"],
        detail: """
            A prompt that was run before is not run again: its run is kept on disk. Beyond the limit, the runs that have
            not been used for longest are removed first. Lists the N that were used last, \(defaultCount) unless given.
            The text of a prompt is known if it belongs to the loaded model; the age is the time since its last use.
            `store clear` removes everything without asking and says what was removed; only the time to run the prompts
            again is lost.
            """,
        examples: [Example("store 3", "the three used last"), Example("store clear", "nothing is kept")],
        parameters: [.optional("N", .choice(["clear"]))], staysOutOfTranscripts: true,
        json: [
            JSONKey("folder", "where they are kept, or null"),
            JSONKey("runs", "array of objects with `prompt` (or null), `tokens`, `bytes`, `age` (in seconds)"),
            JSONKey("entries", "the number of runs"), JSONKey("bytes", "their bytes"), JSONKey("limit_bytes", "the most they may take"),
            JSONKey("removed", "the number of runs that `store clear` has removed"), JSONKey("removed_bytes", "their bytes"),
        ],
        action: .session { arguments, context in
            if let word = arguments[0], word.text == "clear", word.spelling == .bare { return Output(await context.session.clearStore()) }
            return Output(await context.session.storedRuns(try arguments.count(at: 0, of: "the number of prompts")))
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
