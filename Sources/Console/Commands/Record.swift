import Workbench

extension Command {
    static let record = Command(
        "record", group: .scripts, summary: "Record the commands that follow as a transcript", usage: ["record FILE", "record off"],
        detail: """
            The file must not exist yet. After every command it is complete on the disk. If it cannot be written,
            recording stops and the file is marked as cut off. Times, memory, the store, folders and paths are left out.
            Begin with `load` or `prompt`, so that the transcript can be replayed by itself.
            """,
        parameters: [.required("FILE", .file)], staysOutOfTranscripts: true,
        json: [JSONKey("recording", "the file, or null")],
        action: .console { arguments, console in
            let word = arguments.positionals[0]
            if word.text == "off", word.spelling == .bare { return try stopRecording(console, at: word) }
            if let path = console.recorder?.path {
                throw ConsoleError("\(path) is being recorded already", at: word.range, advice: "`record off` stops it")
            }
            let status = try console.ask { context in await context.session.status() }
            do {
                console.recorder = try TranscriptRecorder(
                    path: word.text, needs: status.transcoders?.name ?? status.model?.name)
            } catch let error as SystemFailure {
                if error == .isThere { throw ConsoleError("\(word.text) already exists", at: word.range, advice: "choose another name") }
                throw ConsoleError("\(word.text) cannot be created: \(error.reason)", at: word.range)
            }
            let notices = status.prompt == nil ? [] : ["The prompt and interventions so far are not in the transcript."]
            return Output([.fact("recording", "recording", .text(word.text))], notices: notices)
        })

    private static func stopRecording(_ console: Interpreter, at word: Word) throws(ConsoleError) -> Output {
        if console.recorder == nil { throw ConsoleError("Nothing is being recorded", at: word.range) }
        console.recorder = nil
        return Output([.fact("recording", "recording", .none)])
    }

    static let replay = Command(
        "replay", group: .scripts, summary: "Replay transcripts and compare their outputs",
        detail: """
            Each file runs in a fresh session. Numbers may differ within the tolerance of the file (`# tolerance 1e-3
            relative, 1e-4 absolute`) or by one in the last digit printed; whole numbers and text may not. A file whose
            model (`# needs NAME`, or what it loads) is not on this machine is skipped. An output that differs counts as
            a failed expectation. With --update, outputs that differ are rewritten; an expectation that does not hold,
            or an error where the file has a good output, still counts and leaves that output as it is. A file without
            commands counts as unreadable. What a transcript saves goes into a temporary folder that is deleted
            afterwards; a name that leads out of it is refused. `*`, `?` and `[...]` in FILE stand for all files that
            match, unless FILE is in double quotes.
            """,
        examples: [Example("replay transcripts/capital.txt", "one file")],
        parameters: [.oneOrMore("FILE", .file)],
        options: [OptionSpecification("--update", nil, .text, "rewrite the outputs that differ")],
        staysOutOfTranscripts: true,
        json: [
            JSONKey("passed", "files that passed"), JSONKey("failed", "files that did not"),
            JSONKey("skipped", "files whose model is not on this machine"),
        ],
        action: .console { arguments, console in
            // The lines about each file are for people; other formats have the counts, and the lines go to stderr.
            let isForPeople = console.format == .table
            let printer = isForPeople ? console.printer : console.printer.withDataAsMessages
            var run = ReplayRun(
                updates: arguments.option("--update") != nil, printer: printer, waiter: console.waiter,
                makeSession: console.makeSession)
            let status = run.replay(arguments.positionals.flatMap { $0.spelling == .bare ? Files.matching($0.text) : [$0.text] })
            if isForPeople || status == .interrupted || status == .usage {
                if status != .success { throw SilentFailure(status: status == .usage ? .failure : status) }
                return Output()
            }
            var output = Output([
                .fact("passed", "passed", .integer(run.passed)), .fact("failed", "failed", .integer(run.failed)),
                .fact("skipped", "skipped", .integer(run.skipped)),
            ])
            output.isFailedExpectation = status == .expectation
            return output
        })
}
