import Foundation
internal import JSON
import Yams

/// A YAML file, read by Yams but guarded against input that would make reading it endless.
struct YAMLText {
    let root: Node

    /// Far longer than any configuration; a recursive parser should not be given more.
    private static let byteLimit = 1_000_000

    /// The document at `url`.
    /// - Throws: `.unreadable`, `.notRegular`, `.notYAML`.
    init(contentsOf url: URL) throws(CheckpointError) {
        let bytes = try PlainFile.bytes(of: url, limit: Self.byteLimit) { _ in
            .notYAML(file: url, line: nil, problem: "it is longer than \(Self.byteLimit) bytes")
        }.withoutByteOrderMark
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .notYAML(file: url, line: nil, problem: "it is not UTF-8")
        }
        if let alias = Self.alias(in: bytes) {
            throw .notYAML(
                file: url, line: alias.line, problem: "aliases such as *\(alias.name) are not supported; write out the value")
        }
        do {
            // The default resolver matches every key with nine regular expressions, to find duplicates.
            root = try Yams.compose(yaml: text, .basic) ?? .scalar(Node.Scalar("", .implicit, .plain))
        } catch {
            throw CheckpointError(yaml: error, file: url)
        }
    }

    /// An alias that may refer to an anchor in the text. A few nested aliases, expanded, fill any memory, so the parser must
    /// not see them; text that only looks like both is refused too.
    private static func alias(in bytes: [UInt8]) -> (name: String, line: Int)? {
        var anchors: Set<ArraySlice<UInt8>> = []
        var line = 1
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "\n") { line += 1 }
            guard byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*") else { continue }
            let name = bytes[(index + 1)...].prefix(while: \.isInAnchors)
            guard !name.isEmpty else { continue }
            if byte == UInt8(ascii: "&") {
                anchors.insert(name)
            } else if anchors.contains(name) {
                return (String(decoding: name, as: UTF8.self), line)
            }
        }
        return nil
    }
}

extension UInt8 {
    /// The characters that libyaml allows in an anchor's name.
    fileprivate var isInAnchors: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

extension CheckpointError {
    /// The error from Yams, with the line if there is one.
    fileprivate init(yaml error: any Error, file: URL) {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self = .notYAML(file: file, line: mark.line, problem: problem)
        case .reader(let problem, _, _, _):
            self = .notYAML(file: file, line: nil, problem: problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            self = .notYAML(
                file: file, line: context.mark.line, problem: "the key \(duplicates.joined(separator: ", ")) appears twice")
        default:
            self = .notYAML(file: file, line: nil, problem: "\(error)")
        }
    }
}
