import Replacement
import Workbench

extension Command {
    private static let defaults = GenerationOptions()

    static let generate = Command(
        "generate", group: .runs, summary: "Continue the prompt, without and with the interventions",
        detail: """
            Appends N new tokens, \(defaults.newTokens) unless given. Square brackets mark where the text with
            interventions differs. Without --temperature, the most likely token is taken each time; --top-k, --top-p,
            --seed and --samples need a temperature above 0. --samples draws several continuations with consecutive
            seeds; `expect generation` and `save generate` use the first. Ctrl-C keeps the samples that are complete.
            """,
        examples: [
            Example("generate 12 --temperature 0.8 --seed 7", "twelve sampled tokens"),
            Example("generate 12 --temperature 0.8 --samples 5", "five continuations, with seeds 0 to 4"),
        ],
        parameters: [.optional("N", .count)],
        options: [
            OptionSpecification(
                "--temperature", "T", .number,
                "sample with this temperature; 0 takes the most likely token (\(NumberStyle.significant(3).text(Double(defaults.sampling.temperature))))"),
            OptionSpecification("--top-k", "K", .count, "sample among the K most likely tokens only"),
            OptionSpecification("--top-p", "P", .number, "sample among the most likely tokens that together have this probability"),
            OptionSpecification("--seed", "S", .count, "seed of the sampling (\(defaults.sampling.seed))"),
            OptionSpecification("--samples", "K", .count, "sample K continuations, with seeds S, S + 1 and so on"),
        ] + runOptions,
        json: [
            JSONKey("prompt", "the prompt"), JSONKey("before", "the continuation without interventions"),
            JSONKey("after", "with them; null when none are in force"),
            JSONKey("shared_tokens", "the number of new tokens, from the first, that are the same in both"),
            JSONKey("before_tokens", "its tokens"), JSONKey("after_tokens", "its tokens, or null"),
            JSONKey("seconds", "how long it took"),
            JSONKey(
                "samples",
                "with --samples, in place of all but `prompt` and `seconds`: array of objects with `seed`, `before`, `after`, `shared_tokens`, `before_tokens`, `after_tokens`"
            ),
        ],
        action: .session { arguments, context in
            var options = GenerationOptions()
            options.run = try arguments.runOptions()
            options.newTokens = try arguments.count(at: 0, of: "the number of new tokens", default: options.newTokens)
            if let word = arguments.option("--temperature") {
                options.sampling.temperature = try word.number("a temperature", in: 0...1000)
            }
            for name in ["--top-k", "--top-p", "--seed", "--samples"] where options.sampling.temperature == 0 {
                guard let word = arguments.option(name) else { continue }
                throw ConsoleError(
                    "\(name) needs --temperature above 0", at: word.range, advice: "without it, the most likely token is taken each time")
            }
            options.sampling.topK = try arguments.option("--top-k")?.integer("the number of tokens", atLeast: 1)
            options.sampling.topP = try arguments.option("--top-p")?.number("a probability", in: 0...1)
            if let word = arguments.option("--seed") { options.sampling.seed = try word.seed() }
            if let word = arguments.option("--samples") {
                let count = try word.integer("the number of continuations", atLeast: 1)
                return Output(try await context.session.samples(options, count: count, progress: context.progress))
            }
            return Output(try await context.session.generate(options, progress: context.progress))
        })
}

extension Output {
    init(_ report: GenerationReport) {
        self.init(
            [
                .fact("prompt", "prompt", .quoted(report.prompt)), .fact("before", "before", .quoted(report.before.text)),
                .fact("after", "after", Self.marked(report.before, report.after, sharedTokens: report.sharedTokens)),
                .data("shared_tokens", .integer(report.sharedTokens)), .data("before_tokens", .tokens(report.before.tokens)),
                .data("after_tokens", report.after.map { .tokens($0.tokens) } ?? .none),
                .volatile("seconds", "time", .seconds(report.seconds)),
            ],
            notices: report.notices)
    }

    init(_ report: SamplesReport) {
        let visibility = report.samples.contains { $0.after != nil } ? Table.Column.Visibility.everywhere : .dataOnly
        let samples = Table(
            "samples",
            [
                .right("seed"), .left("before"), Table.Column(key: "after", label: "after", visibility: visibility),
                .data("shared_tokens"), .data("before_tokens"), .data("after_tokens"),
            ],
            rows: report.samples.map { sample in
                [
                    Int(exactly: sample.seed).map(Value.integer) ?? .text("\(sample.seed)"), .quoted(sample.before.text),
                    Self.marked(sample.before, sample.after, sharedTokens: sample.sharedTokens), .integer(sample.sharedTokens),
                    .tokens(sample.before.tokens), sample.after.map { .tokens($0.tokens) } ?? .none,
                ]
            })
        self.init(
            [
                .fact("prompt", "prompt", .quoted(report.prompt)), .table(samples),
                .volatile("seconds", "time", .seconds(report.seconds)),
            ],
            notices: report.notices)
    }

    /// The text after, with the part that differs marked from a token's beginning on.
    private static func marked(_ before: GenerationReport.Side, _ after: GenerationReport.Side?, sharedTokens: Int) -> Value {
        guard let after else { return .none }
        var shared = before.tokens.prefix(sharedTokens).map(\.text).joined()
        // Tokens can end within a character; then only the texts tell.
        if !after.text.hasPrefix(shared) { shared = String(zip(after.text, before.text).prefix { $0 == $1 }.map(\.0)) }
        let changed = after.text.dropFirst(shared.count)
        return changed.isEmpty ? .quoted(after.text) : .marked(shared: shared, changed: String(changed))
    }
}
