internal import JSON

extension TokenizerError: CustomStringConvertible {
    /// One or two sentences: what was wrong, where, what was expected, what to do.
    public var description: String {
        switch self {
        case .malformed(let file, let fault):
            if case .tooLarge(_, let limit) = fault.reason {
                "\(file.rawValue) has more than \(limit) bytes, and no such file has. Download it again."
            } else {
                "\(file.rawValue) is not JSON: \(fault.reason.clause) at byte \(fault.offset). Download the file again."
            }
        case .missing(let file, let key):
            "\(file.rawValue) has no \(Self.shortened(key)), which is needed. Check that the file is a Hugging Face tokenizer of this model."
        case .type(let file, let key, let expected, let found):
            "\(Self.shortened(key)) in \(file.rawValue) must be \(expected.words), but it is \(found.words)."
        case .repeatedKey(let file, let key):
            "\(Self.shortened(key)) stands twice in \(file.rawValue), so its value is ambiguous. Remove one."
        case .tooManyKeys(let file, let key, let limit):
            "\(key.isEmpty ? "The object" : Self.shortened(key)) in \(file.rawValue) has more than \(limit) keys, and no such file has. Download it again."
        case .badID(let file, let key, let found):
            "\(Self.shortened(key)) in \(file.rawValue) must be an integer from 0 to 2147483647, but it is \(Self.shortened(found))."
        case .badCount(let key, let found):
            "\(Self.shortened(key)) in tokenizer.json must be an integer from 0 to 2147483647, but it is \(Self.shortened(found))."
        case .repeatedID(let id, let key, let token):
            "\(Self.shortened(key)) in tokenizer.json gives the token \(Self.quoted(token)) the id \(id), which another token already has."
        case .badKey(let key):
            "\(Self.shortened(key)) in tokenizer_config.json must be a token's id, an integer in quotes."
        case .noFreeID(let token):
            "The token \(Self.quoted(token)) has no id, and there is none left to give it: tokenizer.json has one of 2147483647."
        case .vanishingToken(let token):
            "The normalizer in tokenizer.json leaves nothing of the added token \(Self.quoted(token)), so it would be found everywhere. Remove it."
        case .badMerge(let key, let found):
            "\(Self.shortened(key)) in tokenizer.json must be two tokens, \"a b\" or [\"a\", \"b\"], but it is \(Self.shortened(found))."
        case .missingToken(let key, let token):
            """
            \(Self.shortened(key)) in tokenizer.json needs the token \(Self.quoted(token)), which model.vocab lacks. \
            The file's model and vocabulary do not belong together.
            """
        case .unsupportedModel("Unigram"):
            """
            tokenizer.json holds a model of type Unigram, and only BPE is read here: it would need the most probable cut of a \
            text by the scores of the tokens. No family of models that this program runs is published with one.
            """
        case .unsupportedModel(let type):
            "tokenizer.json holds a model of type \(Self.quoted(type)), and only BPE is read here. Check that it is of a decoder-only model."
        case .endlessPattern(let key, let pattern):
            """
            The pattern \(Self.quoted(pattern)), \(Self.shortened(key)) in tokenizer.json, goes on and on in this text without finding \
            what it looks for. Shorten the text, or mend the pattern: something repeated stands in it beside another that matches the same.
            """
        case .unsupported(let key, let value):
            """
            tokenizer.json asks for \(Self.shortened(value)) at \(Self.shortened(key)), which is not supported: \
            going on without it would give wrong tokens.
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
        case .duplicateKey(let key): "the key \(TokenizerError.quoted(key)) is there twice"
        }
    }

    private static func shown(_ byte: UInt8) -> String {
        byte > 0x20 && byte < 0x7F ? "\"\(Unicode.Scalar(byte))\"" : "byte \(byte)"
    }
}
