import Figures
import Replacement
import Workbench

extension Command {
    static let `do` = Command(
        "do", group: .interventions, synonyms: ["experiment", "intervene"], summary: "Set supernodes, run, and show how the circuit fares",
        usage: [#"do SET [at @P] VALUE [from "PROMPT" [@Q]] [replacing NAME], ..."#],
        detail: """
            Puts these interventions in force, in place of those before, runs the prompt, and shows the circuit: each
            supernode's activation as a share of its baseline, what was set, and the most likely tokens before and after.
            VALUE is -2x for minus two times each feature's own activation, 1.5max for that many times its largest
            activation in other texts (see `set`), or a number. With `from`, the baseline is the features' activations in
            another prompt, at the positions as far from the end, or at Q; without VALUE they are only looked at. A
            supernode that was made on that prompt can be named, too. `replacing` draws them in the place of a supernode.
            `at` sets features at other positions than their own, each by its mean over its own; @1: goes on while tokens
            are generated. One `undo` brings the interventions before back. \(rerunDetail)
            """,
        examples: [
            Example("do Texas -2x", "a supernode to minus two times its activation"),
            Example(
                #"do Texas -2x, California 2x from "Fact: the capital of the state containing Oakland is" replacing Texas"#,
                "another in its place, twice as strong as in that prompt"),
            Example("do top(3,@9) 0", "sets of all kinds"),
        ],
        parameters: [.oneOrMore("SET", .set)], options: runOptions, json: circuitKeys,
        action: .session { arguments, context in
            let hasOptions = ["--freeze-attention", "--constrain"].contains { arguments.option($0) != nil }
            let options = hasOptions ? try arguments.runOptions() : nil
            return Output(try await context.session.perform(try experimentSteps(arguments), options: options, progress: context.progress))
        })

    /// What is between the commas.
    static func experimentSteps(_ arguments: Arguments) throws(ConsoleError) -> [ExperimentStep] {
        var steps: [ExperimentStep] = []
        try expectNoEquals(arguments, of: "do")
        for words in arguments.positionals.separatedByCommas(in: arguments.line) {
            var parser = SetParser(words, line: arguments.line)
            let set = try parser.set()
            let places = parser.take("at") ? try parser.next("Positions such as @9 or @1:").positionsTerm() : nil
            let (edit, timesLargest) = try value(&parser)
            var origin: (prompt: String, positions: PositionsTerm?)?
            if parser.take("from") {
                let prompt = try parser.next("A prompt in double quotes").quotedPrompt(before: parser.rest)
                origin = (prompt, try parser.nextPositions())
            }
            let replaced = parser.take("replacing") ? try parser.next("The name of a supernode").text : nil
            if let extra = parser.rest.first {
                throw ConsoleError("\(extra.typed) is not part of what can be done with \(set)", at: extra.range, advice: "steps are separated by commas")
            }
            if edit == nil, timesLargest == nil, origin == nil {
                throw ConsoleError("do needs a value after \(set), such as -2x or 0", at: words.last.map { $0.range.upperBound..<$0.range.upperBound })
            }
            steps.append(ExperimentStep(set, at: places, edit, timesLargest: timesLargest, origin: origin, replacing: replaced))
        }
        return steps
    }

    /// `Texas = 0` is how one would say it elsewhere.
    static func expectNoEquals(_ arguments: Arguments, of command: String) throws(ConsoleError) {
        func hasSign(_ word: Word) -> Bool { word.spelling == .bare && word.text.contains("=") && !word.text.contains("\"") }
        guard let word = arguments.positionals.first(where: hasSign) else { return }
        let typed = arguments.positionals.map { hasSign($0) ? $0.text.replacing("=", with: " ") : $0.typed }.joined(separator: " ")
        throw ConsoleError(
            "\(command) takes the value after the set, without =", at: word.range,
            advice: "type: \(command) \(typed.split(separator: " ").joined(separator: " "))")
    }

    private static func value(_ parser: inout SetParser) throws(ConsoleError) -> (FeatureEdit?, timesLargest: Float?) {
        guard let word = parser.rest.first, word.spelling == .bare, word.startsLikeNumber else { return (nil, nil) }
        _ = try parser.next("a value")
        if let factor = try word.multiple() { return (.scale(factor), nil) }
        if let times = try word.multipleOfLargest() { return (nil, times) }
        return (.set(try word.number("a value")), nil)
    }

    static let circuit = Command(
        "circuit", group: .graph, synonyms: ["figure", "svg", "draw"], summary: "Draw the circuit of supernodes and pinned nodes, here or to an SVG file",
        usage: ["circuit", "circuit FILE.svg [--dark]"],
        detail: """
            Shows each supernode's activation with the interventions in force as a share of its baseline, what was set, and
            the links between them: the share of what a supernode receives from outside that comes from another one. Links
            below 0.02 are left out. \(rerunDetail)
            """,
        examples: [Example("circuit dallas.svg", "a figure for a paper or a page")],
        parameters: [.optional("FILE", .file)], options: [OptionSpecification("--dark", nil, .text, "light text on a dark ground")], writesFiles: true,
        json: circuitKeys + [JSONKey("path", "the file, if one was named"), JSONKey("bytes", "its size")],
        action: .session { arguments, context in
            let isDark = arguments.option("--dark")
            if let file = arguments[0] { return Output(try await context.session.saveCircuit(to: file.text, theme: isDark == nil ? .light : .dark)) }
            if let isDark { throw ConsoleError("--dark is about a file; name one", at: isDark.range) }
            return Output(try await context.session.circuit())
        })

    private static let circuitKeys = [
        JSONKey(
            "nodes",
            "array of objects with `name`, `features` (their number), `activation` (now, as a share of the baseline; null if it was set), `set` (what was done to it, or null), `replaces` (a name, or null)"
        ),
        JSONKey("links", "array of objects with `source`, `target` (names), `weight` (null without a graph)"),
        JSONKey("outputs", "array of objects with `token`, `before`, `after` (probabilities)"),
    ]
}

extension [Word] {
    /// The words between commas that end words or are words.
    fileprivate func separatedByCommas(in line: String) -> [[Word]] {
        var groups: [[Word]] = [[]]
        for word in self {
            guard word.spelling == .bare, word.text.hasSuffix(",") else {
                groups[groups.count - 1].append(word)
                continue
            }
            let end = line.unicodeScalars.index(before: word.range.upperBound)
            if end > word.range.lowerBound { groups[groups.count - 1].append(Word(String(word.text.dropLast()), at: word.range.lowerBound..<end)) }
            groups.append([])
        }
        if groups.count > 1, groups.last!.isEmpty { groups.removeLast() }
        return groups
    }
}

extension Output {
    init(_ report: CircuitReport) {
        let figure = report.figure
        // People see no column in which nothing is.
        func seen(_ isThere: (CircuitFigure.Card) -> Bool) -> Table.Column.Visibility { figure.cards.contains(where: isThere) ? .everywhere : .dataOnly }
        let nodes = Table(
            "nodes",
            [
                .name("name"), .right("features"),
                Table.Column(key: "activation", label: "activation", alignment: .right, visibility: seen { $0.activation != nil }, bar: .share),
                Table.Column(key: "set", label: "set", visibility: seen { $0.badge != nil }),
                Table.Column(key: "replaces", label: "replaces", visibility: seen { $0.replaces != nil }),
            ],
            rows: zip(figure.cards, report.features).map { card, features in
                [
                    .text(card.name), .integer(features), card.activation.map(Value.share) ?? .none, .optional(card.badge),
                    .optional(card.replaces.map { figure.cards[$0].name }),
                ]
            })
        let links = Table(
            "links", visibility: .dataOnly, [.data("source"), .data("target"), .data("weight")],
            rows: figure.links.map { link in
                [.text(figure.cards[link.source].name), .text(figure.cards[link.target].name), link.weight == 0 ? .none : .share(link.weight)]
            })
        let outputs = Table(
            "outputs",
            [
                .left("token"), .probability("before"),
                .probability("after", visibility: figure.outputs.contains { $0.after != nil } ? .everywhere : .dataOnly),
            ],
            rows: figure.outputs.map { output in
                [.quoted(output.token), output.before.map(Value.probability) ?? .none, output.after.map(Value.probability) ?? .none]
            })
        self.init([.circuit(figure), .table(nodes), .table(links), .table(outputs)], notices: report.notices)
    }
}
