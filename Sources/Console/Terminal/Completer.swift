import Workbench

/// The names that completion offers; they come from the session while the prompt waits.
struct CompletionNames: Sendable {
    /// Sites in the graph or the prompt that begin with a text, for example `3/412@9`.
    var features: @Sendable (String) -> [String] = { _ in [] }
    /// Texts of tokens that begin with a text.
    var tokens: @Sendable (String) -> [String] = { _ in [] }
    var models: @Sendable (String) -> [String] = { _ in [] }
    /// Sets that `let` named.
    var sets: @Sendable (String) -> [String] = { _ in [] }
    var supernodes: @Sendable (String) -> [String] = { _ in [] }
}

/// What can be completed at the cursor.
enum Completions: Equatable {
    case words([String])
    /// Files of the system.
    case files
}

/// Finds completions from the command table.
struct Completer: Sendable {
    let table: CommandTable
    let names: CompletionNames

    /// - Parameters:
    ///   - before: the line up to the word; ends with a quote where the word is quoted, with `=` where it is attached.
    ///   - text: the word so far, without its opening quote.
    func completions(before: String, text: String) -> Completions {
        var before = before
        let isQuoted = before.unicodeScalars.last == "\""
        if isQuoted { before.unicodeScalars.removeLast() }
        if before.hasSuffix("=") { before.removeLast() }
        guard let words = try? Lexer.words(of: before) else { return .words([]) }
        guard let first = words.first else { return .words(commandNames(text)) }
        guard let command = try? table.command(named: first.text, at: nil) else { return .words([]) }
        if text.hasPrefix("--"), !isQuoted { return .words(options(of: command, beginning: text, besides: words)) }
        if let sign = words.last, sign.spelling == .bare, [">", ">>"].contains(sign.text) { return .files }
        guard let kind = kind(ofWordAfter: words.dropFirst(), in: command) else { return .words([]) }
        return completions(of: kind, text: text, isQuoted: isQuoted)
    }

    private func commandNames(_ text: String) -> [String] { table.commands.map(\.name).filter { $0.hasPrefix(text) } }

    private func options(of command: Command, beginning text: String, besides words: [Word]) -> [String] {
        command.options.map(\.name).filter { name in name.hasPrefix(text) && !words.contains { $0.text == name } }
    }

    /// What the next word would be: an option's value or the next argument.
    private func kind(ofWordAfter words: ArraySlice<Word>, in command: Command) -> ArgumentKind? {
        var argumentCount = 0
        var pending: OptionSpecification?
        for word in words {
            if word.isOption {
                pending = command.options.first { $0.name.hasPrefix(word.text) && $0.value != nil }
            } else if let option = pending {
                if !option.takesMany { pending = nil }
            } else {
                argumentCount += 1
            }
        }
        if let pending { return pending.kind }
        if argumentCount < command.parameters.count { return command.parameters[argumentCount].kind }
        return command.parameters.last { $0.takesMany }?.kind
    }

    private func completions(of kind: ArgumentKind, text: String, isQuoted: Bool) -> Completions {
        switch kind {
        case .file: .files
        case .command: .words(commandNames(text))
        case .choice(let words): .words(words.filter { $0.hasPrefix(text) })
        case .model: .words(names.models(text))
        // A token in a position or a call.
        case .set: .words(isQuoted ? supernodes(text, isQuoted: true) + tokens(text, isQuoted: true) : sets(text))
        case .setName: .words(names.sets(text))
        case .supernode: .words(supernodes(text, isQuoted: isQuoted))
        case .node: isQuoted ? .words(tokens(text, isQuoted: true)) : .words(sets(text))
        case .token: .words(tokens(text, isQuoted: isQuoted))
        case .position: .words(isQuoted ? tokens(text, isQuoted: true) : [])
        case .count, .number, .layers, .text, .prompt: .words([])
        }
    }

    /// Tokens as JSON spells them; inside quotes without the quotes, which the line editor closes.
    private func tokens(_ text: String, isQuoted: Bool) -> [String] {
        if !isQuoted { return text.isEmpty ? names.tokens("").map(JSONText.quoted) : [] }
        let closed = "\"\(text)\""
        guard let (prefix, _) = try? JSONText.read(closed, at: closed.startIndex) else { return [] }
        return names.tokens(prefix).map { JSONText.escaped($0) }.filter { $0.hasPrefix(text) }
    }

    /// Supernodes' names as they are typed; inside quotes without the quotes.
    private func supernodes(_ text: String, isQuoted: Bool) -> [String] {
        if !isQuoted { return names.supernodes(text).filter { $0.typedName == $0 } }
        return names.supernodes("").map { JSONText.escaped($0) }.filter { $0.hasPrefix(text) }
    }

    /// What a set goes on with: a term, after brackets too, or a feature among the arguments of a call.
    private func sets(_ text: String) -> [String] {
        if let mark = text.lastIndex(where: { $0 == "(" || $0 == "," }) {
            let (head, tail) = (String(text[...mark]), String(text[mark...].dropFirst()))
            return (head.allSatisfy { $0 == "(" } ? sets(tail) : names.features(tail)).map { head + $0 }
        }
        return names.sets(text) + supernodes(text, isQuoted: false) + SetCall.standard.map { $0.name + "(" }.filter { $0.hasPrefix(text) }
            + names.features(text)
    }
}
