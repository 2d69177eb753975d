import Graphs
import Workbench

extension Command {
    static let `let` = Command(
        "let", group: .features, summary: "Name a set of features, or list the names",
        usage: ["let", "let NAME = SET"],
        detail: """
            A name can be used wherever a set can. It stands for the set as typed, so on another prompt it may mean
            other features. SET may mention the previous meaning of NAME. Names have letters, digits, - and _.
            """,
        examples: [
            Example("let dallas = top(8,@9)", "the graph's eight most influential features at position 9"),
            Example("let dallas = dallas - 0/1042@9", "the same without one"),
        ],
        parameters: [.optional("NAME", .text), .optional("=", .text), .anyNumber("SET", .set)], repeatsWhatItChanged: true,
        json: setKeys + [JSONKey("sets", "without arguments: array of objects with `name`, `set`, `features` (null where they cannot be counted)")],
        action: .session { arguments, context in
            guard let (name, set) = try definition(arguments) else { return Output(await context.session.namedSets()) }
            return Output(try await context.session.define(name, as: set), limit: 10)
        })

    /// What `NAME = SET` says; nil without arguments.
    static func definition(_ arguments: Arguments) throws(ConsoleError) -> (name: String, set: SetExpression)? {
        guard let name = arguments[0] else { return nil }
        guard let equals = arguments[1], equals.text == "=" else {
            throw ConsoleError(
                "A set is named with =, a word of its own", at: arguments[1]?.range ?? name.range,
                suggestion: arguments.positionals.spacedDefinition ?? "let \(name.text) = top(10)")
        }
        guard name.spelling == .bare, SetName.isOne(name.text) else {
            throw ConsoleError("\(name.typed) cannot be a name: names have letters, digits, - and _, and begin with a letter", at: name.range)
        }
        if SetName.keywords.contains(name.text) || SetCall.named(name.text) != nil || CommandTable.standard.isCommand(name.text) {
            throw ConsoleError("\(name.text) is a word of the console; choose another name", at: name.range)
        }
        var parser = SetParser(arguments.positionals.dropFirst(2), line: arguments.line)
        let set = try parser.set()
        try parser.finish("let")
        return (name.text, set)
    }

    static let forget = Command(
        "forget", group: .features, summary: "Remove a name made by `let`", detail: "", parameters: [.required("NAME", .setName)],
        json: [JSONKey("sets", "those left: array of objects with `name`, `set`, `features`")],
        action: .session { arguments, context in Output(try await context.session.forget(arguments.positionals[0].text)) })

    static let show = Command(
        "show", group: .features, summary: "List the features of a set",
        detail: """
            Lists them with their activations on the prompt. `help sets` explains how sets are written.
            """,
        examples: [
            Example("show top(5,direct) & active(@-1)", "those of the five most direct that are active at the last position"),
            Example(#"show raises(" Texas",8)"#, "the eight active features that raise this token most"),
        ],
        parameters: [.oneOrMore("SET", .set)], json: setKeys,
        action: .session { arguments, context in
            var parser = arguments.sets()
            let set = try parser.set()
            try parser.finish("show")
            return Output(try await context.session.meaning(of: set))
        })

    private static let setKeys = [
        JSONKey("name", "the set's name, or null"), JSONKey("set", "the set as it was typed"),
        JSONKey("count", "its number of features, or null if that is not known yet"),
        JSONKey(
            "features",
            "array of objects with `feature` (`LAYER/INDEX@POSITIONS`), `tokens` and `activations` (one for each position of the prompt)"),
    ]
}

extension [Word] {
    /// `x=top(3)` as a line that `let` takes; nil where there is no `=`.
    fileprivate var spacedDefinition: String? {
        let typed = map(\.typed).joined(separator: " ")
        guard let equals = typed.firstIndex(of: "="), equals > typed.startIndex else { return nil }
        let (name, set) = (typed[..<equals].split(separator: " "), typed[equals...].drop { $0 == "=" || $0 == " " })
        return name.count == 1 && !set.isEmpty ? "let \(name[0]) = \(set)" : nil
    }
}

/// What `help sets` prints.
enum SetHelp {
    static let name = "sets"

    static let page = Page([
        .paragraph("Sets of features."),
        .terms([
            Page.Term("3/412@9", "feature 412 of layer 3 at position 9"),
            Page.Term("3/412", "wherever it is active"),
            Page.Term("3:6/*@9", "all active features of layers 3 to 5 at position 9"),
            Page.Term("*@-1", "all active features at the last position"),
            Page.Term("NAME", "what `let NAME = SET` named, or a supernode"),
        ]),
        .paragraph("Positions: \(Word.positionForms). Calls find features by what they do:"),
        .terms(SetCall.standard.map { Page.Term($0.usage, $0.summary) }),
        .paragraph(
            "N is \(defaultCount) unless given, ORDER is \(FeatureOrder.allCases.map(\.rawValue).joined(separator: ", ")). A call is one word, without spaces outside quotes; the order of its arguments does not matter."
        ),
        .paragraph(
            "Sets are combined from left to right with + (both), - (without) and & (in both), each a word of its own; brackets come first, as in A - (B + C). Terms side by side are added up. A set ends at the first number or keyword."
        ),
    ])
}

extension Output {
    /// - Parameter limit: the number of rows that people see, the first ones.
    init(_ report: SetReport, limit: Int = .max) {
        let table = Self.features(report.members)
        var (data, shown) = (table, table)
        data.visibility = .dataOnly
        shown.visibility = .textOnly
        shown.rows = Array(table.rows.prefix(limit))
        let more = table.rows.count - shown.rows.count
        let rows: [Part] = more > 0 ? [.table(data), .table(shown), .drawing("… and \(more) more; `show` lists all")] : [.table(table)]
        self.init(
            [
                .data("name", .optional(report.name)), .fact("set", report.name ?? "set", .text("\(report.set)")),
            ] + (report.isListed ? [.fact("count", "features", .integer(report.members.count))] + rows : [.data("count", .none), .table(data)]),
            notices: report.notices)
    }

    /// Features with their activations on the prompt.
    static func features(_ members: some Collection<SetReport.Member>) -> Table {
        Table(
            "features", [.name("feature"), .left("tokens", "token"), .right("activations", "activation")],
            rows: members.map { member in
                [.node(member.selector.feature, name: "\(member.selector)"), .tokens(member.tokens), .list(member.activations.map(Value.activation))]
            })
    }

    init(_ report: NamedSetsReport) {
        self.init([
            .table(
                Table(
                    "sets", [.left("name"), .left("set"), .right("features")],
                    rows: report.sets.map { [.text($0.name), .text("\($0.set)"), .optional($0.count)] }))
        ])
    }
}
