import Attribution
import Graphs
import Workbench

extension Command {
    private static let defaults = AttributionOptions()

    static let attribute = Command(
        "attribute", group: .graph, synonyms: ["graph", "circuit"], summary: "Compute the prompt's attribution graph",
        detail: """
            Computes how much features, errors and tokens add, directly, to features and logits. With --position, the
            graph explains the prediction made at that position; later tokens do not matter to it. Its features are
            features of the whole prompt, and negative positions still count from the end of the prompt. With --steered,
            it is the graph of the run with the interventions in force, and with the --freeze-attention and --constrain
            of the last `run`: the targets are that run's, a feature that was set is a node with the value it was set
            to and without inputs, and one that was set to 0 is not a node. Ctrl-C stops the computation: the features
            that were done until then are a graph, too. Where none is, the previous graph stays.
            """,
        examples: [
            Example("attribute", "explain the most likely next tokens"),
            Example(#"attribute --target " Austin" " Dallas""#, "explain two chosen tokens"),
            Example("attribute --position -2", "explain what follows the last token but one"),
            Example("attribute --steered", "explain what the model says with the interventions in force"),
        ],
        options: sizeOptions + [
            positionOption,
            OptionSpecification("--steered", nil, .text, "explain the run with the interventions in force"),
            OptionSpecification("--target", "TOKEN", .token, "explain these tokens, or what `target` takes: difference A B", takesMany: true),
        ] + directionOptions,
        json: graphKeys,
        action: .session { arguments, context in
            let (words, direction) = (arguments.values(of: "--target"), try direction(arguments))
            if direction != nil, let word = words.first { throw ConsoleError("The target is given more than once", at: word.range) }
            let targets = try direction ?? (words.isEmpty ? nil : request(words))
            let (position, notices) = try await position(arguments, context.session)
            var output = Output(
                try await context.session.attribute(
                    attributionOptions(arguments), atMost: context.nodeLimit, position: position, targets: targets,
                    steered: arguments.option("--steered") != nil, progress: context.progress))
            output.notices = notices + output.notices
            return output
        })

    /// Which token's prediction a graph explains, shared with `plan`.
    static let positionOption = OptionSpecification(
        "--position", "P", .position, #"explain the prediction after this position, negative from the end (-1), or after a token, " Dallas""#)

    static func position(_ arguments: Arguments, _ session: Session) async throws -> (number: Int?, notices: [String]) {
        guard let word = arguments.option("--position") else { return (nil, []) }
        guard case .at(let term) = try word.positionsTerm() else {
            throw ConsoleError("One position is needed here, not several", at: word.range)
        }
        return try await session.position(term)
    }

    /// Options for the size of a graph, shared with `plan`.
    static let sizeOptions = [
        OptionSpecification("--max-n-logits", "N", .count, "maximum number of target tokens (\(defaults.maxLogits))"),
        OptionSpecification(
            "--desired-logit-prob", "P", .number,
            "add targets until their probabilities sum to this (\(defaults.desiredLogitProbability))"),
        OptionSpecification(
            "--max-feature-nodes", "N", .count,
            "maximum number of features (all if that takes less than \(Int(AttributionOptions.patience)) seconds, else \(AttributionOptions.referenceFeatureNodes.grouped))"
        ),
        OptionSpecification("--batch-size", "N", .count, "rows computed at a time (\(defaults.batchSize))"),
        OptionSpecification(
            "--update-interval", "N", .count, "number of batches between rankings of the features (\(defaults.updateInterval))"),
    ]

    static func attributionOptions(_ arguments: Arguments) throws(ConsoleError) -> AttributionOptions {
        var options = AttributionOptions()
        if let word = arguments.option("--max-n-logits") { options.maxLogits = try word.integer("the number of targets", atLeast: 1) }
        if let word = arguments.option("--desired-logit-prob") {
            options.desiredLogitProbability = try word.number("a probability", in: 0...1)
        }
        if let word = arguments.option("--max-feature-nodes") {
            options.maxFeatureNodes = try word.integer("the number of features", atLeast: 1)
        }
        if let word = arguments.option("--batch-size") { options.batchSize = try word.integer("the number of rows", atLeast: 1) }
        if let word = arguments.option("--update-interval") {
            options.updateInterval = try word.integer("the number of batches", atLeast: 1)
        }
        return options
    }

    static let graphKeys = [
        JSONKey("steered", "the number of interventions in the run that it explains, or null for a plain run"),
        JSONKey("interventions", #"array of them, such as "0/1292@9 = -2x", or null likewise"#),
        JSONKey("position", "the position whose prediction it explains, or null for the prompt's last"),
        JSONKey("after_token", "the token there, or null likewise"),
        JSONKey("active_features", "features active on the prompt"), JSONKey("selected_features", "those that are nodes"),
        JSONKey("nodes", "nodes in all"), JSONKey("edges", "edges that are not zero"),
        JSONKey("replacement_score", "0 to 1"), JSONKey("completeness_score", "0 to 1"),
        JSONKey("seconds", "how long it took"), JSONKey("from_store", "whether the features were in the store"),
        JSONKey("targets", "array of objects with `target`, `id`, `weight` (a token's probability; of a difference or concept, how much it counts)"),
    ]
}

extension Output {
    init(_ report: GraphReport) {
        self.init(
            Self.facts(about: report.steering) + Self.facts(about: report.explained) + [
                .fact("active_features", "active features", .integer(report.activeFeatures)),
                .fact("selected_features", "selected features", .integer(report.selectedFeatures)),
                .fact("nodes", "nodes", .integer(report.nodes)),
                .fact("edges", "edges", .integer(report.nonZeroEdges)),
                .fact("replacement_score", "replacement score", .share(report.replacementScore)),
                .fact("completeness_score", "completeness score", .share(report.completenessScore)),
                .volatile("seconds", "time", .seconds(report.seconds)),
                .volatile("from_store", "from cache", .flag(report.fromStore)),
                .table(.targets(report.targets, hasDirections: report.hasDirections)),
            ],
            notices: report.notices)
        hint = report.strongestFeature.map {
            "Next: `features` ranks the graph's features, `edges \($0)` shows what the strongest one is connected to, `serve` draws the graph."
        }
    }

    /// The interventions in the run that a graph explains; shown unless there are none.
    private static func facts(about steering: GraphSteering?) -> [Part] {
        guard let steering else { return [.data("steered", .none), .data("interventions", .none)] }
        return [
            .fact("steered", "of the run with interventions", .integer(steering.interventions.count)),
            .data("interventions", .list(steering.interventions.map(Value.text))),
        ]
    }

    /// Whose prediction a graph explains; shown unless it is the last token's.
    private static func facts(about place: GraphReport.Place?) -> [Part] {
        guard let place else { return [.data("position", .none), .data("after_token", .none)] }
        return [
            .fact("position", "explains what follows position", .integer(place.position)),
            .fact("after_token", "whose token is", .token(place.token)),
        ]
    }
}

extension Table {
    /// What a graph explains; a token's weight is its probability.
    static func targets(_ targets: [AttributionTarget], hasDirections: Bool) -> Table {
        Table(
            "targets", [.left("target"), .data("id"), .right("weight", hasDirections ? "weight" : "probability")],
            rows: targets.map { [.quoted($0.text), .integer($0.id), .probability($0.weight)] })
    }
}

extension Int {
    /// With commas: `7,500`.
    fileprivate var grouped: String { self < 1000 ? "\(self)" : "\((self / 1000).grouped),\(String(self % 1000 + 1000).dropFirst())" }
}
