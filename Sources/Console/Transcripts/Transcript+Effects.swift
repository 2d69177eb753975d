extension Transcript {
    /// Its commands that write files, or that no replay runs: as it has them.
    func commandsWithEffects(_ table: CommandTable) -> [String] {
        items.compactMap { item in
            guard case .step(let step) = item, let name = TypedLine.name(in: step.command),
                let command = try? table.command(named: String(step.command[name]), at: nil)
            else { return nil }
            let isRedirected = (try? Redirection.split(step.command, of: command, after: name.upperBound).redirection) != nil
            // Such as `circuit`, which draws here unless it is given a file.
            let namesNone = (try? Arguments(step.command, after: name.upperBound, for: command).positionals.isEmpty) ?? false
            return command.writesFiles && !namesNone || command.staysOutOfTranscripts || isRedirected ? step.command : nil
        }
    }

    /// Its commands as a script, each on its line of the file.
    var script: String {
        var lines: [String] = []
        for case .step(let step) in items {
            lines += Array(repeating: "", count: step.line - 1 - lines.count)
            lines += step.command.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        }
        return lines.joined(separator: "\n")
    }

    /// Whether a file of commands is a transcript: its first line that is neither empty nor a comment begins with `>`.
    static func isTranscript(_ bytes: [UInt8]) -> Bool {
        var lines = ListedLines(bytes: bytes)
        while case .line(let line) = lines.next(prompt: "") {
            if let name = TypedLine.name(in: line) { return line[name].hasPrefix(">") }
        }
        return false
    }
}
