internal import Checkpoints

/// Where a command's output goes in place of the screen: `> FILE`, `>> FILE`, `| SHELL LINE` at its end.
struct Redirection {
    enum Target: Equatable {
        case file(String, appends: Bool)
        /// A line for the user's shell, which reads the output.
        case shell(String)
    }

    let target: Target
    /// The part of the line that names it.
    let range: Range<String.Index>

    /// The line without its redirection, and the redirection, if it has one. Each sign is a word of its own outside quotes; in commands that
    /// take their line as it is, `foreach` excepted, it is text.
    ///
    /// - Throws: `ConsoleError` for a sign without a target.
    static func split(_ line: String, of command: Command, after end: String.Index) throws(ConsoleError) -> (line: String, redirection: Redirection?) {
        if command.takesRawLine, command.name != Command.foreach.name { return (line, nil) }
        let words = try Lexer.words(of: line, from: end)
        guard let place = words.firstIndex(where: { $0.spelling == .bare && isSign($0.text) }) else { return (line, nil) }
        let (sign, rest) = (words[place], words[(place + 1)...])
        let target: Target
        if sign.text == "|" {
            let text = line[sign.range.upperBound...].drop { $0.isWhitespace }
            if text.isEmpty { throw ConsoleError("A command for your shell should follow |", at: sign.range) }
            target = .shell(String(text))
        } else {
            guard let file = rest.first else { throw ConsoleError("The name of a file should follow \(sign.text)", at: sign.range) }
            if let extra = rest.dropFirst().first { throw ConsoleError("Only one file can follow \(sign.text)", at: extra.range) }
            target = .file(environmentVariable("HOME").map(file.text.expandingHome) ?? file.text, appends: sign.text == ">>")
        }
        return (String(line[..<sign.range.lowerBound]), Redirection(target: target, range: sign.range.lowerBound..<line.endIndex))
    }

    /// Whether a word is one of the signs.
    static func isSign(_ word: String) -> Bool { [">", ">>", "|"].contains(word) }

    /// The format that a file's ending asks for; nil for other endings, which take the one in use.
    static func format(ofFile path: String) -> OutputFormat? {
        let ending = path.lowercased().split(separator: ".").last.map(String.init)
        return switch ending {
        case "csv": .csv
        case "json", "jsonl": .json
        case "md": .md
        case "txt": .table
        default: nil
        }
    }
}

extension Output {
    /// What a file gets: in csv one table, the first, so that other programs can read it; without a table the facts.
    func taken(as format: OutputFormat, command: String) -> TerminalText {
        guard format == .csv else { return rendered(as: format, command: command) }
        let table = parts.compactMap { part -> Table? in if case .table(let table) = part, table.visibility != .textOnly { table } else { nil } }.first
        return table.map { Output([.table($0)]).rendered(as: .csv, command: command) } ?? rendered(as: .csv, command: command)
    }
}

extension Output {
    /// What is left to say where the data went elsewhere: notices, a refusal, or an expectation that does not hold.
    var withoutData: Output {
        var output = self
        (output.parts, output.hint) = ([], nil)
        return output
    }
}

extension Interpreter {
    /// Sends an output where a redirection says. The file's old content is replaced only when the new one is complete.
    ///
    /// - Throws: `ConsoleError` if the file cannot be written, or the shell's line fails.
    func write(_ output: Output, of command: Command, to redirection: Redirection) throws {
        switch redirection.target {
        case .file(let path, let appends):
            let format = Redirection.format(ofFile: path) ?? format
            var bytes = Array(output.taken(as: format, command: command.name).raw.utf8)
            do {
                if appends, let old = try existing(path) {
                    // A table's header is there already.
                    if format == .csv, !old.isEmpty, let end = bytes.firstIndex(of: UInt8(ascii: "\n")) { bytes.removeSubrange(...end) }
                    bytes = old + bytes
                }
                try Files.replace(path, with: bytes)
            } catch let failure as SystemFailure {
                throw ConsoleError("\(path) cannot be written: \(failure.reason)", at: redirection.range)
            } catch {
                throw ConsoleError("\(path) cannot be written: \(error)", at: redirection.range)
            }
        case .shell(let shellLine):
            try pipe(Array(output.taken(as: format, command: command.name).raw.utf8), to: shellLine, at: redirection.range)
        }
    }

    /// What a file holds; nil if there is none.
    private func existing(_ path: String) throws -> [UInt8]? {
        do throws(InputRefusal) { return try InputFile.bytes(of: path) } catch {
            if case .system(let failure) = error, failure.isMissing { return nil }
            throw error
        }
    }

    private func pipe(_ bytes: [UInt8], to line: String, at range: Range<String.Index>) throws {
        let file = try TemporaryInput(bytes)
        let status: Int32
        defer { withExtendedLifetime(file) {} }
        do throws(SystemFailure) { status = try runInShell("{ \(line)\n} <'\(file.path)'") } catch {
            throw ConsoleError("The shell cannot be started: \(error.reason)", at: range)
        }
        // Ctrl-C was the shell's as well as ours.
        let signals = waiter.wakeupPipe.pendingSignals()
        signals.forEach(note)
        if signals.contains(CommandLoop.interrupt) { throw SilentFailure(status: .interrupted) }
        if status != 0 { throw ConsoleError("The shell's command ended with status \(status)", at: range) }
    }
}
