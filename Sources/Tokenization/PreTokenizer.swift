/// One stage of cutting a text into words.
enum PreTokenizer: Sendable {
    case split(Splitter)
    case metaspace(Metaspace)
    /// Bytes in place of letters; before that a space may be put before each piece, and GPT-2's expression may cut it.
    case byteLevel(addsPrefixSpace: Bool, splitter: Splitter?)

    /// GPT-2's expression, which `ByteLevel` uses unless told not to.
    private static let byteLevelExpression =
        #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

    /// The stages in order; one that rewrites the text comes last.
    ///
    /// - Parameter normalizer: what comes before them.
    static func stages(_ value: JSONValue?, after normalizer: Normalizer) throws(TokenizerError) -> [PreTokenizer] {
        guard let value else { return [] }
        let stages = try flattened(value)
        for stage in stages.dropLast() {
            switch stage {
            case .split: break
            case .metaspace: throw .unsupported(key: value.path, value: "a stage after Metaspace")
            case .byteLevel: throw .unsupported(key: value.path, value: "a stage after ByteLevel")
            }
        }
        if case .metaspace(let metaspace) = stages.last, metaspace.prefix == .first, !normalizer.keepsBeginnings {
            throw .unsupported(key: value.path, value: "prepend_scheme first after a normalizer that replaces or prepends")
        }
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
        case "Metaspace":
            return [.metaspace(try Metaspace(value))]
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

    var isByteLevel: Bool {
        if case .byteLevel = self { true } else { false }
    }

    /// Cuts `pieces` of `text` further; where the stage rewrites it, `text` becomes the text that it writes.
    ///
    /// - Parameter startsText: whether `text` begins the whole text.
    func apply(to text: inout ScalarText, pieces: inout [Range<Int>], startsText: Bool) {
        switch self {
        case .split(let splitter): pieces = splitter.split(text, pieces)
        case .metaspace(let metaspace): metaspace.apply(to: &text, pieces: &pieces, startsText: startsText)
        case .byteLevel(let addsPrefixSpace, let splitter):
            if addsPrefixSpace {
                let space = UInt8(ascii: " ")
                text = ScalarText(rewriting: text, pieces: &pieces) { utf8, _ in
                    utf8.first == space ? Array(utf8) : [space] + utf8
                }
            }
            if let splitter { pieces = splitter.split(text, pieces) }
        }
    }
}
