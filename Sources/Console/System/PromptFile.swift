internal import JSON

/// A file of prompts: text, one a line, where a line that begins with a double quote is a JSON string; or a table, `.csv` or
/// `.jsonl`, one prompt a row, in the column `prompt` or the only one.
package struct PromptFile: Sendable {
    package struct Row: Sendable, Equatable {
        /// Its place in the list, from 1.
        package let number: Int
        package let prompt: String
        /// What the other columns hold, by name; all columns of a table.
        package let columns: [String: String]
    }

    package let rows: [Row]

    package var prompts: [String] { rows.map(\.prompt) }

    /// - Throws: `PromptFileError` with the line where something is wrong.
    package init(_ path: String) throws {
        let bytes: [UInt8]
        do throws(InputRefusal) { bytes = try InputFile.bytes(of: path) } catch {
            throw PromptFileError("\(path) cannot be read: \(error). Check the path and the permissions.")
        }
        try self.init(bytes, name: path)
    }

    /// - Parameter name: the file's, whose ending says how it is written.
    package init(_ bytes: [UInt8], name: String) throws {
        guard let text = String(validating: bytes.starts(with: byteOrderMark) ? bytes.dropFirst(byteOrderMark.count) : bytes[...], as: UTF8.self) else {
            throw PromptFileError("\(name) is not UTF-8 text.")
        }
        let ending = name.lowercased().split(separator: ".").last
        let found =
            switch ending {
            case "csv": try Self.rows(ofTable: Self.records(inCSV: text, name), name)
            case "jsonl", "ndjson": try Self.rows(ofTable: Self.records(inJSONLines: text, name), name)
            default: try Self.rows(ofText: text, name)
            }
        if found.isEmpty { throw PromptFileError("\(name) holds no prompts.") }
        rows = Self.numbered(found)
    }

    private static func numbered(_ rows: [(prompt: String, columns: [String: String])]) -> [Row] {
        rows.enumerated().map { Row(number: $0 + 1, prompt: $1.prompt, columns: $1.columns) }
    }

    /// Prompts that are not in a file.
    package init(prompts: [String]) { rows = Self.numbered(prompts.map { ($0, [:]) }) }

    private static func rows(ofText text: String, _ name: String) throws(PromptFileError) -> [(prompt: String, columns: [String: String])] {
        try lines(of: text).map { number, line throws(PromptFileError) in
            guard line.hasPrefix("\"") else { return (line, [:]) }
            guard case .string(let prompt)? = try? JSONValue(parsing: Array(line.utf8)) else {
                throw PromptFileError("\(name), line \(number): a line that begins with a double quote must be a JSON string.")
            }
            return (prompt, [:])
        }
    }

    /// The lines that hold something, with their numbers from 1.
    private static func lines(of text: String) -> [(number: Int, line: String)] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.enumerated().map { ($0 + 1, String($1)) }
            .filter { !$0.line.allSatisfy(\.isWhitespace) }
    }

    private static func rows(
        ofTable records: [(line: Int, fields: [(name: String, value: String)])], _ name: String
    ) throws(PromptFileError) -> [(prompt: String, columns: [String: String])] {
        try records.map { line, fields throws(PromptFileError) in
            let prompt = fields.first { $0.name == "prompt" } ?? (fields.count == 1 ? fields[0] : nil)
            guard let prompt else {
                let names = fields.map(\.name).joined(separator: ", ")
                throw PromptFileError("\(name), line \(line): there is no column called prompt; the columns are \(names).")
            }
            if prompt.value.isEmpty { throw PromptFileError("\(name), line \(line): the prompt is empty.") }
            return (prompt.value, Dictionary(fields.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
        }
    }

    private static func records(
        inJSONLines text: String, _ name: String
    ) throws(PromptFileError) -> [(line: Int, fields: [(name: String, value: String)])] {
        try lines(of: text).map { number, line throws(PromptFileError) in
            guard case .object(let object)? = try? JSONValue(parsing: Array(line.utf8)) else {
                throw PromptFileError("\(name), line \(number): each line must be a JSON object.")
            }
            return (number, object.map { ($0, $1.field) })
        }
    }

    /// Records of comma-separated values (RFC 4180) under the names in the first.
    private static func records(
        inCSV text: String, _ name: String
    ) throws(PromptFileError) -> [(line: Int, fields: [(name: String, value: String)])] {
        var records: [(line: Int, fields: [String])] = []
        var (field, fields, line, start, isQuoted, wasQuoted) = ("", [String](), 1, 1, false, false)
        func finish() {
            fields.append(field)
            if fields.count > 1 || !fields[0].isEmpty || wasQuoted { records.append((start, fields)) }
            (field, fields, wasQuoted) = ("", [], false)
        }
        var rest = text[...]
        while let character = rest.popFirst() {
            let isBreak = character == "\n" || character == "\r\n"
            if isBreak { line += 1 }
            switch character {
            case "\"" where isQuoted && rest.first == "\"":
                rest.removeFirst()
                field.append("\"")
            case "\"" where isQuoted: isQuoted = false
            case _ where isQuoted: field.append(character)
            case "\"" where field.isEmpty && !wasQuoted: (isQuoted, wasQuoted) = (true, true)
            case ",":
                fields.append(field)
                (field, wasQuoted) = ("", false)
            case _ where isBreak:
                finish()
                start = line
            default:
                if wasQuoted { throw PromptFileError("\(name), line \(line): a comma is missing after a closing quote.") }
                field.append(character)
            }
        }
        if isQuoted { throw PromptFileError("\(name), line \(start): a quote is not closed.") }
        finish()
        guard let header = records.first else { return [] }
        return try records.dropFirst().map { line, fields throws(PromptFileError) in
            if fields.count != header.fields.count {
                throw PromptFileError("\(name), line \(line): there are \(fields.count) fields, and the first line names \(header.fields.count).")
            }
            return (line, zip(header.fields, fields).map { ($0, $1) })
        }
    }
}

extension JSONValue {
    /// As a column holds it.
    fileprivate var field: String {
        switch self {
        case .null: ""
        case .bool(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .string(let text): text
        case .array(let elements): elements.map(\.field).joined(separator: " ")
        case .object(let members): members.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.field)" }.joined(separator: " ")
        }
    }
}

package struct PromptFileError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
