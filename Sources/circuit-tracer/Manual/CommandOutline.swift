internal import ArgumentParser
internal import Foundation

/// What the parser tells of the program or of a subcommand when it dumps its help as JSON.
struct CommandOutline: Decodable {
    let commandName: String
    let abstract: String?
    let discussion: String?
    let shouldDisplay: Bool
    let defaultSubcommand: String?
    let subcommands: [CommandOutline]?
    let arguments: [Argument]?

    struct Argument: Decodable {
        let kind: Kind
        let names: [Name]?
        let valueName: String?
        let abstract: String?
        let defaultValue: String?
        let allValues: [String]?
        /// The group that it belongs to.
        let sectionTitle: String?
        let isOptional: Bool
        let isRepeating: Bool
        let shouldDisplay: Bool

        /// The parser's own, which every subcommand has.
        var isOfEveryCommand: Bool { names?.contains { ["help", "version"].contains($0.name) } ?? false }
    }

    enum Kind: String, Decodable { case flag, option, positional }

    struct Name: Decodable {
        let kind: String
        let name: String

        /// With its dashes.
        var spelled: String { kind == "long" ? "--" + name : "-" + name }
    }

    /// Of the program, with its subcommands.
    static func ofProgram() throws -> CommandOutline {
        struct Dump: Decodable { let command: CommandOutline }
        return try JSONDecoder().decode(Dump.self, from: Data(OfferedProgram._dumpHelp().utf8)).command
    }

    /// That help shows, by the titles of their groups, those of no group first.
    var sections: [(title: String?, arguments: [Argument])] {
        let shown = (arguments ?? []).filter(\.shouldDisplay)
        var titles: [String?] = [nil]
        for argument in shown where !titles.contains(argument.sectionTitle) { titles.append(argument.sectionTitle) }
        return titles.map { title in (title, shown.filter { $0.sectionTitle == title }) }
    }
}
