import Foundation
import Yams

/// A value in a YAML file that knows where it stands, so that its errors name the file and the whole key, as
/// `transcoders[3].layer`.
struct YAMLValue {
    let file: URL
    let path: String
    private let node: Node

    /// No configuration of ours comes near; a parser that follows anchors and nesting should not be given more.
    private static let byteLimit = 1_000_000
    /// What errors call the whole of a file.
    private static let documentPath = "the document"

    /// The document at `url`.
    /// - Throws: `.unreadable`, `.notRegular`, `.notYAML`.
    init(contentsOf url: URL) throws(CheckpointError) {
        let bytes = try MappedFile(url: url).withBytes { Array($0.prefix(Self.byteLimit + 1)) }
        guard bytes.count <= Self.byteLimit else {
            throw .notYAML(file: url, line: nil, problem: "it is longer than \(Self.byteLimit) bytes")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .notYAML(file: url, line: nil, problem: "it is not UTF-8")
        }
        do {
            node = try Yams.compose(yaml: text) ?? .scalar(Node.Scalar("", .implicit, .plain))
        } catch {
            throw CheckpointError(yaml: error, file: url)
        }
        file = url
        path = Self.documentPath
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
        guard case .sequence(let sequence) = node else { throw mismatch("a list") }
        return sequence.enumerated().map { YAMLValue($1, path: "\(path)[\($0)]", file: file) }
    }

    var isMapping: Bool { node.mapping != nil }

    /// The members of a mapping whose keys are all `Key`s; those that are null are left out.
    /// - Throws: `.keyType`; `.unknownKey` for the first key, in alphabetical order, that is no `Key`.
    func members<Key>(_ keys: Key.Type) throws(CheckpointError) -> YAMLMembers<Key> {
        guard case .mapping(let mapping) = node else { throw mismatch("a mapping") }
        let prefix = path == Self.documentPath ? "" : path + "."
        var members: [String: YAMLValue] = [:]
        for (key, value) in mapping {
            let name = key.scalar?.string ?? "?"
            members[name] = YAMLValue(value, path: prefix + name, file: file)
        }
        let known = keys.allCases.map(\.rawValue)
        if let unknown = members.keys.sorted().first(where: { !known.contains($0) }) {
            throw .unknownKey(file: file, key: prefix + unknown, near: nearMisses(of: unknown, among: known))
        }
        return YAMLMembers(file: file, prefix: prefix, values: members.filter { $1.kind != .null })
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

    /// - Throws: `.missingKey`.
    func required(_ key: Key) throws(CheckpointError) -> YAMLValue {
        guard let value = self[key] else { throw .missingKey(file: file, key: prefix + key.rawValue) }
        return value
    }
}

// MARK: - Kinds

extension YAMLValue {
    /// What a node is, by YAML's core schema. (Yams can tell too, but compiles regular expressions to do so, which
    /// takes longer than the rest of a program's start.)
    private enum Kind: Equatable {
        case null, boolean, number, list, mapping
        case integer(Int)
        case string(String)

        var name: String {
            switch self {
            case .null: "null"
            case .boolean: "a boolean"
            case .number: "a number"
            case .list: "a list"
            case .mapping: "a mapping"
            case .integer: "an integer"
            case .string: "a string"
            }
        }
    }

    private var kind: Kind {
        switch node {
        case .mapping: return .mapping
        case .sequence: return .list
        case .alias: return .null
        case .scalar(let scalar):
            guard scalar.style == .plain else { return .string(scalar.string) }
            switch scalar.string {
            case "", "~", "null", "Null", "NULL": return .null
            case "true", "True", "TRUE", "false", "False", "FALSE": return .boolean
            case let text:
                if let integer = Int(text) { return .integer(integer) }
                return Double(text) == nil ? .string(text) : .number
            }
        }
    }
}

extension CheckpointError {
    /// What Yams says, with the line where it knows one.
    fileprivate init(yaml error: any Error, file: URL) {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self = .notYAML(file: file, line: mark.line, problem: problem)
        case .reader(let problem, _, _, _):
            self = .notYAML(file: file, line: nil, problem: problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            self = .notYAML(
                file: file, line: context.mark.line, problem: "the key \(duplicates.joined(separator: ", ")) is there twice")
        default:
            self = .notYAML(file: file, line: nil, problem: "\(error)")
        }
    }
}
