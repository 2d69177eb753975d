internal import Foundation

/// The ids a model's makers gave a role, which is not every added token that is marked special.
public struct SpecialTokens: Sendable, Equatable {
    public let beginning: Int?
    public let end: Int?
    public let padding: Int?
    public let unknown: Int?
    public let additional: [Int]

    public init(beginning: Int?, end: Int?, padding: Int?, unknown: Int?, additional: [Int]) {
        self.beginning = beginning
        self.end = end
        self.padding = padding
        self.unknown = unknown
        self.additional = additional
    }

    /// Each id once, in the order beginning, end, unknown, padding, additional.
    public var all: [Int] {
        var seen: Set<Int> = []
        return ([beginning, end, unknown, padding].compactMap { $0 } + additional).filter { seen.insert($0).inserted }
    }
}

extension SpecialTokens {
    /// Reads special_tokens_map.json, or tokenizer_config.json where there is none; with neither, no token has a role.
    ///
    /// - Parameter id: the id of a token's text, in UTF-8.
    init(map: Data?, config: Data?, id: (ArraySlice<UInt8>) -> Int32?) throws(TokenizerError) {
        let root: JSONValue
        if let map {
            root = try JSONDocument(map, file: .specialTokensMap).root
        } else if let config {
            root = try JSONDocument(config, file: .config).root
        } else {
            self.init(beginning: nil, end: nil, padding: nil, unknown: nil, additional: [])
            return
        }
        var additional: [Int] = []
        if let list = try root.member("additional_special_tokens") {
            for token in try list.elements() { additional.append(try Self.lookUp(token, id)) }
        }
        self.init(
            beginning: try Self.token(root, "bos_token", id), end: try Self.token(root, "eos_token", id),
            padding: try Self.token(root, "pad_token", id), unknown: try Self.token(root, "unk_token", id),
            additional: additional)
    }

    private static func token(
        _ root: JSONValue, _ name: String, _ id: (ArraySlice<UInt8>) -> Int32?
    ) throws(TokenizerError) -> Int? {
        guard let value = try root.member(name) else { return nil }
        return try lookUp(value, id)
    }

    /// A token is its text, or an object that has it as `content`.
    private static func lookUp(
        _ value: JSONValue, _ id: (ArraySlice<UInt8>) -> Int32?
    ) throws(TokenizerError) -> Int {
        let text = value.kind == .object ? try value.required("content") : value
        let content = try text.utf8()
        guard let id = id(content[...]) else {
            throw .unknownSpecialToken(
                value.document.file, key: text.path, token: String(decoding: content, as: UTF8.self))
        }
        return Int(id)
    }
}
