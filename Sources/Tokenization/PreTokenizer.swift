/// One stage of cutting a text into words.
enum PreTokenizer: Sendable {
    case split(Splitter)
    /// Bytes in place of letters; before that a space may be put before each piece, and GPT-2's expression may cut it.
    case byteLevel(addsPrefixSpace: Bool, splitter: Splitter?)

    /// GPT-2's expression, which `ByteLevel` uses unless told not to.
    private static let byteLevelExpression =
        #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

    /// The stages in order; the last one is `byteLevel`.
    static func stages(_ value: JSONValue?) throws(TokenizerError) -> [PreTokenizer] {
        let none = TokenizerError.unsupported(key: "pre_tokenizer", value: "cutting without a ByteLevel stage")
        guard let value else { throw none }
        let stages = try flattened(value)
        for stage in stages.dropLast() {
            if case .byteLevel = stage { throw .unsupported(key: value.path, value: "a stage after ByteLevel") }
        }
        guard case .byteLevel = stages.last else { throw none }
        return stages
    }

    private static func flattened(_ value: JSONValue) throws(TokenizerError) -> [PreTokenizer] {
        let type = try value.required("type")
        switch try type.string() {
        case "Sequence":
            var stages: [PreTokenizer] = []
            for element in try value.required("pretokenizers").elements() { stages += try flattened(element) }
            return stages
        case "Split":
            return [.split(try Splitter(value))]
        case "ByteLevel":
            let usesExpression = try value.flag("use_regex", default: true)
            return [
                .byteLevel(
                    addsPrefixSpace: try value.required("add_prefix_space").bool(),
                    splitter: usesExpression ? try Splitter(isolating: byteLevelExpression, key: value.path) : nil)
            ]
        case let name: throw .unsupported(key: type.path, value: name)
        }
    }

    /// Cuts `pieces` of `text` further; where the stage adds spaces, `text` becomes the text with them.
    func apply(to text: inout ScalarText, pieces: inout [Range<Int>]) {
        switch self {
        case .split(let splitter): pieces = splitter.split(text, pieces)
        case .byteLevel(let addsPrefixSpace, let splitter):
            if addsPrefixSpace { text = ScalarText(prefixingSpaces: text, pieces: &pieces) }
            if let splitter { pieces = splitter.split(text, pieces) }
        }
    }
}
