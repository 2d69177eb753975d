internal import ArgumentParser
internal import Console

/// The manual page, circuit-tracer.1, made from what the parser and the console's table of commands know, so that it says what they do.
func manualPage() throws -> String {
    let program = try CommandOutline.ofProgram()
    var page = Roff(title: "CIRCUIT-TRACER 1", date: Version.commitDate, source: Version.name)
    page.section("Name")
    page.line("circuit-tracer - \(sentencePart(program.abstract))")
    page.section("Synopsis")
    page.lines(CircuitTracer.configuration.usage?.split(separator: "\n").map(String.init) ?? [])
    page.section("Description")
    page.paragraphs(program.discussion ?? "")
    page.section("Options")
    page.options(program.sections)
    page.section("Subcommands")
    page.paragraphs("`circuit-tracer help SUBCOMMAND` says the same of one.")
    for subcommand in program.subcommands ?? [] where subcommand.shouldDisplay {
        page.subcommand(subcommand, isDefault: subcommand.commandName == program.defaultSubcommand)
    }
    page.section("Console")
    page.paragraphs(
        "What is typed in the console, and what `-c` and scripts hold. `help` lists the commands, `help COMMAND` explains one, `apropos WORD` searches. "
            + "`> FILE`, `>> FILE` and `| LINE` after a command send what it shows to a file, or to a line of the shell.")
    page.paragraphs(commandNotation())
    page.section("Console commands")
    for command in commandDescriptions() { page.consoleCommand(command) }
    page.section("Exit status")
    for status in CircuitTracer.exitStatuses { page.item("\(status.key)", status.value.capitalizedFirst + ".") }
    page.section("Environment")
    for variable in Surroundings.variables { page.item(variable.names.joined(separator: ", "), variable.meaning) }
    page.section("Files")
    for file in Surroundings.files { page.item(file.path, file.meaning) }
    page.section("Examples")
    for example in Surroundings.examples { page.item(example.line, example.meaning) }
    page.section("Licence")
    page.paragraphs(
        """
        The sources and the bundled model are under Apache-2.0. The program links GNU readline, so that as a whole it is distributed under \
        GPL-3.0-or-later. The licences are beside the bundled model.
        """)
    return page.text
}

extension Roff {
    fileprivate mutating func subcommand(_ command: CommandOutline, isDefault: Bool) {
        subsection(command.commandName)
        let arguments = (command.arguments ?? []).filter(\.shouldDisplay)
        let words = arguments.filter { $0.kind == .option && !$0.isOptional || $0.kind == .positional }.map(\.usage)
        lines(["circuit-tracer \((["\(command.commandName) [OPTION]..."] + words).joined(separator: " "))"])
        paragraphs(command.abstract ?? "")
        paragraphs(command.discussion ?? "")
        if isDefault { return paragraphs("Its options are the program's own, above.") }
        options(command.sections.map { ($0.title, $0.arguments.filter { !$0.isOfEveryCommand }) })
    }

    fileprivate mutating func options(_ sections: [(title: String?, arguments: [CommandOutline.Argument])]) {
        for section in sections {
            if let title = section.title { paragraphs(title + ":") }
            for argument in section.arguments { item(argument.term, argument.meaning) }
        }
    }

    fileprivate mutating func consoleCommand(_ command: CommandDescription) {
        subsection(command.name)
        lines(command.usage)
        paragraphs(command.summary + ".")
        paragraphs(command.detail)
        for option in command.options { item(option.usage, option.summary.capitalizedFirst + ".") }
        if !command.aliases.isEmpty { paragraphs("Also: " + command.aliases.map { "`\($0)`" }.joined(separator: ", ") + ".") }
        for example in command.examples { item(example.line, example.meaning.capitalizedFirst + ".") }
    }
}

extension CommandOutline.Argument {
    /// Several values are named as the parser's help would bracket them, `a> <b`.
    private var value: String { (valueName ?? "").uppercased().replacing("> <", with: " ") }

    /// With a value, as usage lines write it.
    fileprivate var usage: String {
        let word = kind == .positional ? value : "\(names?.first { $0.kind == "long" }?.spelled ?? names?.first?.spelled ?? "") \(value)"
        return (isOptional ? "[\(word)]" : word) + (isRepeating ? "..." : "")
    }

    /// Every spelling.
    fileprivate var term: String {
        guard kind != .positional else { return value }
        let spellings = (names ?? []).map(\.spelled).joined(separator: ", ")
        return kind == .flag ? spellings : "\(spellings) \(value)"
    }

    fileprivate var meaning: String {
        var parts = [abstract ?? ""]
        if let allValues { parts.append("One of \(allValues.joined(separator: ", ")).") }
        if let defaultValue { parts.append("(default: \(defaultValue))") }
        return parts.joined(separator: " ")
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

/// A sentence as part of another.
private func sentencePart(_ sentence: String?) -> String {
    guard let sentence, let first = sentence.first else { return "" }
    return first.lowercased() + (sentence.hasSuffix(".") ? sentence.dropFirst().dropLast() : sentence.dropFirst())
}
