import Graphs
import Replacement
import Workbench

extension Command {
    static let set = editing(
        "set", [.required("VALUE", .number)], summary: "Sets a feature's activation to a value",
        example: Example("set 3/412@9 12.5", "at position 9")
    ) { arguments throws(ConsoleError) in .set(try arguments.positionals[1].number("a value")) }

    static let scale = editing(
        "scale", [.required("FACTOR", .number)], summary: "Sets a feature to so many times its own activation",
        example: Example("scale 3/412@-1 -2", "minus two times, at the last position")
    ) { arguments throws(ConsoleError) in .scale(try arguments.positionals[1].number("a factor")) }

    static let add = editing(
        "add", [.required("AMOUNT", .number)], summary: "Adds to a feature's activation",
        example: Example("add 3/412@5:8 1.5", "at positions 5, 6 and 7")
    ) { arguments throws(ConsoleError) in .add(try arguments.positionals[1].number("an amount")) }

    private static func editing(
        _ name: String, _ rest: [Parameter], summary: String, example: Example,
        edit: @escaping @Sendable (Arguments) throws(ConsoleError) -> FeatureEdit
    ) -> Command {
        Command(
            name, summary: summary, detail: editingDetail, examples: [example],
            parameters: [.required("FEATURE", .selector)] + rest, json: interventionKeys,
            action: .session { arguments, context in
                let selector = try arguments.positionals[0].featureSelector()
                return Output(try await context.session.intervene(try edit(arguments), on: [selector]))
            })
    }

    static let zero = Command(
        "zero", summary: "Sets features to zero", detail: editingDetail,
        examples: [Example("zero 3/412@9 4/77@*", "two features")],
        parameters: [.oneOrMore("FEATURE", .selector)], json: interventionKeys,
        action: .session { arguments, context in
            let selectors = try arguments.positionals.map { word throws(ConsoleError) in try word.featureSelector() }
            return Output(try await context.session.intervene(.zero, on: selectors))
        })

    static let unset = Command(
        "unset", summary: "Takes one intervention back", detail: "FEATURE is written as `interventions` lists it.",
        parameters: [.required("FEATURE", .selector)], json: interventionKeys,
        action: .session { arguments, context in
            Output(try await context.session.removeIntervention(try arguments.positionals[0].featureSelector()))
        })

    static let clear = Command(
        "clear", summary: "Takes all interventions back", detail: "`undo` brings them back.", json: interventionKeys,
        action: .session { _, context in Output(await context.session.clearInterventions()) })

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
        everywhere. No graph is needed. Shows the list in force; nothing is computed before `run`, `diff` or `generate`.
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
                .right("number", "#"), .left("feature"), .left("edit"), .right("amount"), .data("open_ended"),
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
