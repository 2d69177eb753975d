/// The lines typed in earlier sessions, one a line, the newest last, no line twice.
struct HistoryFile {
    let path: String
    /// The most lines it keeps.
    var limit = 1000

    /// `$XDG_STATE_HOME/circuit-tracer/history`; nil where the user wants none or has no home.
    static var standard: HistoryFile? {
        if environmentVariable("CIRCUIT_TRACER_NOHISTORY") != nil { return nil }
        // A relative path there is to be ignored, says the specification.
        let named = environmentVariable("XDG_STATE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
        guard let state = named ?? environmentVariable("HOME").map({ $0 + "/.local/state" }) else { return nil }
        return HistoryFile(path: state + "/circuit-tracer/history")
    }

    func load() -> [String] {
        // Nobody has a history at first.
        guard let bytes = try? Files.bytes(of: path) else { return [] }
        return Self.withoutDuplicates(ListedLines(bytes: bytes).texts.filter { !$0.isEmpty }).suffix(limit)
    }

    /// Adds a line at once, so that nothing is lost however the process ends.
    func append(_ line: String) throws(SystemFailure) {
        if let slash = path.lastIndex(of: "/") { Files.makeFolder(String(path[..<slash])) }
        try Files.append(line + "\n", to: path, mode: 0o600)
    }

    /// Drops duplicates and what is beyond the limit; lines of another session that ends meanwhile stay.
    func compact() throws(SystemFailure) {
        let lines = load()
        if lines.isEmpty { return }
        try Files.replace(path, with: lines.map { $0 + "\n" }.joined(), mode: 0o600)
    }

    /// The command on one line: a prompt of several lines with its text as a JSON string; nil if it cannot be written so.
    static func line(for command: String) -> String? {
        guard command.contains(where: \.isNewline) else { return command }
        guard let name = TypedLine.name(in: command), let text = try? PromptText.read(command[name.upperBound...].dropFirst()) else {
            return nil
        }
        return "\(Command.prompt.name) \(JSONText.quoted(text))"
    }

    /// Whether a line is worth keeping: a leading space keeps it out, as in shells.
    static func keeps(_ line: String) -> Bool { !line.isEmpty && line.first != " " && line.contains { !$0.isWhitespace } }

    private static func withoutDuplicates(_ lines: [String]) -> [String] {
        var seen = Set<String>()
        return lines.reversed().filter { seen.insert($0).inserted }.reversed()
    }
}
