internal import Checkpoints
internal import Foundation
internal import JSON

/// The lines typed in earlier sessions, one a line, the newest last, no line twice. Sessions that overlap keep each other's.
struct HistoryFile {
    let path: String
    /// The most lines it keeps.
    var limit = 1000

    /// `$XDG_STATE_HOME/circuit-tracer/history`; nil if the user wants none or has no home.
    static var standard: HistoryFile? {
        if environmentVariable("CIRCUIT_TRACER_NOHISTORY") != nil { return nil }
        // The specification says that a relative path there must be ignored.
        let named = environmentVariable("XDG_STATE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
        guard let state = named ?? environmentVariable("HOME").map({ $0 + "/.local/state" }) else { return nil }
        return HistoryFile(path: state + "/circuit-tracer/history")
    }

    func load() -> [String] {
        // Nobody has a history at first.
        guard let bytes = try? Self.bytes(of: path) else { return [] }
        return Self.withoutDuplicates(ListedLines(bytes: bytes).texts).suffix(limit)
    }

    /// Adds a line at once, so that nothing is lost however the process ends.
    func append(_ line: String) throws(SystemFailure) {
        if let slash = path.lastIndex(of: "/") { Files.makeFolder(String(path[..<slash])) }
        let lock = lock()
        defer { withExtendedLifetime(lock) {} }
        try Files.append(line: line, to: path, mode: 0o600)
    }

    /// Nil where somebody has held it for five seconds, or it cannot be made. It is a file of its own, so that the history can be
    /// replaced meanwhile.
    private func lock() -> FileLock? { try? FileLock.wait(for: URL(filePath: path + ".lock"), patience: .seconds(5)) }

    /// Drops duplicates and what is beyond the limit. What is left stays byte for byte, in whatever encoding.
    func compact() throws(InputRefusal) {
        guard access(path, F_OK) == 0 else { return }
        // Whoever holds it may be compacting, and the next session does it again.
        guard let lock = lock() else { return }
        defer { withExtendedLifetime(lock) {} }
        let bytes = try Self.bytes(of: path)
        let kept = compacted(bytes)
        if kept == bytes { return }
        do throws(SystemFailure) { try Files.replace(path, with: kept, mode: 0o600) } catch { throw .system(error) }
    }

    private func compacted(_ bytes: [UInt8]) -> [UInt8] {
        let mark = bytes.starts(with: byteOrderMark) ? byteOrderMark : []
        let lines = bytes.dropFirst(mark.count).split(separator: 10)
        // With an ending of Windows it is the same line.
        var seen = Set<ArraySlice<UInt8>>()
        let kept = lines.reversed().filter { line in
            let text = line.last == 13 ? line.dropLast() : line
            return !text.isEmpty && seen.insert(text).inserted
        }
        return mark + kept.prefix(limit).reversed().flatMap { $0 + [10] }
    }

    private static func bytes(of path: String) throws(InputRefusal) -> [UInt8] {
        let file = try InputFile(path)
        // Nobody would end it.
        if file.isStream { throw .device }
        return try file.bytes()
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
