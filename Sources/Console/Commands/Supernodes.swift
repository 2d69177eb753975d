import Workbench

extension Command {
    static let `super` = Command(
        "super", group: .features, synonyms: ["group", "supernode"], summary: "Make a supernode of features, or change one",
        usage: [
            "super NAME = SET", "super NAME += SET", "super NAME -= SET", "super NAME -> CHILD...", "super rename NAME NEW", "super delete NAME",
        ],
        detail: """
            A supernode is a group of features under a name. The features are those that SET has at that moment, and they
            belong to this prompt and its graph. The page shows the same supernodes, and changes made there count here.
            The name can be used wherever a set can. Names of several words are written in double quotes. `->` says which
            supernodes its links in `circuit` are drawn to, in place of those that the graph's weights say. Lists what the
            supernode has now.
            """,
        examples: [
            Example("super Dallas = top(8,@9)", "the graph's eight most influential features at position 9"),
            Example("super Dallas -= 0/1042@9", "without one of them"),
            Example(#"super "say a capital" = feeds(" Austin",5)"#, "a name of several words"),
        ],
        parameters: [
            .required("NAME", .supernode), .optional("=", .choice(["=", "+=", "-=", "->"])), .anyNumber("SET", .set),
        ],
        repeatsWhatItChanged: true, json: supernodeKeys,
        action: .session { arguments, context in
            let report = try await changeSupernode(arguments, in: context.session)
            let words = arguments.positionals
            let changesMembers = words[1].spelling == .bare && ["=", "+=", "-="].contains(words[1].text)
            return changesMembers ? Output(report, changed: try await context.session.meaning(of: .named(words[0].text)), name: words[0].typed) : Output(report)
        })

    /// Does what `super` is asked for.
    static func changeSupernode(_ arguments: Arguments, in session: Session) async throws -> SupernodesReport {
        let words = arguments.positionals
        let name = words[0]
        guard words.count > 1 else {
            let isVerb = name.spelling == .bare && ["rename", "delete"].contains(name.text)
            let end = name.range.upperBound..<name.range.upperBound
            throw ConsoleError(isVerb ? "super \(name.text) needs the name of a supernode" : "=, +=, -= or -> should follow the name", at: end)
        }
        let sign = words[1]
        if sign.spelling == .bare {
            switch sign.text {
            case "=": return try await session.setSupernode(try name.supernodeName(), .replace, members(arguments))
            case "+=": return try await session.setSupernode(try name.supernodeName(), .add, members(arguments))
            case "-=": return try await session.setSupernode(try name.supernodeName(), .remove, members(arguments))
            case "->": return try await session.linkSupernode(try name.supernodeName(), to: words.dropFirst(2).map(\.text))
            default: break
            }
        }
        if name.spelling == .bare, name.text == "rename" {
            guard words.count > 2 else { throw ConsoleError("super rename needs a new name", at: sign.range, advice: "usage: super rename NAME NEW") }
            try checkEnd(words, 3)
            return try await session.renameSupernode(sign.text, to: try words[2].supernodeName())
        }
        if name.spelling == .bare, name.text == "delete" {
            try checkEnd(words, 2)
            return try await session.deleteSupernode(sign.text)
        }
        if name.spelling == .bare, name.text == "=" { throw ConsoleError("A name should come before =", at: name.range) }
        let equals = words.firstIndex { $0.text == "=" }
        throw ConsoleError(
            "=, +=, -= or -> should follow the name", at: sign.range,
            suggestion: equals.map { JSONText.quoted(words[..<$0].map(\.text).joined(separator: " ")) + " = ..." })
    }

    private static func members(_ arguments: Arguments) throws(ConsoleError) -> SetExpression {
        var parser = SetParser(arguments.positionals.dropFirst(2), line: arguments.line)
        let set = try parser.set()
        try parser.finish("super")
        return set
    }

    private static func checkEnd(_ words: [Word], _ count: Int) throws(ConsoleError) {
        if words.count > count { throw ConsoleError("super \(words[0].text) is complete before \(words[count].typed)", at: words[count].range) }
    }

    static let supers = Command(
        "supers", group: .features, summary: "List the supernodes, with how active each is",
        detail: """
            The activation is the mean over a supernode's features of what their encoders read with the interventions in
            force, as a share of what they read without. \(rerunDetail)
            """,
        json: supernodeKeys, action: .session { _, context in Output(try await context.session.supernodes()) })

    private static let supernodeKeys = [
        JSONKey(
            "supernodes",
            "array of objects with `name`, `features` (array of `LAYER/INDEX@POSITION`), `other_nodes` (tokens, errors and targets in it), `activation` (1 is as without interventions; null if nothing is active without), `children`"
        )
    ]
}

extension Word {
    /// What a supernode may be called.
    fileprivate func supernodeName() throws(ConsoleError) -> String {
        if text.isEmpty { throw ConsoleError("A name needs at least one character", at: range) }
        if text.first!.isWhitespace { throw ConsoleError("A name must begin with a letter or a sign, not with a space", at: range) }
        if text.typedName == text, SetName.keywords.contains(text) || SetCall.named(text) != nil {
            throw ConsoleError("\(text) is a word of the console; choose another name", at: range)
        }
        if spelling == .bare, text.typedName != text {
            throw ConsoleError("\(text) cannot be a name as it is", at: range, suggestion: JSONText.quoted(text))
        }
        return text
    }
}

extension Output {
    /// A supernode that was made or changed: people see its features, the first ones, and programs get all supernodes.
    init(_ report: SupernodesReport, changed: SetReport, name: String, limit: Int = 10) {
        var all = Self.table(report)
        all.visibility = .dataOnly
        var features = Self.features(changed.members.prefix(limit))
        features.visibility = .textOnly
        let more = changed.members.count - min(changed.members.count, limit)
        self.init([.table(all), .table(features)] + (more > 0 ? [.drawing("… and \(more) more; `show \(name)` lists all")] : []), notices: report.notices)
    }

    init(_ report: SupernodesReport) { self.init([.table(Self.table(report))], notices: report.notices) }

    private static func table(_ report: SupernodesReport) -> Table {
        var table = Table(
            "supernodes",
            [
                .name("name"), .text("features", alignment: .right), .data("features"), .data("other_nodes"),
                Table.Column(key: "activation", label: "activation", alignment: .right, bar: .share), .left("children", "links to"),
            ],
            rows: report.supernodes.map { row in
                let features = Value.list(row.features.map { .text("\($0)") })
                return [
                    .text(row.name), .integer(row.features.count), features, .integer(row.otherNodes), row.activation.map(Value.share) ?? .none,
                    row.children.isEmpty ? .none : .list(row.children.map(Value.text)),
                ]
            })
        table.placeholder = "No supernodes; `super NAME = SET` makes one"
        return table
    }
}
