internal import Checkpoints
import Workbench

extension Interpreter {
    /// Runs commands on each of some prompts and puts what they show side by side.
    ///
    /// - Throws: `ConsoleError` for a command that cannot be run on a list, and for a column that no row has.
    func forEach(_ rows: [PromptFile.Row], _ commands: [String]) throws -> Output {
        let columns = rows.reduce(into: Set<String>()) { $0.formUnion($1.columns.keys) }
        for line in commands {
            try checkListed(line)
            try ListTemplate(line).check(columns)
        }
        let aside = try ask { context in await context.session.setAside() }
        defer { _ = try? ask { context in await context.session.resume(aside) } }
        var table = ListTable()
        var (notice, unmet) = (String?.none, 0)
        for (done, row) in rows.enumerated() {
            reporting?.progress(WorkProgress(phase: "running", done: done, total: rows.count, unit: "prompts"))
            var shown: [Output] = []
            do {
                try run(commands, on: row, from: aside, showing: &shown)
                let isUnmet = shown.contains(where: \.isFailedExpectation)
                if isUnmet { unmet += 1 }
                table.add(row, shown, error: isUnmet ? "The expectation does not hold." : nil)
            } catch let error where Self.isInterruption(error) {
                notice = "Interrupted after \(done) of \(rows.count) prompts."
                break
            } catch {
                let sentence = Diagnostic(error: Self.consoleError(from: error, in: "", command: nil), line: SourceLine("")).sentence
                table.add(row, shown, error: sentence)
            }
            // A Ctrl-C that no command noticed.
            if waiter.wakeupPipe.wasInterrupted() {
                notice = "Interrupted after \(done + 1) of \(rows.count) prompts."
                break
            }
        }
        if notice != nil, table.isEmpty { throw CancellationError() }
        var output = Output([.table(table.table)], notices: notice.map { [$0] } ?? [])
        output.isFailedExpectation = unmet > 0 && unmet == table.failures
        if table.failures > 0 { output.refusal = rows.count == 1 ? "The prompt failed" : "\(table.failures) of \(rows.count) prompts failed" }
        return output
    }

    static func isInterruption(_ error: any Error) -> Bool {
        if let error = error as? SilentFailure { return error.status == .interrupted }
        if case .interrupted? = error as? DownloadFailure { return true }
        return error is CancellationError
    }

    /// - Throws: `ConsoleError` for what is not a command, or is about the console and not about the model.
    private func checkListed(_ line: String) throws(ConsoleError) {
        guard let name = TypedLine.name(in: line) else { return }
        let command = try table.command(named: String(line[name]), at: nil)
        guard case .session = command.action, !command.staysOutOfTranscripts else {
            throw ConsoleError("foreach cannot run \(command.name): it is not about a prompt")
        }
    }

    /// Runs the commands on one prompt.
    ///
    /// - Parameter outputs: gets what they show, also where a later one fails.
    private func run(_ commands: [String], on row: PromptFile.Row, from aside: SessionSetAside, showing outputs: inout [Output]) throws {
        let prompt = row.prompt
        try ask { context in try await context.session.begin(prompt, from: aside) }
        for line in commands {
            let line = try ListTemplate(line).filled(from: row.columns)
            guard let name = TypedLine.name(in: line) else { continue }
            let command = try table.command(named: String(line[name]), at: name)
            let output = try perform(command, line, after: name.upperBound)
            if let refusal = output.refusal { throw ConsoleError(refusal) }
            if !command.repeatsWhatItChanged { outputs.append(output) }
        }
    }
}

extension Interpreter {
    /// Runs the commands of scripts on each of some prompts, and prints their table; commands about the console, as `format`, once before.
    func runOnList(_ rows: [PromptFile.Row], _ lines: [SourceLine]) -> ConsoleStatus {
        var listed: [String] = []
        for line in lines {
            guard let name = TypedLine.name(in: line.text) else { continue }
            if case .console? = (try? table.command(named: String(line.text[name]), at: nil))?.action {
                let status = executeUnattended(line)
                if status != .success { return status }
            } else {
                listed.append(line.text)
            }
        }
        let line = SourceLine("")
        do {
            let output = try forEach(rows, listed)
            let status = try show(output, of: .foreach, in: line).status
            return output.notices.isEmpty ? status : .interrupted
        } catch {
            return report(error, in: line, command: nil).status
        }
    }
}

/// A command with `$COLUMN` in it.
struct ListTemplate {
    let line: String

    init(_ line: String) { self.line = line }

    /// The line with values in place of names: numbers as they are, other texts as JSON strings, and inside quotes without their own.
    ///
    /// - Throws: `ConsoleError` for a column that is not there.
    func filled(from columns: [String: String]) throws(ConsoleError) -> String {
        try filled { name throws(ConsoleError) in
            guard let value = columns[name] else { throw Self.missing(name, among: columns.keys.sorted()) }
            return value
        }
    }

    /// - Throws: `ConsoleError` for a column that is not among these.
    func check(_ columns: Set<String>) throws(ConsoleError) {
        _ = try filled { name throws(ConsoleError) in
            if !columns.contains(name) { throw Self.missing(name, among: columns.sorted()) }
            return ""
        }
    }

    private static func missing(_ name: String, among columns: [String]) -> ConsoleError {
        ConsoleError(
            "There is no column \(name)", suggestion: nearest(to: name, among: columns).map { "$" + $0 },
            advice: columns.isEmpty ? "columns come from a .csv or .jsonl file" : "columns: \(columns.joined(separator: ", "))")
    }

    private func filled(_ value: (String) throws(ConsoleError) -> String) throws(ConsoleError) -> String {
        var (filled, rest, isQuoted) = ("", line[...], false)
        while let character = rest.popFirst() {
            if character == "\\", isQuoted, let next = rest.popFirst() {
                filled += [character, next]
                continue
            }
            if character == "\"" { isQuoted.toggle() }
            let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            guard character == "$", let first = name.first, !first.isNumber else {
                filled.append(character)
                continue
            }
            rest = rest.dropFirst(name.count)
            let value = try value(String(name))
            filled += isQuoted ? JSONText.escaped(value) : Float(value) != nil ? value : JSONText.quoted(value)
        }
        return filled
    }
}

/// The rows of a list, with a column for everything that any of them shows.
private struct ListTable {
    private var columns: [Table.Column] = []
    private var rows: [(list: PromptFile.Row, cells: [String: Value], error: String?)] = []

    var isEmpty: Bool { rows.isEmpty }
    var failures: Int { rows.count { $0.error != nil } }

    mutating func add(_ row: PromptFile.Row, _ outputs: [Output], error: String?) {
        var cells: [String: Value] = [:]
        for output in outputs {
            for part in output.parts {
                switch part {
                case .fact(let fact): if fact.visibility == .everywhere, !fact.isVolatile { set(fact.key, fact.value, .left, &cells) }
                case .table(let table):
                    let shown = table.shown(to: .textOnly)
                    guard table.visibility == .everywhere else { continue }
                    for row in shown.rows { for (column, value) in zip(shown.columns, row) { set(column.key, value, column.alignment, &cells) } }
                case .prose, .page, .drawing, .plot, .shaded, .evidence, .circuit: continue
                }
            }
        }
        rows.append((row, cells, error))
    }

    /// The columns that every list has.
    private static let ownKeys: Set<String> = ["number", "prompt", "error"]

    /// Under its key, or with a number where the row has one already.
    private mutating func set(_ key: String, _ value: Value, _ alignment: Alignment, _ cells: inout [String: Value]) {
        var (name, number) = (key, 1)
        while cells[name] != nil || Self.ownKeys.contains(name) {
            number += 1
            name = "\(key)_\(number)"
        }
        cells[name] = value
        if !columns.contains(where: { $0.key == name }) {
            columns.append(Table.Column(key: name, label: name, alignment: alignment == .right || value.isNumber ? .right : .left))
        }
    }

    var table: Table {
        let errors = failures > 0 ? Table.Column.Visibility.everywhere : .dataOnly
        return Table(
            "rows", [.right("number", "#"), .left("prompt")] + columns + [Table.Column(key: "error", label: "error", visibility: errors)],
            rows: rows.map { row in
                [.integer(row.list.number), .quoted(row.list.prompt)] + columns.map { row.cells[$0.key] ?? .none } + [.optional(row.error)]
            })
    }
}

extension Value {
    fileprivate var isNumber: Bool {
        switch self {
        case .integer, .number, .count, .bytes, .seconds: true
        default: false
        }
    }
}
