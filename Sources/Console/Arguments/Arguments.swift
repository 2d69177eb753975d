internal import Checkpoints

/// A command line's words, matched with what the command takes; their number is checked, their meaning is not yet.
struct Arguments: Sendable {
    /// The whole line.
    let line: String
    /// What follows the command's name and one space, untouched.
    let rawText: Substring
    private(set) var positionals: [Word] = []
    private var options: [String: [Word]] = [:]

    /// The positional argument in that place, if there is one.
    subscript(place: Int) -> Word? { place < positionals.count ? positionals[place] : nil }

    /// An option's value; for a switch, the switch itself.
    func option(_ name: String) -> Word? { options[name]?.first }

    /// All values of an option that takes many.
    func values(of name: String) -> [Word] { options[name] ?? [] }

    /// - Parameter afterName: where in the line the command's name ends.
    init(_ line: String, after afterName: String.Index, for command: Command) throws(ConsoleError) {
        self.line = line
        rawText = line[afterName...].hasPrefix(" ") ? line[afterName...].dropFirst() : line[afterName...]
        if command.takesRawLine { return }
        let words = try Lexer.words(of: line, from: afterName)
        var rest = words[...]
        while let word = rest.popFirst() {
            if word.isOption {
                try take(word, followedBy: &rest, options: command.options)
            } else {
                positionals.append(word)
            }
        }
        try checkCount(for: command)
    }

    private mutating func take(
        _ word: Word, followedBy rest: inout ArraySlice<Word>, options known: [OptionSpecification]
    ) throws(ConsoleError) {
        let option = try Self.resolve(word, among: known)
        if options[option.name] != nil { throw ConsoleError("\(option.name) is given twice", at: word.range) }
        guard let valueName = option.value else {
            if let value = rest.first, value.isAttached { throw ConsoleError("\(option.name) takes no value", at: value.range) }
            options[option.name] = [word]
            return
        }
        var values: [Word] = []
        while let value = rest.first, !value.isOption, option.takesMany || values.isEmpty {
            values.append(value)
            rest.removeFirst()
        }
        if values.isEmpty || values[0].range.isEmpty { throw ConsoleError("\(option.name) needs its value \(valueName)", at: word.range) }
        options[option.name] = values
    }

    /// The option of that name or with that unambiguous beginning.
    private static func resolve(
        _ word: Word, among known: [OptionSpecification]
    ) throws(ConsoleError) -> OptionSpecification {
        if let exact = known.first(where: { $0.name == word.text }) { return exact }
        let candidates = known.filter { $0.name.hasPrefix(word.text) }
        if candidates.count == 1 { return candidates[0] }
        if candidates.count > 1 {
            let names = candidates.map(\.name).joined(separator: ", ")
            throw ConsoleError("\(word.text) could be any of \(names)", at: word.range)
        }
        throw ConsoleError(
            "There is no option \(word.text) here", at: word.range,
            suggestion: nearest(to: word.text, among: known.map(\.name)),
            advice: known.isEmpty ? "this command takes no options" : "options: " + known.map(\.name).joined(separator: ", "))
    }

    private func checkCount(for command: Command) throws(ConsoleError) {
        let parameters = command.parameters
        if let missing = parameters.dropFirst(positionals.count).first(where: { !$0.arity.takesNone }) {
            throw ConsoleError("\(command.name) needs \(missing.usage)", advice: "usage: " + command.usage.joined(separator: " or "))
        }
        for (number, parameter) in parameters.enumerated() where parameter.kind == .prompt && number < positionals.count {
            _ = try positionals[number].quotedPrompt(before: positionals[(number + 1)...])
        }
        let takesMany = parameters.contains(where: \.takesMany)
        if !takesMany, positionals.count > parameters.count {
            let extra = positionals[parameters.count]
            let taken = parameters.isEmpty ? "no arguments" : "only " + parameters.map(\.usage).joined(separator: " ")
            throw ConsoleError("\(command.name) takes \(taken)", at: extra.range, advice: "usage: " + command.usage.joined(separator: " or "))
        }
    }
}
