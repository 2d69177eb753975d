internal import Checkpoints
import Workbench

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

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
        let end = line[..<sign.range.lowerBound].lastIndex { !$0.isWhitespace }.map(line.index(after:)) ?? line.startIndex
        return (String(line[..<end]), Redirection(target: target, range: sign.range.lowerBound..<line.endIndex))
    }

    /// Finds before a command runs what would stop its output from going there afterwards.
    ///
    /// - Throws: `ConsoleError`, also for a command that shows nothing.
    func check(for command: Command) throws(ConsoleError) {
        if command.json.isEmpty {
            throw ConsoleError("\(command.name) shows no data that could go elsewhere", at: range, advice: "> and | follow commands that do")
        }
        guard case .file(let path, _) = target else { return }
        var status = stat()
        if stat(path, &status) == 0 {
            switch status.st_mode & S_IFMT {
            case S_IFREG: break
            case S_IFDIR: throw unwritable(path, "it is a folder")
            default: throw unwritable(path, "it is not a plain file")
            }
        }
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "."
        if access(String(folder), W_OK) != 0 { throw unwritable(path, SystemFailure.last.reason) }
    }

    func unwritable(_ path: String, _ reason: String) -> ConsoleError { ConsoleError("\(path) cannot be written: \(reason)", at: range) }

    /// What somebody should know who has put a sign right beside another word.
    static func advice(on word: Substring) -> String? {
        if word == ";" || word.hasSuffix(";") { return "a line is one command; ; separates those after `foreach FILE :`" }
        guard word.contains(where: { $0 == ">" || $0 == "|" }), !word.contains(where: { $0 == "\"" || $0.isWhitespace }), !isSign(String(word)) else {
            return nil
        }
        return "> FILE, >> FILE and | LINE follow a command, with a space before and after the sign"
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
    ///
    /// - Returns: also what is worth knowing about it.
    func taken(as format: OutputFormat, command: String) -> (text: TerminalText, notices: [String]) {
        let tables = parts.compactMap { part -> Table? in if case .table(let table) = part, table.visibility != .textOnly { table } else { nil } }
        guard format == .csv, let table = tables.first else { return (rendered(as: format, command: command), []) }
        let others = parts.contains { part in
            switch part {
            case .fact(let fact): fact.visibility == .everywhere && !fact.isVolatile
            case .table(let other): other.visibility == .everywhere && other.key != table.key
            case .prose, .page, .drawing, .plot, .shaded, .evidence, .circuit: false
            }
        }
        let notices = others ? ["csv has one table, here `\(table.key)`; json has all that \(command) shows."] : []
        return (Output([.table(table)]).rendered(as: .csv, command: command), notices)
    }

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
    /// - Returns: what is left to show.
    /// - Throws: `ConsoleError` if the file cannot be written, or the shell's line fails.
    func write(_ output: Output, of command: Command, to redirection: Redirection) throws -> Output {
        var left = output.withoutData
        switch redirection.target {
        case .file(let path, let appends):
            let format = Redirection.format(ofFile: path) ?? format
            let (text, notices) = output.taken(as: format, command: command.name)
            left.notices += notices
            var bytes = Array(text.raw.utf8)
            do {
                if appends, let old = try existing(path) { bytes = try Self.joined(old, bytes, as: format) }
                try Files.replace(path, with: bytes)
            } catch let failure as SystemFailure {
                throw redirection.unwritable(path, failure.reason)
            } catch {
                throw redirection.unwritable(path, "\(error)")
            }
        case .shell(let shellLine):
            let (text, notices) = output.taken(as: format, command: command.name)
            left.notices += notices
            try pipe(Array(text.raw.utf8), to: shellLine, at: redirection.range)
        }
        return left
    }

    /// What a file holds and what is added to it; in csv the second header is left out.
    ///
    /// - Throws: `SessionError` for the rows of another table.
    private static func joined(_ old: [UInt8], _ new: [UInt8], as format: OutputFormat) throws(SessionError) -> [UInt8] {
        if old.isEmpty { return new }
        let ending = old.last == 10 ? [] : Array((format == .csv ? "\r\n" : "\n").utf8)
        guard format == .csv else { return old + ending + new }
        func header(_ bytes: [UInt8]) -> ArraySlice<UInt8> { bytes.prefix { $0 != 10 && $0 != 13 } }
        guard header(old) == header(new) else {
            throw SessionError("its columns are \(String(decoding: header(old).prefix(200), as: UTF8.self)), not those of this table")
        }
        return old + ending + new.drop { $0 != 10 }.dropFirst()
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
        do throws(SystemFailure) { status = try runInShell(line, input: file.path) } catch {
            throw ConsoleError("The shell cannot be started: \(error.reason)", at: range)
        }
        // Ctrl-C was the shell's as well as ours.
        let signals = waiter.wakeupPipe.pendingSignals()
        signals.forEach(note)
        if signals.contains(CommandLoop.interrupt) {
            printer.message("\n")
            throw SilentFailure(status: .interrupted)
        }
        if status != 0 { throw ConsoleError("The shell's command ended with status \(status)", at: range) }
    }
}
