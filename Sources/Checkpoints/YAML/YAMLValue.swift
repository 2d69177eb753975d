import Foundation
import Yams

/// A value in a YAML file that knows its place, so that its errors name the file and the whole key, such as
/// `transcoders[3].layer`.
struct YAMLValue {
    let file: URL
    let path: String
    private let node: Node

    /// How errors refer to the whole file.
    private static let documentPath = "the document"

    /// The document at `url`.
    /// - Throws: `.unreadable`, `.notRegular`, `.notYAML`.
    init(contentsOf url: URL) throws(CheckpointError) {
        self.init(try YAMLText(contentsOf: url).root, path: Self.documentPath, file: url)
    }

    private init(_ node: Node, path: String, file: URL) {
        self.file = file
        self.path = path
        self.node = node
    }

    func string() throws(CheckpointError) -> String {
        guard case .string(let text) = kind else { throw mismatch("a string") }
        return text
    }

    func integer() throws(CheckpointError) -> Int {
        guard case .integer(let number) = kind else { throw mismatch("an integer") }
        return number
    }

    func list() throws(CheckpointError) -> [YAMLValue] {
        guard kind == .list, let sequence = node.sequence else { throw mismatch("a list") }
        return sequence.enumerated().map { YAMLValue($1, path: "\(path)[\($0)]", file: file) }
    }

    var isMapping: Bool { kind == .mapping }

    /// Whether it has no effect: null, false, `none`, the factor 1, an empty list or mapping.
    var isNeutral: Bool {
        switch kind {
        case .null: true
        case .boolean: ["false", "False", "FALSE"].contains(node.scalar?.string)
        case .integer(let number): number == 1
        case .number: Double(node.scalar?.string ?? "") == 1
        case .string(let text): ["none", ""].contains(text.lowercased())
        case .list: node.sequence?.isEmpty == true
        case .mapping: node.mapping?.isEmpty == true
        case .tagged: false
        }
    }

    /// The members of a mapping; those that are null are left out.
    /// - Throws: `.keyType`; `.notYAML` for a key that is not a string or appears twice; `.unknownKey` for a key that differs from
    ///   a `Key` only in capitals, dashes or a plural.
    func members<Key>(_ keys: Key.Type) throws(CheckpointError) -> YAMLMembers<Key> {
        guard isMapping, let mapping = node.mapping else { throw mismatch("a mapping") }
        let prefix = path == Self.documentPath ? "" : path + "."
        let known = Set(keys.allCases.map(\.rawValue))
        let meant = Dictionary(known.map { ($0.looseSpelling, $0) }) { first, _ in first }
        var names: Set<String> = []
        var values: [String: YAMLValue] = [:]
        for (key, value) in mapping {
            guard let name = key.scalar?.string, name != "<<" else {
                throw .notYAML(file: file, line: key.mark?.line, problem: "a key is not a plain string")
            }
            guard names.insert(name).inserted else {
                throw .notYAML(file: file, line: key.mark?.line, problem: "the key \(name) appears twice")
            }
            if !known.contains(name), let meant = meant[name.looseSpelling] {
                throw .unknownKey(file: file, key: prefix + name, near: [meant])
            }
            let member = YAMLValue(value, path: prefix + name, file: file)
            if member.kind != .null { values[name] = member }
        }
        return YAMLMembers(file: file, prefix: prefix, values: values)
    }

    private func mismatch(_ expected: String) -> CheckpointError {
        .keyType(file: file, key: path, expected: expected, found: kind.name)
    }
}

/// A mapping's members by key.
struct YAMLMembers<Key: RawRepresentable & CaseIterable> where Key.RawValue == String {
    fileprivate let file: URL
    fileprivate let prefix: String
    fileprivate let values: [String: YAMLValue]

    subscript(key: Key) -> YAMLValue? { values[key.rawValue] }

    /// Members whose keys are not a `Key`, sorted.
    var unreadMembers: [(key: String, value: YAMLValue)] {
        values.filter { Key(rawValue: $0.key) == nil }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// - Throws: `.missingKey`.
    func required(_ key: Key) throws(CheckpointError) -> YAMLValue {
        guard let value = self[key] else { throw .missingKey(file: file, key: prefix + key.rawValue) }
        return value
    }
}

extension String {
    /// A normal form that all spellings of a key share.
    var looseSpelling: String {
        var letters = String.UnicodeScalarView()
        for scalar in lowercased().unicodeScalars where scalar != "_" && scalar != "-" && scalar != " " { letters.append(scalar) }
        if letters.last == "s" { letters.removeLast() }
        return String(letters)
    }
}

// MARK: - Kinds

extension YAMLValue {
    /// A node's kind, by YAML's core schema. (Yams can determine it, but compiles regular expressions to do so, which takes
    /// longer than the rest of a program's start.)
    private enum Kind: Equatable {
        case null, boolean, number, list, mapping
        case integer(Int)
        case string(String)
        /// A value with an explicit type, such as `!!binary`.
        case tagged(String)

        var name: String {
            switch self {
            case .null: "null"
            case .boolean: "a boolean"
            case .number: "a number"
            case .list: "a list"
            case .mapping: "a mapping"
            case .integer: "an integer"
            case .string: "a string"
            case .tagged(let tag): "a value tagged \(tag)"
            }
        }
    }

    private var kind: Kind {
        switch node {
        case .mapping(let mapping): return mapping.tag.named.map { .tagged($0) } ?? .mapping
        case .sequence(let sequence): return sequence.tag.named.map { .tagged($0) } ?? .list
        case .alias: return .null
        case .scalar(let scalar):
            if let tag = scalar.tag.named { return tag == Tag.Name.str.rawValue ? .string(scalar.string) : .tagged(tag) }
            guard scalar.style == .plain else { return .string(scalar.string) }
            switch scalar.string {
            case "", "~", "null", "Null", "NULL": return .null
            case "true", "True", "TRUE", "false", "False", "FALSE": return .boolean
            case let text:
                if let integer = Int(text) { return .integer(integer) }
                // Swift also reads the words nan and infinity as numbers.
                let isNumber = text.utf8.contains { (0x30...0x39).contains($0) } && Double(text) != nil
                return isNumber ? .number : .string(text)
            }
        }
    }
}

extension Tag {
    /// The explicit type; quotes count as one.
    fileprivate var named: String? { rawValue.isEmpty || rawValue == "!" ? nil : rawValue }
}
