import ShownText
import Testing

@testable import Console

@Suite struct CommandTableTests {
    private let table = CommandTable.standard

    @Test(arguments: [("gen", "generate"), ("attr", "attribute"), ("feature", "feature"), ("exit", "quit"), ("?", "help"), ("!", "shell"), ("set", "set")])
    func `names may be shortened while they are unambiguous`(_ word: String, _ name: String) throws {
        #expect(try table.command(named: word, at: nil).name == name)
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let line: String
        let message: String
        var testDescription: String { line }
    }

    @Test(arguments: [
        Mistake(
            line: "featuers",
            message: """
                error: There is no command "featuers". Did you mean features?
                  featuers
                  ^~~~~~~~
                  (`help` lists the commands)

                """),
        Mistake(
            line: "  re 5",
            message: """
                error: "re" could be any of redo, record, replay.
                    re 5
                    ^~
                  (type more of it)

                """),
        Mistake(
            line: "xyzzy",
            message: """
                error: There is no command "xyzzy".
                  xyzzy
                  ^~~~~
                  (`help` lists the commands)

                """),
    ])
    func `other names are answered with what is near`(_ test: Mistake) {
        let range = TypedLine.name(in: test.line)!
        #expect(diagnosis(of: test.line) { _ = try table.command(named: String(test.line[range]), at: range) } == test.message)
    }

    @Test func `no two commands share a name, and each name finds its command, also one that others begin with`() throws {
        let names = table.commands.flatMap { [$0.name] + $0.aliases }
        #expect(Set(names).count == names.count)
        for command in table.commands {
            for name in [command.name] + command.aliases { #expect(try table.command(named: name, at: nil).name == command.name, "\(name)") }
        }
    }

    @Test func `every command explains itself`() {
        for command in table.commands {
            #expect(!command.summary.isEmpty && !command.summary.hasSuffix("."), "\(command.name)")
            #expect(command.usage.allSatisfy { $0.hasPrefix(command.name) || $0.hasPrefix("!") }, "\(command.name)")
            #expect(Set(command.json.map(\.key)).count == command.json.count, "\(command.name)")
            #expect(Set(command.options.map(\.name)).count == command.options.count, "\(command.name)")
        }
    }

    @Test func `help shows usage, detail, options and examples`() {
        #expect(
            Command.features.helpPage.text() == """
                Rank the graph's features.

                  features [N] [SET] [--layer L] [--position P] [--by ORDER]

                Ranks the features of SET, or all; N is 10 unless given. Influence is a
                feature's share of what reaches the targets over all paths. Direct is what it
                adds to the logit of the top target by itself. The last column lists the tokens
                that its decoder raises most. For a steered run's graph, another says which
                features were set.

                  --layer     only features of this layer, or of a range such as 3:6
                  --position  only features at this position, or in a range; -1 is the last,
                              " Dallas" the position of that token
                  --by        influence, activation or direct (influence)

                  features 20 --position -1 --by direct  what adds to the answer at the last
                                                         position
                """)
    }

    @Test func `help flows into the width of a terminal`() {
        #expect(
            Command.features.helpPage.text(width: 40) == """
                Rank the graph's features.

                  features [N] [SET] [--layer L]
                      [--position P] [--by ORDER]

                Ranks the features of SET, or all; N is
                10 unless given. Influence is a
                feature's share of what reaches the
                targets over all paths. Direct is what
                it adds to the logit of the top target
                by itself. The last column lists the
                tokens that its decoder raises most. For
                a steered run's graph, another says
                which features were set.

                  --layer     only features of this
                              layer, or of a range such
                              as 3:6
                  --position  only features at this
                              position, or in a range;
                              -1 is the last, " Dallas"
                              the position of that token
                  --by        influence, activation or
                              direct (influence)

                  features 20 --position -1 --by direct
                      what adds to the answer at the
                      last position
                """)
        for command in table.commands {
            let lines = command.helpPage.text(width: 40).split(separator: "\n")
            // A word that is longer than a line is left whole.
            #expect(
                lines.allSatisfy { $0.displayWidth <= 40 || !$0.trimmingPrefix(while: { $0 == " " }).contains(" ") || $0.contains("\"") }, "\(command.name)")
            #expect(command.helpPage.text(width: 200).split(separator: "\n").allSatisfy { $0.displayWidth <= 200 }, "\(command.name)")
        }
    }

    @Test func `every command stands in its group, and help lists the groups`() {
        #expect(
            table.groups.map { "\($0.group.rawValue): " + $0.commands.map(\.name).joined(separator: " ") } == [
                "Model: load status models inspect",
                "Prompt: prompt chat extend tokens top probs",
                "Graph: target plan attribute circuit verify prune",
                "Features: features edges path feature index label labels let show forget super supers",
                "Interventions: do swap set zero scale add unset clear undo redo interventions",
                "Runs: compare sweep run diff generate",
                "Files: save open session export import check serve store",
                "Scripts: foreach record replay expect echo source",
                "Console: format timing shell help apropos quit",
            ])
        let few = CommandTable(commands: [.quit, .load, .timing])
        let output = Output([.table(few.summaries)])
        #expect(
            output.rendered(as: .table, command: "help", style: RenderingStyle(width: 40)) == """
                Model
                load    Load a model with a transcoder
                        set

                Console
                quit    Exit
                timing  Show how long each command
                        takes, or stop

                """)
        #expect(
            output.rendered(as: .md, command: "help") == """
                **Model**

                | command | does |
                | --- | --- |
                | load | Load a model with a transcoder set |

                **Console**

                | command | does |
                | --- | --- |
                | quit | Exit |
                | timing | Show how long each command takes, or stop |


                """)
        #expect(
            output.rendered(as: .json, command: "help").raw.hasPrefix(
                #"{"command":"help","commands":[{"name":"load","group":"Model","summary":"Load a model with a transcoder set"},{"name":"quit","group":"Console","summary":"Exit"}"#
            ))
    }

    @Test func `apropos looks into summaries and details`() {
        #expect(table.mentioning("Divergence").map(\.name) == ["diff"])
        #expect(table.mentioning("xyzzy").isEmpty)
    }

    /// `circuit-tracer` writes the page; run it and commit the result when the table changes.
    @Test func `the committed reference page is what the table says`() throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let page = try text(ofFile: "/\(root)/docs/commands.md")
        #expect(page == commandReferencePage())
    }
}
