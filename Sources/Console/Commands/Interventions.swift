import Graphs
import Replacement
import Workbench

extension Command {
    static let set = editing(
        "set", "VALUE", summary: "Sets features' activations to values",
        examples: [Example("set 3/412@9 12.5", "at position 9"), Example("set 3/412@9 12.5 4/77@-1 0", "two features at once")]
    ) { word throws(ConsoleError) in .set(try word.number("a value")) }

    static let scale = editing(
        "scale", "FACTOR", summary: "Sets features to so many times their own activations",
        examples: [Example("scale 3/412@-1 -2", "minus two times, at the last position")]
    ) { word throws(ConsoleError) in .scale(try word.number("a factor")) }

    static let add = editing(
        "add", "AMOUNT", summary: "Adds to features' activations",
        examples: [Example("add 3/412@5:8 1.5", "at positions 5, 6 and 7")]
    ) { word throws(ConsoleError) in .add(try word.number("an amount")) }

    private static func editing(
        _ name: String, _ number: String, summary: String, examples: [Example],
        edit: @escaping @Sendable (Word) throws(ConsoleError) -> FeatureEdit
    ) -> Command {
        Command(
            name, summary: summary, detail: editingDetail, examples: examples,
            parameters: [.oneOrMorePairs("FEATURE", .selector, number)], json: interventionKeys,
            action: .session { arguments, context in
                var requests: [InterventionRequest] = []
                for place in stride(from: 0, to: arguments.positionals.count, by: 2) {
                    let selector = try arguments.positionals[place].featureSelector()
                    requests.append(InterventionRequest(selector, try edit(arguments.positionals[place + 1])))
                }
                return Output(try await context.session.intervene(requests))
            })
    }

    static let zero = Command(
        "zero", summary: "Sets features to zero", detail: editingDetail,
        examples: [Example("zero 3/412@9 4/77@*", "two features")],
        parameters: [.oneOrMore("FEATURE", .selector)], json: interventionKeys,
        action: .session { arguments, context in
            let requests = try arguments.positionals.map { word throws(ConsoleError) in
                InterventionRequest(try word.featureSelector(), .zero)
            }
            return Output(try await context.session.intervene(requests))
        })

    static let unset = Command(
        "unset", summary: "Takes one intervention back", detail: "FEATURE is written as `interventions` lists it.",
        parameters: [.required("FEATURE", .selector)], json: interventionKeys,
        action: .session { arguments, context in
            Output(try await context.session.removeIntervention(try arguments.positionals[0].featureSelector()))
        })

    static let clear = Command(
        "clear", summary: "Takes all interventions back", detail: "It says how many there were; `undo` brings them back.",
        json: interventionKeys, action: .session { _, context in Output(await context.session.clearInterventions()) })

    static let undo = Command(
        "undo", summary: "Undoes the last change to the interventions", detail: "Again and again, back to the first.",
        json: interventionKeys, action: .session { _, context in Output(try await context.session.undo()) })

    static let redo = Command(
        "redo", summary: "Does again what `undo` undid", detail: "", json: interventionKeys,
        action: .session { _, context in Output(try await context.session.redo()) })

    static let interventions = Command(
        "interventions", summary: "Lists the interventions in force, with old and new values",
        detail: "One line for every position of the prompt that an intervention reaches.", json: interventionKeys,
        action: .session { _, context in Output(try await context.session.interventions()) })

    private static let editingDetail = """
        FEATURE is LAYER/INDEX@POSITIONS: @4, @-1 the last, @5:8 from 5 up to 8, @9: from 9 on and in generated tokens, @*
        everywhere but at the zeroed positions, where a feature can be set only by naming the position. No graph is needed.
        A later edit of the same feature at the same positions takes the earlier one's place; where two overlap, the later
        one holds. Shows the list in force; nothing is computed before `run`, `diff` or `generate`.
        """

    private static let interventionKeys = [
        JSONKey(
            "interventions",
            "array of objects, one for every position reached, with `number`, `feature`, `edit` (`set`, `zero`, `scale`, `add`), `amount`, `open_ended` (acts on generated tokens too), `position`, `token`, `old`, `new`"
        )
    ]
}

extension Output {
    init(_ report: InterventionsReport) {
        let table = Table(
            "interventions",
            [
                .right("number", "#"), .name("feature"), .name("edit"), .right("amount"), .data("open_ended"),
                .right("position"), .left("token"), .right("old"), .right("new"),
            ],
            rows: report.interventions.flatMap(Self.rows))
        self.init([.table(table)], notices: report.notices)
    }

    private static func rows(of row: InterventionRow) -> [[Value]] {
        let (name, amount) = spelling(of: row.edit)
        let start: [Value] = [
            .integer(row.number), .text("\(row.selector)"), .text(name), amount.map(Value.activation) ?? .none,
            .flag(row.isOpenEnded),
        ]
        if row.changes.isEmpty { return [start + [.none, .none, .none, .none]] }
        return row.changes.map { change in
            start + [.integer(change.position), .token(change.token), .activation(change.old), .activation(change.new)]
        }
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
