import Workbench

extension Interpreter {
    /// Runs commands on each of some prompts and puts what they show side by side.
    ///
    /// - Throws: `ConsoleError` for a command that cannot be run on a list.
    func forEach(_ rows: [PromptFile.Row], _ commands: [String]) throws -> Output {
        for line in commands { try checkListed(line) }
        let aside = try ask { context in await context.session.setAside() }
        defer { _ = try? ask { context in await context.session.resume(aside) } }
        var table = ListTable()
        var notice: String?
        for (done, row) in rows.enumerated() {
            do {
                try table.add(row, answers(to: commands, on: row, from: aside), error: nil)
            } catch let error where Self.isInterruption(error) {
                notice = "Interrupted after \(done) of \(rows.count) prompts."
                break
            } catch {
                let sentence = Diagnostic(error: Self.consoleError(from: error, in: "", command: nil), line: SourceLine("")).sentence
                table.add(row, [], error: sentence)
            }
            // A Ctrl-C that no command noticed.
            if waiter.wakeupPipe.wasInterrupted() {
                notice = "Interrupted after \(done + 1) of \(rows.count) prompts."
                break
            }
        }
        if notice != nil, table.isEmpty { throw CancellationError() }
        var output = Output([.table(table.table)], notices: notice.map { [$0] } ?? [])
        if table.failures > 0 { output.refusal = rows.count == 1 ? "the prompt failed" : "\(table.failures) of \(rows.count) prompts failed" }
        return output
    }

    private static func isInterruption(_ error: any Error) -> Bool {
        if let error = error as? SilentFailure { return error.status == .interrupted }
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

    /// What the commands show of one prompt.
    private func answers(to commands: [String], on row: PromptFile.Row, from aside: SessionSetAside) throws -> [Output] {
        let prompt = row.prompt
        try ask { context in try await context.session.begin(prompt, from: aside) }
        var outputs: [Output] = []
        for line in commands {
            let line = try ListTemplate(line).filled(from: row.columns)
            guard let name = TypedLine.name(in: line) else { continue }
            let command = try table.command(named: String(line[name]), at: name)
            let output = try perform(command, line, after: name.upperBound)
            if let refusal = output.refusal { throw ConsoleError(refusal) }
            if !command.repeatsWhatItChanged { outputs.append(output) }
        }
        return outputs
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
            guard let value = columns[String(name)] else {
                throw ConsoleError(
                    "There is no column \(name)",
                    advice: columns.isEmpty ? "columns come from a .csv or .jsonl file" : "columns: \(columns.keys.sorted().joined(separator: ", "))")
            }
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
                case .prose, .page, .drawing, .plot, .shaded: continue
                }
            }
        }
        rows.append((row, cells, error))
    }

    /// Under its key, or with a number where the row has one already.
    private mutating func set(_ key: String, _ value: Value, _ alignment: Alignment, _ cells: inout [String: Value]) {
        var (name, number) = (key, 1)
        while cells[name] != nil {
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
