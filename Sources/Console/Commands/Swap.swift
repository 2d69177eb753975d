import Replacement
import Workbench

extension Command {
    static let swap = Command(
        "swap", group: .interventions, synonyms: ["patch", "transplant"], summary: "Set features to the activations that they have in another prompt",
        usage: [#"swap "PROMPT" [@P] [--layers A:B] [--all|--differing]"#, #"swap "PROMPT" --align HERE=THERE... [--layers A:B]"#],
        detail: """
            Sets every feature that is active in either prompt to its activation in the other prompt: at the positions
            whose tokens differ (--differing, the default), at all positions (--all), or at P. Positions are paired from
            the end: the last with the last, and so on; --align pairs them by hand. Then `run`, `diff` and `generate`
            show what the model says. One `undo` reverts the swap.
            """,
        examples: [
            Example(#"swap "Fact: the capital of the state containing Oakland is""#, "the features of the other city"),
            Example(#"swap "Fact: the capital of the state containing Oakland is" @9 --layers 0:3"#, "at position 9, in layers 0 to 2"),
            Example(#"swap "The capital of California is" --align 9=4"#, "position 9 here with position 4 there"),
        ],
        parameters: [.required("\"PROMPT\"", .prompt), .optional("@P", .position)],
        options: [
            OptionSpecification("--layers", "A:B", .layers, "only features of these layers"),
            OptionSpecification("--differing", nil, .text, "at the positions whose tokens differ"),
            OptionSpecification("--all", nil, .text, "at all positions"),
            OptionSpecification("--align", "HERE=THERE", .text, "pair these positions, and no others", takesMany: true),
        ],
        repeatsWhatItChanged: true,
        json: [
            JSONKey(
                "positions",
                "array of objects with `position`, `token`, `other_position`, `other_token`, `features` (how many were set), `switched_on`, `switched_off`"
            ), JSONKey("interventions", "the number in force"),
        ],
        action: .session { arguments, context in
            var options = SwapOptions()
            if let word = arguments.option("--layers") { options.layers = try word.layersTerm() }
            let ways = [arguments[1], arguments.option("--differing"), arguments.option("--all"), arguments.option("--align")].compactMap(\.self)
            if ways.count > 1 { throw ConsoleError("@P, --differing, --all and --align exclude each other", at: ways[1].range) }
            if let word = arguments[1] { options.positions = .at(try word.positionsTerm()) }
            if arguments.option("--all") != nil { options.positions = .all }
            let pairs = try arguments.values(of: "--align").map { word throws(ConsoleError) in try word.alignedPair() }
            if !pairs.isEmpty { options.positions = .pairs(pairs) }
            return Output(try await context.session.swap(try arguments.positionals[0].quotedPrompt(), options))
        })
}

extension Output {
    init(_ report: SwapReport) {
        let table = Table(
            "positions",
            [
                .right("position"), .left("token"), .right("other_position", "there"), .left("other_token", "token there"), .right("features"),
                .right("switched_on", "switched on"), .right("switched_off", "switched off"),
            ],
            rows: report.rows.map { row in
                [
                    .integer(row.here.position), .token(row.here.token), .integer(row.there.position), .token(row.there.token), .integer(row.features),
                    .integer(row.switchedOn), .integer(row.switchedOff),
                ]
            })
        self.init([.table(table), .fact("interventions", "interventions", .integer(report.interventions))], notices: report.notices)
    }
}

extension Word {
    /// A prompt among other words: in double quotes.
    ///
    /// - Parameter following: the words after it, which are its too where the quotes are missing.
    func quotedPrompt(before following: ArraySlice<Word> = []) throws(ConsoleError) -> String {
        if spelling == .quoted { return text }
        let words = [self] + following.prefix { $0.spelling == .bare && !$0.text.hasPrefix("@") }
        var prompt = words.map(\.text).joined(separator: " ")
        if prompt.count > 1, prompt.hasPrefix("'"), prompt.hasSuffix("'") { prompt = String(prompt.dropFirst().dropLast()) }
        throw ConsoleError(
            "A prompt is written in double quotes here", at: range.lowerBound..<words.last!.range.upperBound, suggestion: JSONText.quoted(prompt))
    }
}
