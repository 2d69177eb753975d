import GraphFiles
import Graphs
import Replacement
import Workbench

/// A part of a session's file: the commands that stand for a part of a session, and how they put it back. What no section writes, no session's
/// file may hold.
struct SessionSection: Sendable {
    /// Those that it writes, and may read.
    let commands: [Command]
    /// Their options that it may read.
    var options: Set<String> = []
    /// The part as somebody would type it. `graphName` is the name of the graph's file.
    let lines: @Sendable (_ saved: SavedSession, _ graphName: String?) -> [String]
    /// Puts back what one of the lines says, in a session that is being built up. It neither runs nor writes anything that the line names.
    ///
    /// - Returns: what is worth knowing about it.
    let restore: @Sendable (_ arguments: Arguments, _ command: Command, _ place: Place) async throws -> [String]

    /// Where a line's part goes.
    struct Place: Sendable {
        /// Being built up.
        let session: Session
        /// Of the session's file.
        let path: String
    }

    /// In the order in which a file has them: each may depend on those before it.
    static let all: [SessionSection] = [.model, .prompt, .targets, .graph, .supernodes, .names, .interventions, .runOptions, .labels]

    /// The section that a command belongs to, by its whole name.
    static func section(ofCommand name: some StringProtocol) -> (section: SessionSection, command: Command)? {
        for section in all {
            if let command = section.commands.first(where: { $0.name == name }) { return (section, command) }
        }
        return nil
    }
}

extension SessionSection {
    static let model = SessionSection(commands: [.load]) { saved, _ in
        saved.loaded.map { [line(.load, [word($0.model)] + ($0.set.map { [word($0)] } ?? []))] } ?? []
    } restore: { arguments, _, place in
        // `load` alone may mean something else tomorrow.
        guard let model = arguments[0] else { throw ConsoleError("A session names its model") }
        return try await place.session.load(model: model.text, transcoders: arguments[1]?.text).notices
    }

    static let prompt = SessionSection(commands: [.prompt, .chat, .tokens], options: Set(Command.chat.options.map(\.name))) { saved, _ in
        switch saved.prompt {
        case nil: []
        case .text(let text): ["\(Command.prompt.name) \(PromptText.typed(text))"]
        case .tokens(let ids): [line(.tokens, ids.map { "#\($0)" })]
        case .chat(let turns, let options): [line(.chat, turns.flatMap { [$0.role.rawValue, JSONText.quoted($0.text)] } + words(options))]
        }
    } restore: { arguments, command, place in
        if command.name == Command.chat.name {
            return try await place.session.setChat(try Command.turns(arguments), try Command.chatOptions(arguments)).prompt.notices
        }
        if command.name == Command.tokens.name {
            if arguments.positionals.isEmpty { throw ConsoleError("A session names the prompt's tokens") }
            return try await place.session.setPrompt(of: Command.promptTokens(arguments)).notices
        }
        return try await place.session.setPrompt(try PromptText.read(arguments.rawText)).notices
    }

    static let targets = SessionSection(commands: [.target]) { saved, _ in
        switch saved.targets {
        case .mostLikely: []
        case .tokens(let tokens): [line(.target, tokens.map(\.description))]
        case .difference(let a, let b): [line(.target, ["difference", "\(a)", "\(b)"])]
        case .concept(let tokens, let counterparts):
            [line(.target, ["concept"] + tokens.map(\.description) + ["/"] + counterparts.map(\.description))]
        }
    } restore: { arguments, _, place in
        guard !arguments.positionals.isEmpty else { throw ConsoleError("A session says what its target is") }
        _ = try await place.session.setTargets(Command.request(arguments.positionals))
        return []
    }

    static let graph = SessionSection(commands: [.open]) { _, graphName in
        graphName.map { [line(.open, [word($0)])] } ?? []
    } restore: { arguments, _, place in
        try await place.session.restoreGraph(arguments.positionals[0].text, besides: place.path)
    }

    static let supernodes = SessionSection(commands: [.super]) { saved, _ in
        saved.supernodes.map { line(.super, [$0.name.typedName, "="] + $0.sites.map { "\($0)" }) }
            + saved.supernodes.filter { !$0.children.isEmpty }.map { line(.super, [$0.name.typedName, "->"] + $0.children.map(\.typedName)) }
    } restore: { arguments, _, place in
        try await Command.changeSupernode(arguments, in: place.session).notices
    }

    static let names = SessionSection(commands: [.let]) { saved, _ in
        saved.names.map { line(.let, [$0.name, "=", "\($0.set)"]) }
    } restore: { arguments, _, place in
        guard let definition = try Command.definition(arguments) else { throw ConsoleError("A session says what a name means") }
        _ = try await place.session.define(definition.name, as: definition.set)
        return []
    }

    static let interventions = SessionSection(commands: [.set, .zero, .scale, .add]) { saved, _ in
        saved.interventions.map { intervention in
            let selector = "\(intervention.selector)"
            return switch intervention.edit {
            case .set(let value): line(.set, [selector, number(value)])
            case .zero: line(.zero, [selector])
            case .scale(let factor): line(.scale, [selector, number(factor) + "x"])
            case .add(let amount): line(.add, [selector, number(amount)])
            }
        }
    } restore: { arguments, command, place in
        // Other prompts may be in files of this machine.
        if let word = arguments.positionals.first(where: { $0.spelling == .bare && $0.text == "from" }) {
            throw ConsoleError("A session has the values of features as numbers", at: word.range)
        }
        if let word = try arguments.positionals.first(where: { try $0.multipleOfLargest() != nil }) {
            throw ConsoleError("A session has the values of features as numbers", at: word.range)
        }
        let edits = try command.name == Command.zero.name ? Command.zeroedSet(arguments) : Command.edits(arguments, of: command.name)
        try await place.session.restore(edits)
        return []
    }

    static let runOptions = SessionSection(commands: [.run], options: Set(Command.runOptions.map(\.name))) { saved, _ in
        let options = saved.runOptions
        if options == RunOptions() { return [] }
        let layers = options.constrainedLayers.map { ["--constrain", "\($0.lowerBound):\($0.upperBound)"] } ?? []
        return [line(.run, ["--freeze-attention", options.freezeAttention ? "on" : "off"] + layers)]
    } restore: { arguments, _, place in
        try await place.session.restore(arguments.runOptions())
        return []
    }

    /// `label FEATURE "TEXT"`, with `suggested` after it where nobody has accepted the label. They are shown, and not written.
    static let labels = SessionSection(commands: [.label]) { saved, _ in
        saved.labels.map { feature, label in
            Self.line(.label, ["\(feature)", JSONText.quoted(label.text)] + (label.isSuggested ? ["suggested"] : []))
        }
    } restore: { arguments, _, place in
        let words = arguments.positionals
        guard (2...3).contains(words.count), let feature = FeatureID(words[0].text), words[1].spelling != .bare,
            words.count == 2 || words[2].text == "suggested"
        else { throw ConsoleError(#"A session's label is a feature, a text in quotes, and nothing or `suggested`: label 3/412 "Texas""#) }
        try await place.session.restore(words[1].text, isSuggested: words.count == 3, of: feature)
        return []
    }

    // MARK: - Spelling

    private static func line(_ command: Command, _ words: [String]) -> String { ([command.name] + words).joined(separator: " ") }

    /// Those options of a conversation that are not the usual ones.
    private static func words(_ options: ChatOptions) -> [String] {
        (options.date == .usual ? [] : ["--date", options.date.text]) + (options.allowsThinking ? [] : ["--no-thinking"])
    }

    /// The shortest decimal that reads back as the same bits.
    private static func number(_ value: Float) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// A word as it is typed: in quotes where it would not be read as it is.
    static func word(_ text: String) -> String {
        let words = try? Lexer.words(of: text)
        let isPlain = words?.count == 1 && words?[0].spelling == .bare && words?[0].text == text && words?[0].isOption == false
        return isPlain && !Redirection.isSign(text) && JSONText.escaped(text) == text ? text : JSONText.quoted(text)
    }
}
