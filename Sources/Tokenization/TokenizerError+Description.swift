internal import JSON

extension TokenizerError: CustomStringConvertible {
    /// One or two sentences: what was wrong, where, what was expected, what to do.
    public var description: String {
        switch self {
        case .malformed(let file, let fault):
            if case .tooLarge(_, let limit) = fault.reason {
                "\(file.rawValue) has more than \(limit) bytes, so it cannot be genuine. Download it again."
            } else {
                "\(file.rawValue) is not JSON: \(fault.reason.clause) at byte \(fault.offset). Download the file again."
            }
        case .missing(let file, let key):
            "\(file.rawValue) has no \(Self.shortened(key)), which is required. Check that it is this model's Hugging Face tokenizer."
        case .type(let file, let key, let expected, let found):
            "\(Self.shortened(key)) in \(file.rawValue) must be \(expected.words), not \(found.words)."
        case .repeatedKey(let file, let key):
            "\(Self.shortened(key)) appears twice in \(file.rawValue), so its value is ambiguous. Remove one."
        case .tooManyKeys(let file, let key, let limit):
            "\(key.isEmpty ? "The object" : Self.shortened(key)) in \(file.rawValue) has more than \(limit) keys, so it cannot be genuine. Download it again."
        case .badID(let file, let key, let found):
            "\(Self.shortened(key)) in \(file.rawValue) must be an integer from 0 to 2147483647, not \(Self.shortened(found))."
        case .badCount(let key, let found):
            "\(Self.shortened(key)) in tokenizer.json must be an integer from 0 to 2147483647, not \(Self.shortened(found))."
        case .repeatedID(let id, let key, let token):
            "\(Self.shortened(key)) in tokenizer.json gives the token \(Self.quoted(token)) the id \(id), which another token already has."
        case .badKey(let key):
            "\(Self.shortened(key)) in tokenizer_config.json must be a token's id, an integer in quotes."
        case .noFreeID(let token):
            "The token \(Self.quoted(token)) has no id, and none is left for it: tokenizer.json already uses 2147483647."
        case .vanishingToken(let token):
            "The normalizer in tokenizer.json reduces the added token \(Self.quoted(token)) to nothing, so it would match everywhere. Remove it."
        case .badMerge(let key, let found):
            "\(Self.shortened(key)) in tokenizer.json must be two tokens, \"a b\" or [\"a\", \"b\"], not \(Self.shortened(found))."
        case .missingToken(let key, let token):
            """
            \(Self.shortened(key)) in tokenizer.json needs the token \(Self.quoted(token)), which model.vocab lacks. \
            The file's model and vocabulary do not belong together.
            """
        case .unsupportedModel("Unigram"):
            """
            tokenizer.json holds a model of type Unigram, but only BPE is supported. None of the model families that this \
            program runs uses Unigram.
            """
        case .unsupportedModel(let type):
            "tokenizer.json holds a model of type \(Self.quoted(type)), but only BPE is supported. Check that it belongs to a decoder-only model."
        case .endlessPattern(let key, let pattern):
            """
            The pattern \(Self.quoted(pattern)), \(Self.shortened(key)) in tokenizer.json, takes too many steps in this text. Shorten the \
            text, or correct the pattern: it repeats two adjacent parts that match the same text.
            """
        case .unsupported(let key, let value):
            """
            tokenizer.json asks for \(Self.shortened(value)) at \(Self.shortened(key)), which is not supported. \
            Ignoring it would give wrong tokens.
            """
        }
    }

    /// A key or value of a file, cut where it is long: files can hold any length.
    static func shortened(_ text: String) -> String {
        let limit = 200
        let scalars = text.unicodeScalars.prefix(limit + 1)
        guard scalars.count > limit else { return text }
        return String(String.UnicodeScalarView(scalars.dropLast())) + "..."
    }

    /// The token in quotes, cut where it is long: files can hold any length.
    static func quoted(_ token: String) -> String {
        let limit = 60
        let scalars = token.unicodeScalars.prefix(limit + 1)
        guard scalars.count > limit else { return token.debugDescription }
        return String(String.UnicodeScalarView(scalars.dropLast())).debugDescription + "..."
    }
}

extension JSONKind {
    fileprivate var words: String {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .boolean: "true or false"
        case .null: "null"
        }
    }
}

extension JSONFault.Reason {
    /// The clause after a colon.
    fileprivate var clause: String {
        switch self {
        case .notUTF8: "the text is not UTF-8"
        case .tooLarge(_, let limit): "the text has more than \(limit) bytes"
        case .endsEarly: "the text ends too early"
        case .unexpected(let byte, let expected): "expected \(expected), found \(Self.shown(byte))"
        case .trailing(let byte): "expected the end, found \(Self.shown(byte))"
        case .tooDeep(let limit): "values are nested deeper than \(limit)"
        case .tooLong(let limit): "the text holds more than \(limit) values"
        case .controlCharacter: "a string holds a control character that is not escaped"
        case .badEscape: "a string holds an unknown escape"
        case .loneSurrogate: "a string holds half of a surrogate pair"
        case .badNumber: "a number is malformed"
        case .duplicateKey(let key): "the key \(TokenizerError.quoted(key)) appears twice"
        }
    }

    private static func shown(_ byte: UInt8) -> String {
        byte > 0x20 && byte < 0x7F ? "\"\(Unicode.Scalar(byte))\"" : "byte \(byte)"
    }
}
