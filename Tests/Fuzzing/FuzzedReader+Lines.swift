import Foundation

@testable import Console

extension FuzzedReader {
    static let transcript = FuzzedReader(
        "transcript", words: ["> ", "... ", "# needs ", "# tolerance 1e-3 relative", "\\> ", "prompt \"\"\"", "\"\"\"", "\r\n", "\u{FEFF}", "error: "],
        written: {
            [
                "# needs atlas\n# tolerance 1e-3 relative, 1e-4 absolute\n\n> prompt \"\"\"\n... a\n... b\"\"\"\noutput\n\\> shown\n> status\nerror: none\n"
            ].map { Array($0.utf8) }
        }
    ) { bytes in
        let transcript = try TranscriptParser.parse(bytes: bytes)
        // A carriage return at a line's end is the line's, as on Windows.
        for case .step(let step) in transcript.items where !([step.command] + step.output).contains(where: { $0.utf8.last == 13 }) {
            let again = try TranscriptParser.parse(Transcript.Item.step(step).text)
            guard case .step(var read)? = again.items.first, again.items.count == 1 else { throw BrokenLaw(description: "\(step) is read as \(again.items)") }
            read.line = step.line
            try require(read == step, "\(step) is read as \(read)")
        }
    }

    /// A saved session, up to where it needs a model. What a stranger's may not do, none of its lines does.
    static let session = FuzzedReader(
        "session",
        words: SessionSection.all.flatMap(\.commands).map { "\n\($0.name) " }
            + [
                "# circuit-tracer session 1\n", "\nshell ", "\n!", " > ", " | ", "\"", "\\u", "#", "--transcoders ", "--constrain 0:4", "from mean ", "../",
                " suggested",
                "\r\n", "\u{FEFF}",
            ],
        written: {
            [
                """
                # circuit-tracer session 1
                # `session open FILE` opens it.

                load atlas "a b/plt"

                prompt "a\\nb"
                tokens #1 #2

                target concept " a" #3 / " b" " c"

                open a.graph.safetensors

                let x = top(8,@9) - (3/412@" a"#1 + y)

                set 3/412@9 -1.5e-07
                scale 3/412@-1 2x
                zero 3/412@5:8
                add 3/412@12: 1

                run --freeze-attention off --constrain 0:4

                label 3/412 "say \"a\"" suggested

                """
            ].map { Array($0.utf8) }
        }
    ) { bytes in
        let file = try SessionFile(bytes: bytes, called: "a.session")
        for line in file.lines {
            try require(!line.command.staysOutOfTranscripts && !line.command.writesFiles, "\(line.source) is read")
            try require(!line.source.text.contains("\n"), "\(line.source) is two lines")
        }
    }

    /// Lines that people type, sets of features and expectations among them.
    static let line = FuzzedReader(
        "line",
        words: CommandTable.standard.commands.map { "\($0.name) " }
            + [
                "3/412@9", "@5:8", "@*", "@-1", "top(", "raises(\" Texas\",8)", "3:6/*@9", "@\" Dallas\"#1", " + ", " - ", " & ", "\"\\u{", "\"\\ud83d", "\"",
                "--", "=", "+-", "nan", "1e39", "99999999999999999999", "expect prob ", "0:4",
            ],
        written: {
            [
                "set 3/412@9 12.5 4/77@-1 0", "add 3/412@5:8 1.5", "features --layer 0:4 --top 10", "expect top after \" Austin\"",
                "prompt \"The \\\"capital\\\" of \\u00e9\"",
                "edges 3/412@9 --limit=5", "?set", "!ls", "generate 5 --temperature 0.7 --seed 3",
            ].map { Array($0.utf8) }
        }
    ) { bytes in
        let line = String(decoding: bytes, as: UTF8.self)
        guard let name = TypedLine.name(in: line) else { return }
        _ = TypedLine.isUnfinished(line)
        let command = try CommandTable.standard.command(named: String(line[name]), at: name)
        if command.name == Command.expect.name { _ = try ExpectationParser.parse(line[name.upperBound...]) }
        let arguments = try Arguments(line, after: name.upperBound, for: command)
        for word in arguments.positionals + command.options.flatMap({ arguments.values(of: $0.name) }) {
            // What kind of word it should be is the command's business.
            _ = try? word.setTerm()
            _ = try? word.positionsTerm()
            _ = try? word.layerRange()
            _ = try? word.integer("a number")
            _ = try? word.number("a number")
            _ = try? word.seed()
            _ = try? word.token()
        }
    }
}
