import Workbench

extension Command {
    static let prompt = Command(
        "prompt", group: .prompt, summary: "Set the prompt, run it, and show its tokens and the most likely next ones",
        usage: ["prompt TEXT", "prompt \"TEXT\"", "prompt \"\"\""],
        detail: #"""
            TEXT is taken as it is. If it begins with a double quote, it is a JSON string, with the escapes \n, \t, \",
            \u00e9. Three double quotes begin a prompt of several lines, which ends at the next three. Between them
            nothing is an escape, and a line break right after the first three or right before the last three is not
            part of the prompt; such a prompt cannot continue from one `-c` to the next. The graph of the previous
            prompt is dropped. Interventions stay in force: the output lists what each acts on now, and the next tokens
            before and after. Those at positions after the end of the new prompt act on generated tokens.
            """#,
        examples: [
            Example("prompt Fact: the capital of the state containing Dallas is", "a prompt"),
            Example(#"prompt "Le contraire de \"petit\" est \"""#, "the same with quotes in it"),
        ],
        takesRawLine: true,
        json: promptKeys,
        action: .session { arguments, context in
            Output(try await context.session.setPrompt(try PromptText.read(arguments.rawText)))
        })

    static let extend = Command(
        "extend", group: .prompt, summary: "Append the most likely next tokens to the prompt",
        detail: """
            Appends N tokens, 1 unless given. Each is the most likely one of the model itself, without the
            interventions. The result becomes the prompt, as if it had been typed. If a token ends the text, it is not
            appended; the command stops there and says so. Interventions stay in force.
            """,
        examples: [Example("extend 5", "the prompt and five tokens more")],
        parameters: [.optional("N", .count)], json: promptKeys,
        action: .session { arguments, context in
            let count = try arguments.count(at: 0, of: "the number of tokens", default: 1)
            return Output(try await context.session.extend(by: count, progress: context.progress))
        })

    static let promptKeys =
        tokensKeys + [
            JSONKey("top", "array of the most likely next tokens: `rank`, `token`, `id`, `probability`, `logit`"),
            JSONKey("after", "the same with the interventions in force; only where there are any"),
            JSONKey("interventions", "what each acts on, as the command `interventions` has it; only where there are any"),
            JSONKey("from_store", "whether the features were in the store"),
        ]
}

extension Output {
    init(_ report: PromptReport) {
        self.init(
            [.table(.tokens(report.tokens))] + Self.nextTokens(report) + [
                .fact(Fact(key: "from_store", label: "", value: .flag(report.fromStore), visibility: .dataOnly, isVolatile: true))
            ],
            notices: report.notices)
    }

    /// The most likely ones; with interventions in force these too, and both sides.
    private static func nextTokens(_ report: PromptReport) -> [Part] {
        guard let after = report.after else { return [.table(.scores("top", report.top))] }
        var sides = Table.sides(before: report.top, after: after)
        sides.visibility = .textOnly
        return parts(report.interventions) + [
            .table(.scores("top", visibility: .dataOnly, report.top)), .table(.scores("after", visibility: .dataOnly, after)), .table(sides),
        ]
    }
}

/// The spellings of a prompt's text.
enum PromptText {
    static let fence = "\"\"\""

    /// - Parameter text: what follows the command's name.
    static func read(_ text: Substring) throws(ConsoleError) -> String {
        if text.hasPrefix(fence) { return try fenced(text) }
        guard text.unicodeScalars.first == "\"" else { return String(text) }
        let (prompt, end) = try JSONText.read(text.base, at: text.startIndex)
        if let extra = text.base[end...].firstIndex(where: { !$0.isWhitespace }) {
            throw ConsoleError(
                "There is more after the closing quote", at: extra..<text.endIndex,
                advice: #"a prompt that begins with a quote is a JSON string: write \" for a quote inside it"#)
        }
        return prompt
    }

    /// Whether the text begins a prompt of several lines that does not end in it.
    static func isUnfinished(_ text: Substring) -> Bool {
        text.hasPrefix(fence) && !text.dropFirst(fence.count).contains(fence)
    }

    /// Whether a further line of such a prompt holds its end.
    static func closes(_ line: String) -> Bool { line[...].contains(fence) }

    private static func fenced(_ text: Substring) throws(ConsoleError) -> String {
        var body = text.dropFirst(fence.count)
        guard let close = body.range(of: fence) else {
            throw ConsoleError("The prompt's closing \(fence) is missing", at: text.startIndex..<text.endIndex)
        }
        if let extra = body[close.upperBound...].firstIndex(where: { !$0.isWhitespace }) {
            throw ConsoleError("There is more after the closing \(fence)", at: extra..<text.endIndex)
        }
        body = body[..<close.lowerBound]
        if body.first == "\n" { body = body.dropFirst() }
        if body.last == "\n" { body = body.dropLast() }
        return String(body)
    }
}

extension Substring {
    fileprivate func contains(_ other: String) -> Bool { range(of: other) != nil }

    /// The first place of another text in this one, byte by byte: a combining mark after a quote does not hide it.
    fileprivate func range(of other: String) -> Range<Index>? {
        let wanted = Array(other.utf8)
        var start = utf8.startIndex
        while let found = utf8[start...].firstIndex(of: wanted[0]) {
            if utf8[found...].starts(with: wanted) { return found..<utf8.index(found, offsetBy: wanted.count) }
            start = utf8.index(after: found)
        }
        return nil
    }
}
