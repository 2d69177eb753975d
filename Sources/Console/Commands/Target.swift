import Workbench

extension Command {
    static let target = Command(
        "target", group: .graph, summary: "Set or show the attribution target",
        usage: ["target", "target TOKEN...", "target difference A B", "target concept TOKEN... / COUNTERPART...", "target top"],
        detail: """
            By default, a graph explains the most likely next tokens. It can also explain chosen tokens; a difference,
            by how much the logit of A exceeds the logit of B; or a concept, what some tokens have and their
            counterparts lack: the mean over the pairs of the token's unembedding vector minus its projection on the
            counterpart's. The target holds until another model is loaded; `attribute --target` overrides it once.
            """,
        examples: [
            Example(#"target " Austin" " Dallas""#, "two tokens"),
            Example(#"target difference " Austin" " Dallas""#, "why one and not the other"),
            Example(#"target concept " Austin" " Sacramento" / " Texas" " California""#, "capitals, and not their states"),
        ],
        parameters: [.optional("WHAT", .choice(["top", "difference", "concept"])), .anyNumber("TOKEN", .token)],
        options: directionOptions,
        json: [
            JSONKey("kind", "`top` (the most likely tokens), `tokens`, `difference` or `concept`"),
            JSONKey("tokens", "array of what it was set to, a concept's counterparts last"),
            JSONKey("targets", "array of objects with `target`, `id`, `weight` on the current prompt; empty without one"),
        ],
        action: .session { arguments, context in
            let words = arguments.positionals
            let direction = try direction(arguments)
            if direction != nil, let word = words.first { throw ConsoleError("The target is given more than once", at: word.range) }
            let report: TargetsReport
            if let request = try direction ?? (words.isEmpty ? nil : request(words)) {
                report = try await context.session.setTargets(request)
            } else {
                report = try await context.session.targets()
            }
            return Output([
                .fact("kind", "explains", .text(report.request.kind)),
                .fact("tokens", "tokens", .list(report.request.tokens.map { .text("\($0)") })),
                .table(.targets(report.targets ?? [], hasDirections: report.hasDirections)),
            ])
        })

    /// What `attribute` and `target` take besides tokens, spelled as on the program's command line.
    static let directionOptions = [
        OptionSpecification("--target-diff", "TOKEN", .token, "by how much the first token's logit exceeds the second's", takesMany: true),
        OptionSpecification("--target-concept", "\"A,B / C,D\"", .text, "what the first tokens have that their counterparts lack"),
    ]

    /// What one of those options says; nil without any.
    static func direction(_ arguments: Arguments) throws -> TargetRequest? {
        if let word = arguments.option("--target-diff") {
            if let other = arguments.option("--target-concept") { throw ConsoleError("The target is given more than once", at: other.range) }
            let pair = try tokens(arguments.values(of: "--target-diff")[...])
            guard pair.count == 2 else { throw ConsoleError("A difference is between two tokens, not \(pair.count)", at: word.range) }
            return .difference(pair[0], pair[1])
        }
        guard let word = arguments.option("--target-concept") else { return nil }
        do throws(SessionError) { return try TargetRequest(concept: word.text) } catch { throw ConsoleError(error.description, at: word.range) }
    }

    /// What the words of `target` or `--target` say.
    static func request(_ words: [Word]) throws(ConsoleError) -> TargetRequest {
        guard words[0].spelling == .bare, !words[0].text.hasPrefix("#") else { return .tokens(try tokens(words[...])) }
        let rest = words.dropFirst()
        switch try words[0].choice(of: ["top", "likeliest", "difference", "concept"]) {
        case "top", "likeliest":
            if let extra = rest.first { throw ConsoleError("`target \(words[0].text)` takes nothing more", at: extra.range) }
            return .mostLikely
        case "difference":
            let pair = try tokens(rest)
            guard pair.count == 2 else {
                throw ConsoleError("A difference is between two tokens, not \(pair.count)", at: words[0].range)
            }
            return .difference(pair[0], pair[1])
        default:
            let sides = rest.split(maxSplits: 1, omittingEmptySubsequences: false) { $0.text == "/" && $0.spelling == .bare }
            guard sides.count == 2 else {
                throw ConsoleError(
                    "A concept has tokens on both sides of a slash", at: words[0].range,
                    advice: #"for example: target concept " Austin" / " Texas""#)
            }
            return .concept(try tokens(sides[0]), counterparts: try tokens(sides[1]))
        }
    }

    private static func tokens(_ words: ArraySlice<Word>) throws(ConsoleError) -> [TokenReference] {
        try words.map { word throws(ConsoleError) in try word.token() }
    }
}

extension TargetRequest {
    fileprivate var tokens: [TokenReference] {
        switch self {
        case .mostLikely: []
        case .tokens(let tokens): tokens
        case .difference(let a, let b): [a, b]
        case .concept(let tokens, let counterparts): tokens + counterparts
        }
    }

    fileprivate var kind: String {
        switch self {
        case .mostLikely: "top"
        case .tokens: "tokens"
        case .difference: "difference"
        case .concept: "concept"
        }
    }
}
