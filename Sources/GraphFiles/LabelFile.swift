package import Checkpoints
package import Foundation
package import Graphs
internal import JSON

/// Labels of features in a file, for other programs that write and read them.
///
/// Tab-separated: `LAYER/INDEX`, the label, and `suggested` where a rule wrote it; lines that begin with `#` are remarks. JSON lines: objects
/// with `feature`, or `layer` and `index`, and `label` or `description`. A graph's JSON, for the labels that people gave to its nodes.
package struct LabelFile: Sendable, Equatable {
    package var labels: [FeatureID: FeatureLabel]

    package init(_ labels: [FeatureID: FeatureLabel]) { self.labels = labels }

    private static let byteLimit = 512 << 20

    /// - Parameter scan: the set whose labels are wanted, where a file has several sets'.
    /// - Throws: `CheckpointError` for a file that cannot be read; `LabelFileError` for what is wrong in it.
    package init(reading url: URL, scan: String) throws {
        let bytes = try PlainFile.bytes(of: url, limit: Self.byteLimit) { .tooLong(file: url, byteCount: $0, limit: Self.byteLimit) }
        try self.init(bytes, from: url, scan: scan)
    }

    init(_ bytes: [UInt8], from url: URL, scan: String) throws {
        labels = [:]
        let start = bytes.first { !$0.isJSONSpace }
        guard start == UInt8(ascii: "{"), let document = try? JSONDocument(bytes), document.kind(of: 0) == .object else {
            try readLines(bytes, url)
            return
        }
        // One object: a line of JSON lines, labels by sets, or a graph.
        let root = try JSONFile(bytes, of: url).root
        if root.keys.contains("nodes") {
            try read(GraphDocument(json: bytes, from: url))
        } else if try root.optionalObject("labels") != nil, !root.keys.contains("feature") {
            let set = try root.object("labels").optionalObject(scan)
            for key in set?.keys ?? [] {
                guard let feature = FeatureID(key) else {
                    throw LabelFileError(file: url, line: nil, problem: "\(Self.quoted(key)) is not a feature such as 12/345.")
                }
                try add(set!.string(key), to: feature, isSuggested: false, url, nil)
            }
        } else {
            try readLines(bytes, url)
        }
    }

    private mutating func read(_ document: GraphDocument) {
        let given = Dictionary(document.parameters.labels.map { ($0.id, $0.text) }, uniquingKeysWith: { $1 })
        for node in document.nodes {
            guard case .feature(let site) = node.node else { continue }
            let text = given[node.id] ?? node.label
            if !text.isEmpty, FeatureLabel.fault(in: text) == nil { labels[site.feature] = FeatureLabel(text) }
        }
    }

    private mutating func readLines(_ bytes: [UInt8], _ url: URL) throws {
        var number = 0
        for bytes in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            guard var line = String(validating: bytes, as: UTF8.self) else { throw LabelFileError(file: url, line: number, problem: "The line is not UTF-8.") }
            if number == 1 { line = String(line.trimmingPrefix("\u{FEFF}")) }
            line = line.trimmingCharacters(in: CharacterSet(charactersIn: "\r"))
            if line.allSatisfy(\.isWhitespace) || line.hasPrefix("#") { continue }
            if line.drop(while: \.isWhitespace).first == "{" { try readObject(line, url, number) } else { try readFields(line, url, number) }
        }
    }

    private mutating func readFields(_ line: String, _ url: URL, _ number: Int) throws {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
        // A table's headings.
        if number == 1, FeatureID(fields[0]) == nil, ["feature", "layer", "index"].contains(fields[0].lowercased()) { return }
        var rest = fields[...]
        let feature: FeatureID?
        if let one = FeatureID(fields[0]) {
            feature = one
            rest = rest.dropFirst()
        } else {
            feature = fields.count > 1 ? FeatureID("\(fields[0])/\(fields[1])") : nil
            rest = rest.dropFirst(2)
        }
        guard let feature else {
            throw LabelFileError(
                file: url, line: number, problem: "\(Self.quoted(fields[0])) is not a feature such as 12/345; a line is a feature, a tab and its label.")
        }
        guard let text = rest.first, rest.count <= 2 else {
            throw LabelFileError(file: url, line: number, problem: "A line is a feature, a tab and its label; `suggested` may follow after another tab.")
        }
        if rest.count == 2, !["", "suggested"].contains(rest.last!) {
            throw LabelFileError(file: url, line: number, problem: "Only `suggested` can follow the label, not \(Self.quoted(rest.last!)).")
        }
        try add(text, to: feature, isSuggested: rest.last == "suggested" && rest.count == 2, url, number)
    }

    private mutating func readObject(_ line: String, _ url: URL, _ number: Int) throws {
        guard case .object(let members)? = try? JSONValue(parsing: Array(line.utf8)) else {
            throw LabelFileError(file: url, line: number, problem: "The line begins as a JSON object, but is not one.")
        }
        func text(_ key: String) -> String? {
            switch members[key] {
            case .string(let text): text
            case .integer(let value): "\(value)"
            default: nil
            }
        }
        // Neuronpedia's layers are named like `20-gemmascope-transcoder-16k`.
        let layer = text("layer").map { String($0.prefix { $0.isNumber }) }
        guard let feature = FeatureID(text("feature") ?? "") ?? FeatureID("\(layer ?? "")/\(text("index") ?? text("feature") ?? "")") else {
            throw LabelFileError(file: url, line: number, problem: "The object needs `feature`, such as \"12/345\", or the numbers `layer` and `index`.")
        }
        guard let label = text("label") ?? text("description") else {
            throw LabelFileError(file: url, line: number, problem: "The object needs a text, `label` or `description`.")
        }
        try add(label, to: feature, isSuggested: members["suggested"] == .bool(true), url, number)
    }

    private mutating func add(_ text: String, to feature: FeatureID, isSuggested: Bool, _ url: URL, _ number: Int?) throws {
        let text = text.split(whereSeparator: \.isNewline).joined(separator: " ").trimmingCharacters(in: .whitespaces)
        if let fault = FeatureLabel.fault(in: text) { throw LabelFileError(file: url, line: number, problem: fault) }
        if !text.isEmpty { labels[feature] = FeatureLabel(text, isSuggested: isSuggested) }
    }

    private static func quoted(_ text: String) -> String { "\"\(text.prefix(40))\"" }

    // MARK: - Writing

    /// Tab-separated, or JSON lines for a name that ends in `.jsonl`; features in order.
    package func write(to url: URL) throws(CheckpointError) {
        try AtomicFile.write(Array((url.pathExtension == "jsonl" ? jsonLines : tabSeparated).utf8), to: url)
    }

    var tabSeparated: String {
        labels.sorted { $0.key < $1.key }.map { "\($0.key)\t\($0.value.text)\($0.value.isSuggested ? "\tsuggested" : "")\n" }.joined()
    }

    var jsonLines: String {
        labels.sorted { $0.key < $1.key }.map { feature, label in
            var writer = JSONWriter(layout: .compact)
            writer.value(.object(["feature": .string("\(feature)"), "label": .string(label.text), "suggested": .bool(label.isSuggested)]))
            return String(decoding: writer.bytes, as: UTF8.self) + "\n"
        }.joined()
    }
}

/// What is wrong in a file of labels.
package struct LabelFileError: Error, Equatable, CustomStringConvertible {
    let file: URL
    /// From 1.
    let line: Int?
    let problem: String

    package var description: String { "\(file.path)\(line.map { ":\($0)" } ?? ""): \(problem)" }
}
