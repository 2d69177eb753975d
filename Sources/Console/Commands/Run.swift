import Replacement
import Workbench

extension Command {
    static let runOptions = [
        OptionSpecification(
            "--freeze-attention", "on|off", .choice(["on", "off"]),
            "keep the attention patterns of the original run (\(RunOptions().freezeAttention ? "on" : "off"))"),
        OptionSpecification(
            "--constrain", "A:B", .layers,
            "keep attention, and the MLP outputs of layers A up to but not including B, as in the original run; interventions act only there"),
    ]

    /// For the commands that run again by themselves.
    static let rerunDetail = "Interventions act as in the last `run`, with its --freeze-attention and --constrain."

    static let run = Command(
        "run", group: .runs, summary: "Run the prompt with the interventions in force",
        detail: """
            Shows the K most likely next tokens before and after, side by side; K is \(defaultCount) unless given.
            `top`, `probs`, `diff`, `expect` and `save run` use the options of the last `run`.
            """,
        examples: [Example("run --constrain 0:6", "only the direct effects within layers 0 to 5")],
        parameters: [.optional("K", .count)], options: runOptions,
        json: [
            JSONKey("interventions", "the number in force"), JSONKey("freeze_attention", "whether attention was frozen"),
            JSONKey("constrained", "the layers kept as they were, or null"), JSONKey("seconds", "how long it took"),
        ] + sidesKeys,
        action: .session { arguments, context in
            let report = try await context.session.run(
                try arguments.runOptions(), count: try arguments.count(at: 0, of: "the number of tokens"))
            return Output(
                [
                    .fact("interventions", "interventions", .integer(report.interventions)),
                    .fact("freeze_attention", "attention frozen", .flag(report.options.freezeAttention)),
                    .fact("constrained", "constrained layers", .layers(report.options.constrainedLayers)),
                    .volatile("seconds", "time", .seconds(report.seconds)),
                    .table(.sides(before: report.before, after: report.after)),
                ],
                notices: report.notices)
        })
}

extension Arguments {
    /// What `--freeze-attention` and `--constrain` say.
    func runOptions() throws(ConsoleError) -> RunOptions {
        var options = RunOptions()
        if let word = option("--freeze-attention") { options.freezeAttention = try word.onOff() }
        if let word = option("--constrain") { options.constrainedLayers = try word.layerRange() }
        return options
    }
}

extension Value {
    fileprivate static func layers(_ range: Range<Int>?) -> Value {
        range.map { .text("\($0.lowerBound):\($0.upperBound)") } ?? .absent("none")
    }
}
