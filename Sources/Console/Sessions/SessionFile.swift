import Workbench

/// A saved session: a text file of commands, with the graph beside it (docs/sessions.md).
struct SessionFile: Sendable {
    /// One of its commands, checked as far as that can be done without a model.
    struct Line: Sendable {
        let source: SourceLine
        let section: SessionSection
        let command: Command
        let arguments: Arguments
    }

    /// How the first line of every version begins.
    private static let format = "# circuit-tracer session "
    private static let version = 1
    /// In bytes.
    static let limit = 16_000_000

    let lines: [Line]

    // MARK: - Writing

    /// The text of a session's file.
    ///
    /// - Throws: `ConsoleError` for a part that could not be read again.
    static func text(_ saved: SavedSession, graphName: String?) throws(ConsoleError) -> String {
        let commands = SessionSection.all.map { $0.lines(saved, graphName) }
        for text in commands.joined() {
            do { _ = try line(SourceLine(text)) } catch {
                throw ConsoleError("The session cannot be saved, since \(JSONText.quoted(text)) could not be read again: \(error.message)")
            }
        }
        let header = "\(format)\(version)\n# `session open FILE` opens it.\n"
        return header + commands.filter { !$0.isEmpty }.map { "\n" + $0.map { $0 + "\n" }.joined() }.joined()
    }

    /// The name of the graph's file: the session's without its ending, and the graph's.
    static func graphName(for path: String, ending: String) -> String {
        let name = path.split(separator: "/").last ?? "session"
        let stem = name.lastIndex(of: ".").map { name[..<$0] } ?? name
        return "\(stem.isEmpty ? name : stem).\(ending)"
    }

    // MARK: - Reading

    /// - Parameter name: what errors call the file.
    /// - Throws: `ConsoleError` for what is not a session, `FailedLine` for a line that no session has.
    init(bytes: [UInt8], called name: String) throws {
        var source = ListedLines(bytes: bytes)
        guard case .line(let header) = source.next(prompt: ""), header.hasPrefix(Self.format) else {
            throw ConsoleError("\(name) is not a session", advice: "`session save` writes one; `open` opens a graph, `source` runs a script")
        }
        let written = header.dropFirst(Self.format.count).prefix { !$0.isWhitespace }
        guard written == "\(Self.version)" else {
            throw ConsoleError("\(name) is a session in version \(written.prefix(20)) of the format; this program reads version \(Self.version)")
        }
        var (lines, number) = ([Line](), 1)
        while true {
            let read = source.next(prompt: "")
            number += 1
            switch read {
            case .line(let text):
                let place = SourceLine(text, source: name, number: number)
                do throws(ConsoleError) {
                    if let line = try Self.line(place) { lines.append(line) }
                } catch { throw FailedLine(error: error, line: place) }
            case .end:
                self.lines = lines
                return
            default: throw FailedLine(error: ConsoleError("The line is not UTF-8 text"), line: SourceLine("", source: name, number: number))
            }
        }
    }

    /// A line of a session; nil for an empty one or a comment.
    private static func line(_ source: SourceLine) throws(ConsoleError) -> Line? {
        let text = source.text
        guard let name = TypedLine.name(in: text) else { return nil }
        guard let (section, command) = SessionSection.section(ofCommand: text[name]) else {
            throw ConsoleError(
                "A session cannot hold the command \(JSONText.quoted(String(text[name])))", at: name,
                advice: "it may hold \(SessionSection.all.flatMap(\.commands).map(\.name).joined(separator: ", "))")
        }
        if let redirection = try Redirection.split(text, of: command, after: name.upperBound).redirection {
            throw ConsoleError("A session cannot write files or run programs", at: redirection.range)
        }
        if TypedLine.isUnfinished(text) {
            throw ConsoleError("A session has its prompt on one line", at: name, advice: #"prompt "..." is a JSON string, with \n for a line break"#)
        }
        let arguments = try Arguments(text, after: name.upperBound, for: command)
        if let option = command.options.lazy.map(\.name).first(where: { arguments.option($0) != nil && !section.options.contains($0) }) {
            throw ConsoleError("A session cannot hold the option \(option) of \(command.name)", at: name)
        }
        return Line(source: source, section: section, command: command, arguments: arguments)
    }
}

/// What is wrong with a line of a file that a command reads.
struct FailedLine: Error, CustomStringConvertible {
    let error: any Error
    let line: SourceLine
    var command: Command?

    var description: String { "\(line.place.map { "\($0): " } ?? "")\(error)" }
}
