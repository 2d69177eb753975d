import Graphs
import Replacement
import Workbench

extension Command {
    static let set = Command(
        "set", group: .interventions, synonyms: ["steer", "clamp"], summary: "Set features' activations to values",
        usage: ["set SET VALUE [SET VALUE]...", #"set SET from "PROMPT" [@Q] [2x]"#, "set SET from mean FILE [2x]"],
        detail: """
            VALUE is a number, 2x for twice the feature's own activation, or 1.5max for one and a half times the largest
            activation of the feature in other texts, where that is known (`index`, or what is published with the set).
            With `from`, each feature takes the value that it has in another prompt, at the position that is as far from
            the end, or at @Q; with `from mean`, its mean over the prompts of a file (see `foreach` for files).

            \(editingDetail)
            """,
        examples: [
            Example("set 3/412@9 12.5", "at position 9"), Example("set 3/412@9 12.5 4/77@-1 0", "two features at once"),
            Example("set 3/412@9 1.5max", "half as strong again as in any text that is known"),
            Example("set top(5) -2x", "the graph's five most influential, to minus two times their activations"),
            Example(#"set active(@9) from "Fact: the capital of the state containing Oakland is""#, "each to its value in that prompt, as far from the end"),
        ],
        parameters: [.oneOrMorePairs("SET", .set, "VALUE")], repeatsWhatItChanged: true, json: interventionKeys,
        action: .session { arguments, context in
            Output(try await context.session.intervene(try edits(arguments, of: "set"), progress: context.progress))
        })

    /// What sets with their values say, after `set`, `scale` or `add`.
    static func edits(_ arguments: Arguments, of command: String) throws -> [SetEdit] {
        try expectNoEquals(arguments, of: command)
        var parser = arguments.sets()
        var edits: [SetEdit] = []
        repeat {
            let set = try parser.set()
            let value: FeatureValue =
                switch command {
                case "scale": .edit(.scale(try factor(of: set, &parser)))
                case "add": try amount(of: set, &parser)
                default: try value(of: set, &parser)
                }
            edits.append(SetEdit(set, value))
        } while !parser.isAtEnd
        return edits
    }

    /// What follows a set.
    private static func value(of set: SetExpression, _ parser: inout SetParser) throws -> FeatureValue {
        guard parser.take("from") else {
            if parser.isAtEnd { throw ConsoleError("set needs a value after \(set)", advice: "usage: set SET VALUE [SET VALUE]...") }
            let word = try parser.next("a value")
            if let factor = try word.multiple() { return .edit(.scale(factor)) }
            if let times = try word.multipleOfLargest() { return .ofLargest(times: times, isAdded: false) }
            return .edit(.set(try word.number("a value")))
        }
        if parser.take("mean") {
            let prompts = try PromptFile(try parser.next("A file of prompts").text).prompts
            return .mean(prompts: prompts, times: try parser.factor())
        }
        let prompt = try parser.next("A prompt in double quotes").quotedPrompt(before: parser.rest)
        let positions = try parser.nextPositions()
        return .from(prompt: prompt, at: positions, times: try parser.factor())
    }

    private static func factor(of set: SetExpression, _ parser: inout SetParser) throws(ConsoleError) -> Float {
        if parser.isAtEnd { throw ConsoleError("scale needs a factor after \(set)", advice: "usage: scale SET FACTOR [SET FACTOR]...") }
        let word = try parser.next("FACTOR")
        if let factor = try word.multiple() { return factor }
        return try word.number("a factor")
    }

    private static func amount(of set: SetExpression, _ parser: inout SetParser) throws(ConsoleError) -> FeatureValue {
        if parser.isAtEnd { throw ConsoleError("add needs an amount after \(set)", advice: "usage: add SET AMOUNT [SET AMOUNT]...") }
        let word = try parser.next("AMOUNT")
        if let times = try word.multipleOfLargest() { return .ofLargest(times: times, isAdded: true) }
        return .edit(.add(try word.number("an amount")))
    }

    static let scale = editing(
        "scale", "FACTOR", summary: "Multiply features' activations by a factor",
        examples: [Example("scale 3/412@-1 -2", "minus two times, at the last position")]
    )

    static let add = editing(
        "add", "AMOUNT", summary: "Add to features' activations",
        examples: [
            Example("add 3/412@5:8 1.5", "at positions 5, 6 and 7"),
            Example("add 3/412@12: 1.5", "on a prompt of ten tokens: from the third generated token on"),
        ]
    )

    private static func editing(_ name: String, _ number: String, summary: String, examples: [Example]) -> Command {
        Command(
            name, group: .interventions, summary: summary, detail: editingDetail, examples: examples,
            parameters: [.oneOrMorePairs("SET", .set, number)], repeatsWhatItChanged: true, json: interventionKeys,
            action: .session { arguments, context in
                Output(try await context.session.intervene(try edits(arguments, of: name), progress: context.progress))
            })
    }

    static let zero = Command(
        "zero", group: .interventions, synonyms: ["ablate", "knockout"], summary: "Set features to zero", detail: editingDetail,
        examples: [Example("zero 3/412@9 4/77@*", "two features"), Example("zero top(10)", "the graph's ten most influential")],
        parameters: [.oneOrMore("SET", .set)], repeatsWhatItChanged: true, json: interventionKeys,
        action: .session { arguments, context in
            Output(try await context.session.intervene(try zeroedSet(arguments)))
        })

    /// What `zero` says.
    static func zeroedSet(_ arguments: Arguments) throws(ConsoleError) -> [SetEdit] {
        var parser = arguments.sets()
        let set = try parser.set()
        try parser.finish("zero")
        return [SetEdit(set, .edit(.zero))]
    }

    static let unset = Command(
        "unset", group: .interventions, summary: "Remove interventions by feature or by number", usage: ["unset SET", "unset NUMBER..."],
        detail: """
            Removes the interventions on the features of a set, or those with these numbers in the list.
            """,
        examples: [Example("unset 3", "the third"), Example("unset 3/412@9", "that on this feature"), Example("unset *@9", "all at position 9")],
        parameters: [.oneOrMore("SET", .set)], repeatsWhatItChanged: true, json: interventionKeys,
        action: .session { arguments, context in
            var parser = arguments.sets()
            var numbers: [Int] = []
            while let number = try parser.count("the number of an intervention") { numbers.append(number) }
            if !numbers.isEmpty {
                try parser.finish("unset")
                return Output(try await context.session.removeInterventions(numbers: numbers))
            }
            let set = try parser.set()
            try parser.finish("unset")
            return Output(try await context.session.removeInterventions(set))
        })

    static let clear = Command(
        "clear", group: .interventions, summary: "Remove all interventions",
        detail: """
            The output says how many there were; `undo` restores them.
            """,
        repeatsWhatItChanged: true, json: interventionKeys, action: .session { _, context in Output(await context.session.clearInterventions()) })

    static let undo = Command(
        "undo", group: .interventions, summary: "Undo the last change to the interventions",
        detail: """
            Can be repeated, back to the first change.
            """,
        repeatsWhatItChanged: true, json: interventionKeys, action: .session { _, context in Output(try await context.session.undo()) })

    static let redo = Command(
        "redo", group: .interventions, summary: "Reapply the last undone change", detail: "", repeatsWhatItChanged: true, json: interventionKeys,
        action: .session { _, context in Output(try await context.session.redo()) })

    static let interventions = Command(
        "interventions", group: .interventions, summary: "List the interventions in force, with old and new values",
        detail: """
            Each line is a position of the prompt that an intervention reaches. An intervention that reaches none has
            one line, which says on which generated tokens it acts.
            """, json: interventionKeys,
        action: .session { _, context in
            let report = try await context.session.interventions()
            return Output(Output.parts(report.interventions, limit: .max), notices: report.notices)
        })

    private static let editingDetail = """
        SET is a feature, LAYER/INDEX@POSITIONS, or a set of them (`help sets`). Positions: @4; @-1, the last; @5:8,
        from 5 up to but not including 8; @9:, from 9 on, generated tokens included; @*, all but the zeroed positions,
        at which a feature can be set only by naming the position. Generated tokens have the positions after the
        prompt's: on a prompt of ten tokens, @12: begins at the third, @12:20 ends before the eleventh, and @12 is the
        third alone. Negative positions count from the end of the prompt. A set is resolved once: on another prompt, the
        same features stay edited.

        A later edit of the same feature at the same positions replaces the earlier one. If two edits overlap, the later
        one holds. The command shows the list in force; nothing is computed before `run`, `diff` or `generate`.
        """

    private static let interventionKeys = [
        JSONKey(
            "interventions",
            "array of objects, one for every position of the prompt that is reached (where none is, one whose `position` is null), with `number`, `feature`, `edit` (`set`, `zero`, `scale`, `add`), `amount`, `open_ended` (acts on every generated token from `from` on), `from` and `to` (the first and last position, generated tokens included; `to` is null without an end), `position`, `token`, `old`, `new`"
        )
    ]
}

extension Output {
    init(_ report: InterventionsReport) {
        self.init(Self.parts(report.interventions), notices: report.notices)
    }

    /// - Parameter limit: the number of rows that people see, the latest ones.
    static func parts(_ interventions: [InterventionRow], limit: Int = 40) -> [Part] {
        var table = Table(
            "interventions",
            [
                .right("number", "#"), .name("feature"), .name("edit"), .right("amount"), .data("open_ended"), .data("from"), .data("to"),
                .data("position"), Table.Column(key: "place", label: "position", alignment: .right, visibility: .textOnly),
                .left("token"), .right("old"), .right("new"),
            ],
            rows: interventions.flatMap(Self.rows))
        table.placeholder = "No interventions in force"
        if table.rows.count <= limit { return [.table(table)] }
        var (data, shown) = (table, table)
        data.visibility = .dataOnly
        shown.visibility = .textOnly
        shown.rows = Array(table.rows.suffix(limit))
        return [.table(data), .drawing("\(table.rows.count - limit) more before these; `interventions` lists all"), .table(shown)]
    }

    private static func rows(of row: InterventionRow) -> [[Value]] {
        let (name, amount) = spelling(of: row.edit)
        let start: [Value] = [
            .integer(row.number), .node(row.selector.feature, name: "\(row.selector)"), .text(name), amount.map(Value.activation) ?? .none,
            .flag(row.isOpenEnded), row.positions.isEmpty ? .none : .integer(row.positions.lowerBound),
            row.positions.isEmpty || row.isOpenEnded ? .none : .integer(row.positions.upperBound - 1),
        ]
        if row.changes.isEmpty { return [start + [.none, place(of: row), .none, .none, .none]] }
        return row.changes.map { change in
            let position = Value.integer(change.position)
            return start + [position, position, .token(change.token), .activation(change.old), .activation(change.new)]
        }
    }

    /// Where an intervention acts that reaches no position of the prompt.
    private static func place(of row: InterventionRow) -> Value {
        let positions = row.positions
        if positions.isEmpty { return .none }
        if row.isOpenEnded { return .text("from \(positions.lowerBound)") }
        return .text(positions.count == 1 ? "\(positions.lowerBound)" : "\(positions.lowerBound) to \(positions.upperBound - 1)")
    }

    private static func spelling(of edit: FeatureEdit) -> (name: String, amount: Float?) {
        switch edit {
        case .set(let value): ("set", value)
        case .zero: ("zero", nil)
        case .scale(let factor): ("scale", factor)
        case .add(let amount): ("add", amount)
        }
    }
}
