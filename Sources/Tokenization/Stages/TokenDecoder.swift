/// Turns token texts into a text: stages, each applied to the list of texts from the one before.
struct TokenDecoder: Sendable {
    private enum Stage {
        /// Each letter is a byte (`ByteAlphabet`); invalid UTF-8 becomes U+FFFD.
        case byteLevel
        /// Tokens such as `<0xE2>` are bytes; in a run that is not UTF-8 each becomes U+FFFD.
        case byteFallback
        case replace(ReplaceStage)
        case metaspace(first: ReplaceStage, rest: ReplaceStage)
        /// Joins all texts into one.
        case fuse
        /// Removes this character from the beginning of every text, at most this many times.
        case strip([UInt8], count: Int)
        /// Puts spaces between the texts: for a file without a decoder.
        case spaced

        /// How many times longer texts can become.
        var growth: Int {
            switch self {
            // Invalid UTF-8 becomes U+FFFD, three bytes.
            case .byteLevel: 3
            case .spaced: 2
            case .replace(let replacement): replacement.growth
            case .byteFallback, .metaspace, .fuse, .strip: 1
            }
        }
    }

    private let stages: [Stage]

    init(_ value: FileValue?) throws(TokenizerError) {
        stages = try value.map(Self.flattened) ?? [.spaced]
        if let value { try StageLimit.check(stages.map(\.growth), key: value.path) }
    }

    private static func flattened(_ value: FileValue) throws(TokenizerError) -> [Stage] {
        let type = try value.required("type")
        switch try type.string() {
        case "Sequence":
            var stages: [Stage] = []
            for element in try value.required("decoders").elements() {
                stages += try flattened(element)
                try StageLimit.check(stages.map(\.growth), key: value.path)
            }
            return stages
        case "ByteLevel": return [.byteLevel]
        case "ByteFallback": return [.byteFallback]
        case "Replace": return [.replace(try ReplaceStage(value))]
        case "Metaspace":
            let (first, rest) = try Metaspace(value).decoding
            return [.metaspace(first: first, rest: rest)]
        case "Fuse": return [.fuse]
        case "Strip": return [try strip(value)]
        case let name: throw .unsupported(key: type.path, value: name)
        }
    }

    private static func strip(_ value: FileValue) throws(TokenizerError) -> Stage {
        let content = try value.required("content")
        let character = try content.string()
        guard character.unicodeScalars.count == 1 else {
            throw .unsupported(key: content.path, value: "\(character.debugDescription), which is not one character,")
        }
        let stop = try value.required("stop")
        guard try stop.count() == 0 else { throw .unsupported(key: stop.path, value: "stripping the end of tokens") }
        return .strip(Array(character.utf8), count: try value.required("start").count())
    }

    /// Notices for the user.
    var notices: [String] {
        guard case .spaced? = stages.first else { return [] }
        return ["tokenizer.json has no decoder, so decoded tokens are separated by spaces, as in `tokenizers`."]
    }

    /// The text, in UTF-8, of tokens as the vocabulary has them.
    func decode(_ tokens: [ArraySlice<UInt8>]) -> [UInt8] {
        Array(stages.reduce(tokens) { texts, stage in Self.apply(stage, to: texts) }.joined())
    }

    private static func apply(_ stage: Stage, to texts: [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>] {
        switch stage {
        case .byteLevel:
            var bytes: [UInt8] = []
            for text in texts { ByteAlphabet.append(bytesOf: text, to: &bytes) }
            return [Array(String(decoding: bytes, as: UTF8.self).utf8)[...]]
        case .byteFallback: return ByteFallback.decode(texts)
        case .replace(let replacement): return texts.map(replacement.apply)
        case .metaspace(let first, let rest):
            return texts.prefix(1).map(first.apply) + texts.dropFirst().map(rest.apply)
        case .fuse: return [Array(texts.joined())[...]]
        case .spaced: return [Array(texts.joined(separator: [UInt8(ascii: " ")]))[...]]
        case .strip(let character, let count):
            return texts.map { text in
                var (rest, left) = (text, count)
                while left > 0, rest.starts(with: character) {
                    rest = rest.dropFirst(character.count)
                    left -= 1
                }
                return rest
            }
        }
    }

    /// Appends the bytes that a token stands for inside a text. A character may be split between tokens.
    func append(bytesOf token: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        var text = token
        for stage in stages {
            switch stage {
            case .byteLevel:
                var written: [UInt8] = []
                ByteAlphabet.append(bytesOf: text, to: &written)
                text = written[...]
            case .byteFallback: if let byte = ByteFallback.byte(of: text) { text = [byte] }
            case .replace(let replacement), .metaspace(_, let replacement): text = replacement.apply(to: text)
            case .fuse, .strip, .spaced: break
            }
        }
        bytes += text
    }
}
