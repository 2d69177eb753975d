/// A recorded session: comments, commands, and what each answered.
///
/// In the file a command's line begins with `> `, further lines of the same command with `... `, a comment with `#`;
/// everything else is output of the command above. An output line that begins like one of these, or with a backslash,
/// has a backslash before it. Empty lines before a command or comment are layout.
struct Transcript: Equatable {
    struct Step: Equatable {
        /// May hold line breaks: a prompt of several lines.
        let command: String
        var output: [String]
        /// The command's line in the file, from 1.
        var line = 0

        /// Whether the output is that of an error or of an expectation that did not hold.
        var hasFailed: Bool { output.first.map { $0.hasPrefix("error: ") || $0.hasPrefix("FAILED ") } ?? false }
    }

    enum Item: Equatable {
        /// A comment or an empty line, unchanged.
        case comment(String)
        case step(Step)
    }

    var items: [Item] = []
    /// The model or set it was made with, `# needs NAME`.
    var needs: String?
    /// How far numbers may be off, `# tolerance 1e-3 relative, 1e-4 absolute`.
    var tolerance = Tolerance()
    /// `# unverified`: nobody has run it yet, so a command without output is run and not compared.
    var isUnverified = false

    /// The models and sets that its commands load, except where that is to fail.
    var loadedNames: [String] {
        items.flatMap { item -> [String] in
            guard case .step(let step) = item, !step.hasFailed, let name = TypedLine.name(in: step.command),
                let command = try? CommandTable.standard.command(named: String(step.command[name]), at: nil),
                command.name == Command.load.name,
                let arguments = try? Arguments(step.command, after: name.upperBound, for: command)
            else { return [] }
            return (arguments.positionals + arguments.values(of: "--transcoders")).map(\.text)
        }
    }

    /// Whether there is nothing to replay.
    var isEmpty: Bool { !items.contains { if case .step = $0 { true } else { false } } }
}

extension Transcript.Item {
    /// Its lines in the file, each ended.
    var text: String {
        switch self {
        case .comment(let line): return line + "\n"
        case .step(let step):
            let command = step.command.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            let lines = ["> " + command[0]] + command.dropFirst().map { "... " + $0 } + step.output.map(Self.escaped)
            return lines.map { $0 + "\n" }.joined()
        }
    }

    static func escaped(_ line: String) -> String {
        guard let first = line.unicodeScalars.first, [">", "#", "\\"].contains(first) else { return line }
        return "\\" + line
    }
}
