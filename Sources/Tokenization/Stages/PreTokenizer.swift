/// One stage of splitting a text into words.
enum PreTokenizer: Sendable {
    case split(Splitter)
    case metaspace(Metaspace)
    case byteLevel(ByteLevel)

    /// Bytes instead of letters; before that, a space may be put before each piece, and GPT-2's expression may split it.
    struct ByteLevel: Sendable {
        var addsPrefixSpace: Bool
        let splitter: Splitter?
        /// Writes bytes as letters (`ByteAlphabet`) for the stages that follow; after the last stage the model takes bytes.
        var writesLetters = false
    }

    /// GPT-2's expression, which `ByteLevel` uses by default.
    private static let byteLevelExpression =
        #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

    /// The stages in order.
    ///
    /// - Parameters:
    ///   - normalizer: what comes before them.
    ///   - addsPrefixSpace: replaces a lone `ByteLevel`'s `add_prefix_space`, by the tokenizer's class.
    static func stages(
        _ value: FileValue?, after normalizer: Normalizer, addsPrefixSpace: Bool? = nil
    ) throws(TokenizerError) -> [PreTokenizer] {
        guard let value else { return [] }
        var stages = try flattened(value)
        try StageLimit.check(stages.map(\.growth), key: value.path)
        var keepsBeginnings = normalizer.keepsBeginnings
        for index in stages.indices {
            switch stages[index] {
            case .split: break
            case .metaspace(let metaspace):
                guard metaspace.prefix != .first || keepsBeginnings else {
                    throw .unsupported(key: value.path, value: "prepend_scheme first after a stage that replaces or prepends")
                }
                keepsBeginnings = false
            case .byteLevel(var stage):
                stage.writesLetters = index < stages.count - 1
                // Inside a Sequence the file's flag stays.
                if let addsPrefixSpace, try value.required("type").string() == "ByteLevel" { stage.addsPrefixSpace = addsPrefixSpace }
                stages[index] = .byteLevel(stage)
                keepsBeginnings = false
            }
        }
        return stages
    }

    private static func flattened(_ value: FileValue) throws(TokenizerError) -> [PreTokenizer] {
        let type = try value.required("type")
        switch try type.string() {
        case "Sequence":
            var stages: [PreTokenizer] = []
            for element in try value.required("pretokenizers").elements() {
                stages += try flattened(element)
                try StageLimit.check(stages.map(\.growth), key: value.path)
            }
            return stages
        case "Split": return [.split(try Splitter(value))]
        case "Digits":
            let isEachApart = try value.flag("individual_digits", default: false)
            return [.split(Splitter(.scalars(.digit), isEachApart ? .isolated : .contiguous))]
        case "Punctuation":
            let behavior = try value.member("behavior").map(Splitter.Behavior.init) ?? .isolated
            return [.split(Splitter(.scalars(.punctuation), behavior))]
        case "WhitespaceSplit": return [.split(Splitter(.scalars(.whiteSpace), .removed))]
        case "Whitespace": return [.split(Splitter(.runs([.word, .other]), .removed, isInverted: true))]
        case "Metaspace": return [.metaspace(try Metaspace(value))]
        case "ByteLevel":
            let usesExpression = try value.flag("use_regex", default: true)
            return [
                .byteLevel(
                    ByteLevel(
                        addsPrefixSpace: try value.required("add_prefix_space").bool(),
                        splitter: usesExpression ? try Splitter(isolating: byteLevelExpression, key: value.path) : nil))
            ]
        case let name: throw .unsupported(key: type.path, value: name)
        }
    }

    var isByteLevel: Bool {
        if case .byteLevel = self { true } else { false }
    }

    /// How many times longer a text can become: letters have two bytes at most, like a space as a letter.
    private var growth: Int {
        switch self {
        case .split: 1
        case .metaspace(let metaspace): metaspace.growth
        case .byteLevel(let stage): stage.addsPrefixSpace ? 4 : 2
        }
    }

    /// Splits `pieces` of `text` further; if the stage rewrites the text, `text` becomes the result.
    ///
    /// - Parameter startsText: whether `text` begins the whole text.
    /// - Throws: `.endlessPattern`.
    func apply(
        to text: inout ScalarText, pieces: inout [Range<Int>], startsText: Bool, _ effort: inout MatchEffort
    ) throws(TokenizerError) {
        switch self {
        case .split(let splitter): pieces = try splitter.split(text, pieces, &effort)
        case .metaspace(let metaspace): try metaspace.apply(to: &text, pieces: &pieces, startsText: startsText, &effort)
        case .byteLevel(let stage): try stage.apply(to: &text, pieces: &pieces, &effort)
        }
    }
}

extension PreTokenizer.ByteLevel {
    fileprivate func apply(
        to text: inout ScalarText, pieces: inout [Range<Int>], _ effort: inout MatchEffort
    ) throws(TokenizerError) {
        if addsPrefixSpace {
            let space = UInt8(ascii: " ")
            text = ScalarText(rewriting: text, pieces: &pieces) { utf8, _ in
                utf8.first == space ? Array(utf8) : [space] + utf8
            }
        }
        if let splitter { pieces = try splitter.split(text, pieces, &effort) }
        guard writesLetters else { return }
        text = ScalarText(rewriting: text, pieces: &pieces) { utf8, _ in
            var letters: [UInt8] = []
            ByteAlphabet.append(lettersOf: utf8, to: &letters)
            return letters
        }
    }
}
