import FeatureIndex
package import Workbench

extension Command {
    static let index = Command(
        "index", group: .features, synonyms: ["corpus", "dataset", "evidence"],
        summary: "Count on which texts each feature fires, and keep examples",
        usage: ["index CORPUS... [OPTIONS]", "index status [FILE]", "index merge FILE... [-o FILE]"],
        detail: """
            Runs texts through the model and keeps, for every feature that fires: how often, a histogram of its
            activations, the strongest examples and examples at each strength below. `feature` shows them.

            A corpus is a file of text with a document on each line, or with --paragraphs between blank lines; or, where
            its name ends in .jsonl, of JSON objects with the text in a field. What an earlier run has counted is not
            counted again, so an interrupted run continues where it was, and a further corpus is added to those before.

            `index status` says what there is. `index merge` adds up the files that runs with --shard have made.
            """,
        examples: [
            Example("index corpus.txt", "a document on each line"),
            Example("index pile.jsonl --field content --context 256", "another field, longer pieces of text"),
            Example("index corpus.txt --shard 2/8", "every eighth block, from the second on, into a file of its own"),
            Example("index merge a.sqlite b.sqlite -o all.sqlite", "two files added up"),
        ],
        parameters: [.oneOrMore("CORPUS", .file)],
        options: [
            OptionSpecification("--paragraphs", nil, .text, "A blank line ends a document"),
            OptionSpecification("--field", "NAME", .text, "The field of a JSON object that has the text; otherwise \"text\""),
            OptionSpecification("--context", "N", .count, "The most tokens of a piece of text; otherwise \(IndexSettings().context)"),
            OptionSpecification("--batch", "N", .count, "Pieces that run together; otherwise \(IndexSettings().batch)"),
            OptionSpecification("--shard", "I/N", .text, "Only the Ith of N equal parts"),
            OptionSpecification("--commit", "N", .count, "Keep what is done after every N tokens; otherwise as often as takes little time"),
            OptionSpecification("--index", "FILE", .file, "The file of the index; otherwise one of the model and set in the user's data folder"),
            OptionSpecification("-o", "FILE", .file, "Of `index merge`: the file to write"),
        ],
        staysOutOfTranscripts: true, writesFiles: true,
        json: [
            JSONKey("file", "the index"), JSONKey("model", "what it is of"), JSONKey("transcoders", "its set"),
            JSONKey("corpora", "array of objects with `corpus`, `documents`, `tokens`, `blocks`, `of` (null while not known)"),
            JSONKey("tokens", "in all"), JSONKey("live_features", "features that fire"), JSONKey("features", "of the set"),
            JSONKey("bytes", "of the file"), JSONKey("complete", "whether all blocks are counted"),
            JSONKey("new_tokens", "of a run: counted now"), JSONKey("seconds", "likewise"), JSONKey("tokens_per_second", "likewise"),
            JSONKey("bound_tokens_per_second", "likewise: of the model and the encoders alone"),
            JSONKey("model_seconds", "likewise: in the model and the encoders"), JSONKey("tally_seconds", "likewise: counting"),
            JSONKey("commit_seconds", "likewise: writing"), JSONKey("memory_bytes", "likewise: the estimate made before"),
        ],
        action: .session { arguments, context in
            let words = arguments.positionals
            if words[0].text == "status", words[0].spelling == .bare {
                if words.count > 2 { throw ConsoleError("`index status` takes one file", at: words[2].range) }
                let path = words.count > 1 ? words[1].text : arguments.option("--index")?.text
                return Output(try await context.session.indexStatus(path))
            }
            if words[0].text == "merge", words[0].spelling == .bare {
                if words.count < 2 { throw ConsoleError("`index merge` needs files", at: words[0].range) }
                let target = arguments.option("-o")?.text
                return Output(try await context.session.mergeIndexes(words.dropFirst().map(\.text), into: target, progress: context.progress))
            }
            var request = IndexRequest(corpora: words.map(\.text))
            if arguments.option("--paragraphs") != nil { request.form = .paragraphs }
            if let field = arguments.option("--field") { request.field = field.text }
            if let context = try arguments.option("--context")?.integer("the number of tokens", atLeast: 1) { request.settings.context = context }
            if let batch = try arguments.option("--batch")?.integer("the number of pieces", atLeast: 1) { request.settings.batch = batch }
            request.commitTokens = try arguments.option("--commit")?.integer("the number of tokens", atLeast: 1)
            if let word = arguments.option("--shard") {
                guard let shard = Shard(word.text) else { throw ConsoleError("--shard takes I/N, with I from 1 to N", at: word.range) }
                request.shard = shard
            }
            request.file = arguments.option("--index")?.text
            return Output(try await context.session.index(request, progress: context.progress))
        })
}

extension Output {
    init(_ report: IndexReport) {
        let (identity, summary) = (report.identity, report.summary)
        let corpora = Table(
            "corpora", [.left("corpus"), .right("documents"), .right("tokens"), .right("blocks"), .right("of")],
            rows: summary.corpora.map { corpus in
                [
                    .text(corpus.name), .integer(corpus.documents), .integer(corpus.tokens), .integer(corpus.countedBlocks), .optional(corpus.blocks),
                ]
            })
        self.init([
            .table(corpora),
            .volatile("file", "index", .text(report.path)),
            .fact("model", "model", .text(identity.model)), .fact("transcoders", "transcoders", .text(identity.set)),
            .fact("tokens", "tokens", .integer(summary.tokens)),
            .fact("live_features", "features that fire", .integer(summary.liveFeatures)),
            .fact("features", "features", .integer(identity.layers * identity.featuresPerLayer)),
            .volatile("bytes", "size", .bytes(report.bytes)), .fact("complete", "complete", .flag(summary.isComplete)),
        ])
    }

    init(_ report: IndexRunReport) {
        self.init(report.index)
        let run = report.run
        func rate(_ seconds: Double) -> Value { seconds > 0 && run.tokens > 0 ? .number(Double(run.tokens) / seconds, .significant(3)) : .none }
        parts += [
            .fact("new_tokens", "tokens counted now", .integer(run.tokens)),
            .volatile("seconds", "time", .seconds(run.seconds)),
            .volatile("tokens_per_second", "tokens a second", rate(run.seconds)),
            .volatile("bound_tokens_per_second", "of model and encoders alone", rate(run.modelSeconds)),
            .volatile("model_seconds", "in model and encoders", .seconds(run.modelSeconds)),
            .volatile("tally_seconds", "counting", .seconds(run.tallySeconds)), .volatile("commit_seconds", "writing", .seconds(run.commitSeconds)),
            .volatile("memory_bytes", "memory, at most", .bytes(report.plan.peak)),
        ]
        notices = report.notices
    }
}

/// Prints what a run of `index` did, or what an index has, as the console does.
///
/// - Returns: the exit status: 0; 1 where the output cannot be written.
package func printReport(_ report: IndexRunReport, asJSON: Bool) -> Int32 { show(Output(report), of: .index, asJSON: asJSON) }
package func printReport(_ report: IndexReport, asJSON: Bool) -> Int32 { show(Output(report), of: .index, asJSON: asJSON) }
