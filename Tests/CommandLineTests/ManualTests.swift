import Foundation
import TestSupport
import Testing

@testable import circuit_tracer

/// The manual page that is installed.
@Suite(.ownThreads) struct ManualTests {
    private let folder: TemporaryFolder
    private let lines: [String]

    init() throws {
        folder = try TemporaryFolder()
        #expect(try Program(shell: #""$CT" reference --man >page.1"#, in: folder.url).status == 0)
        lines = try String(contentsOf: folder["page.1"], encoding: .utf8).split(separator: "\n").map(String.init)
    }

    /// The titles of a section's parts, and each part's lines, without roff's spelling of hyphens.
    private func parts(of section: String) -> [(title: String, lines: [String])] {
        var parts: [(title: String, lines: [String])] = []
        let body = lines.drop { $0 != ".SH " + section }.dropFirst().prefix { !$0.hasPrefix(".SH ") }
        for line in body.map({ $0.replacing("\\-", with: "-") }) {
            if line.hasPrefix(".SS ") {
                parts.append((String(line.dropFirst(4)), []))
            } else if !parts.isEmpty {
                parts[parts.count - 1].lines.append(line)
            }
        }
        return parts
    }

    @Test func `every subcommand has a part with its options, and every command of the console has one`() throws {
        #expect(try Program(shell: #""$CT" --experimental-dump-help >outline.json"#, in: folder.url).status == 0)
        struct Dump: Decodable { let command: CommandOutline }
        let program = try JSONDecoder().decode(Dump.self, from: Data(contentsOf: folder["outline.json"])).command
        let subcommands = try #require(program.subcommands).filter(\.shouldDisplay)
        let described = parts(of: "SUBCOMMANDS")
        #expect(described.map(\.title) == subcommands.map(\.commandName) && described.count > 10)
        for (part, subcommand) in zip(described, subcommands) where subcommand.commandName != program.defaultSubcommand {
            let terms = part.lines.filter { $0.hasPrefix("\\fB-") }
            for argument in subcommand.arguments ?? [] where argument.shouldDisplay && argument.kind != .positional && !argument.isOfEveryCommand {
                let names = try #require(argument.names).map(\.spelled).joined(separator: ", ")
                #expect(terms.count { $0 == "\\fB\(names)\\fR" || $0.hasPrefix("\\fB\(names) ") } == 1, "\(part.title) \(names)")
            }
        }
        let page = try String(contentsOf: Fixtures.root.appending(path: "docs/commands.md"), encoding: .utf8)
        let commands = page.split(separator: "\n").filter { $0.hasPrefix("## ") }.map { String($0.dropFirst(3)) }
        #expect(parts(of: "CONSOLE COMMANDS").map(\.title) == commands && commands.count > 40)
    }

    @Test func `nothing in it is a macro by accident`() {
        let macros = Set(lines.filter { $0.hasPrefix(".") || $0.hasPrefix("'") }.map { String($0.prefix { $0 != " " }) })
        #expect(macros == [".TH", ".nh", ".ad", ".SH", ".SS", ".PP", ".TP", ".nf", ".fi"])
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/man"))) func `man shows it without a warning`() throws {
        let shown = try Program(
            shell: "man --warnings -E UTF-8 -l page.1 >shown", in: folder.url, variables: ["MANWIDTH": "140", "MANPAGER": "cat", "LC_ALL": "C.UTF-8"])
        #expect(shown.status == 0 && shown.errors == "")
        let text = try String(contentsOf: folder["shown"], encoding: .utf8).split(separator: "\n").map(String.init)
        #expect(text.contains("       circuit-tracer - see why a language model said something, and test the explanation"))
        #expect(text.contains("       circuit-tracer plan [OPTION]... --prompt PROMPT --transcoder_set TRANSCODER_SET"))
        let titles = text.filter { $0.hasPrefix("   ") && !$0.hasPrefix("    ") }.map { String($0.dropFirst(3)) }
        #expect(titles == parts(of: "SUBCOMMANDS").map(\.title) + parts(of: "CONSOLE COMMANDS").map(\.title))
    }

    @Test func `the variables that it names are those that the program reads`() throws {
        var sources = ""
        let files = try #require(FileManager.default.enumerator(at: Fixtures.root.appending(path: "Sources"), includingPropertiesForKeys: nil))
        for case let file as URL in files where file.pathExtension == "swift" && file.lastPathComponent != "Surroundings.swift" {
            sources += try String(contentsOf: file, encoding: .utf8)
        }
        for name in Surroundings.variables.flatMap(\.names) { #expect(sources.contains("\"\(name)\""), "\(name)") }
    }
}
